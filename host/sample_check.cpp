#include "host/sample_check.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

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
