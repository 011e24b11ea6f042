#include "host/sample_check.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "host/lanes.hpp"

namespace tutti {

namespace {

/// Without their sign, floats are ordered as their bits are, infinity and NaN on top: one integer maximum
/// finds the peak and everything that is not finite.
TUTTI_MULTIVERSION std::uint32_t greatest_bits(const float* samples, std::size_t count) {
    std::uint32_t greatest = 0;
    for (std::size_t i = 0; i < count; ++i)
        greatest = std::max(greatest, std::bit_cast<std::uint32_t>(samples[i]) & 0x7FFFFFFFU);
    return greatest;
}

}  // namespace

float peak_magnitude(std::span<const float> samples) {
    return std::bit_cast<float>(greatest_bits(samples.data(), samples.size()));
}

std::size_t first_nonfinite(std::span<const float> samples) {
    const auto found =
        std::find_if(samples.begin(), samples.end(), [](float x) { return !std::isfinite(x); });
    return static_cast<std::size_t>(found - samples.begin());
}

std::int64_t zero_nonfinite(std::span<float> samples) {
    std::int64_t count = 0;
    for (float& sample : samples) {
        if (std::isfinite(sample)) continue;
        sample = 0.0F;
        ++count;
    }
    return count;
}

namespace {

/// Greatest magnitude of the uppermost bytes, a negative one's less 1. Every byte's, as if it were one of
/// them, and those picked out at the end: so it is one loop without shuffling, of many bytes at a time.
int greatest_upper_byte(const PcmFormat& format, std::span<const std::byte> samples) {
    constexpr std::size_t lane_count = 96;  // a whole number of samples of 2, 3 or 4 bytes
    std::array<std::uint8_t, lane_count> greatest{};
    const auto take = [&](std::size_t first, std::size_t count) {
        for (std::size_t lane = 0; lane < count; ++lane) {
            const auto byte = std::to_integer<std::uint8_t>(samples[first + lane]);
            const auto magnitude = static_cast<std::uint8_t>(byte ^ (byte >= 128 ? 255 : 0));
            greatest[lane] = std::max(greatest[lane], magnitude);
        }
    };
    std::size_t first = 0;
    for (; first + lane_count <= samples.size(); first += lane_count) take(first, lane_count);
    take(first, samples.size() - first);
    int found = 0;
    const auto stride = static_cast<std::size_t>(format.bytes());
    for (std::size_t lane = format.is_big_endian ? 0 : stride - 1; lane < lane_count; lane += stride) {
        found = std::max(found, int{greatest[lane]});
    }
    return found;
}

/// Without their sign.
std::uint32_t magnitude_bits(const PcmFormat& format, const std::byte* sample) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, sample, sizeof bits);
    const bool is_swapped = format.is_big_endian == (std::endian::native == std::endian::little);
    return (is_swapped ? __builtin_bswap32(bits) : bits) & 0x7FFFFFFFU;
}

float peak_of_floats(const PcmFormat& format, std::span<const std::byte> samples) {
    std::uint32_t greatest = 0;
    for (std::size_t at = 0; at + sizeof(float) <= samples.size(); at += sizeof(float)) {
        greatest = std::max(greatest, magnitude_bits(format, &samples[at]));
    }
    return std::bit_cast<float>(greatest);
}

}  // namespace

PcmLook look_at_pcm(const PcmFormat& format, std::span<const std::byte> samples) {
    if (format.sample == PcmSample::float32) {
        const float peak = peak_of_floats(format, samples);
        return {peak, !(peak < 1.0F)};
    }
    const int upper = greatest_upper_byte(format, samples);
    const auto is_zero = [](std::byte byte) { return byte == std::byte{0}; };
    if (upper == 0 && std::all_of(samples.begin(), samples.end(), is_zero)) return {0.0F, false};
    return {static_cast<float>(upper + 1) / 128.0F, upper == 127};
}

void zero_nonfinite(const PcmFormat& format, std::span<std::byte> samples) {
    if (format.sample != PcmSample::float32) return;
    for (std::size_t at = 0; at + sizeof(float) <= samples.size(); at += sizeof(float)) {
        if (magnitude_bits(format, &samples[at]) < 0x7F800000U) continue;
        std::fill_n(samples.begin() + static_cast<std::ptrdiff_t>(at), sizeof(float), std::byte{0});
    }
}

std::int64_t ClippedRuns::count(std::span<const float> samples, float peak) {
    constexpr std::int64_t shortest_run = 3;
    if (samples.empty()) return 0;
    if (peak < full_scale_) {
        sign_ = 0;
        return 0;
    }
    std::int64_t runs = 0;
    for (const float sample : samples) {
        const int sign = sample >= full_scale_ ? 1 : sample <= -full_scale_ ? -1 : 0;
        length_ = sign == sign_ ? length_ + 1 : 1;
        sign_ = sign;
        if (sign != 0 && length_ == shortest_run) ++runs;
    }
    return runs;
}

}  // namespace tutti
