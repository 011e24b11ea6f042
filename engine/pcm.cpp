#include "engine/pcm.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "engine/errors.hpp"

namespace tutti {

namespace {

/// A sample's bytes in the upper bytes of a word.
template <int byte_count, bool is_big_endian>
std::uint32_t load_upper(const std::byte* at) {
    std::uint32_t bits = 0;
    for (int i = 0; i < byte_count; ++i) {
        const int place = is_big_endian ? 24 - 8 * i : 32 - 8 * (byte_count - i);
        bits |= std::to_integer<std::uint32_t>(at[i]) << static_cast<unsigned>(place);
    }
    return bits;
}

/// Calls work(load) with how samples of the format are loaded.
template <typename Work>
auto with_loader(const PcmFormat& format, const Work& work) {
    const auto of = [&](auto byte_count) {
        if (format.is_big_endian) {
            return work(
                [](const std::byte* at) { return load_upper<decltype(byte_count)::value, true>(at); });
        }
        return work([](const std::byte* at) { return load_upper<decltype(byte_count)::value, false>(at); });
    };
    switch (format.bytes()) {
        case 2:
            return of(std::integral_constant<int, 2>{});
        case 3:
            return of(std::integral_constant<int, 3>{});
        default:
            return of(std::integral_constant<int, 4>{});
    }
}

}  // namespace

void read_pcm_channel(const PcmFormat& format, std::span<const std::byte> interleaved, int channel_count,
                      int channel, std::span<float> plane) {
    const auto stride = static_cast<std::size_t>(format.bytes()) * channel_count;
    TUTTI_CHECK(interleaved.size() >= plane.size() * stride && channel < channel_count);
    const std::byte* const first = interleaved.data() + static_cast<std::size_t>(format.bytes()) * channel;
    with_loader(format, [&](const auto& load) {
        if (format.sample == PcmSample::float32) {
            for (std::size_t i = 0; i < plane.size(); ++i) {
                const std::uint32_t bits = load(first + i * stride);
                std::memcpy(&plane[i], &bits, sizeof bits);
            }
            return;
        }
        constexpr float step = 1.0F / 2147483648.0F;
        for (std::size_t i = 0; i < plane.size(); ++i) {
            plane[i] = static_cast<float>(static_cast<std::int32_t>(load(first + i * stride))) * step;
        }
    });
}

bool is_pcm_silent(const PcmFormat& format, std::span<const std::byte> interleaved, int channel_count,
                   int channel) {
    const auto stride = static_cast<std::size_t>(format.bytes()) * channel_count;
    const auto offset = static_cast<std::size_t>(format.bytes()) * channel;
    const unsigned without_sign = format.sample == PcmSample::float32 ? 1 : 0;
    return with_loader(format, [&](const auto& load) {
        for (std::size_t at = offset; at < interleaved.size(); at += stride) {
            if (load(interleaved.data() + at) << without_sign != 0) return false;
        }
        return true;
    });
}

}  // namespace tutti
