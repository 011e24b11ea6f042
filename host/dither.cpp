#include "host/dither.hpp"

#include <algorithm>
#include <cmath>

namespace tutti {

namespace {

/// Chris Wellons' lowbias32: a bijection of 32 bits with a bias near the least that two multiplications can
/// reach.
inline std::uint32_t scramble(std::uint32_t x) {
    x ^= x >> 16U;
    x *= 0x7FEB352DU;
    x ^= x >> 15U;
    x *= 0x846CA68BU;
    x ^= x >> 16U;
    return x;
}

/// Rounds to the nearest whole number, ties to even, for magnitudes below 2^51: adding 1.5 * 2^52 leaves no
/// bits for a fraction. Unlike nearbyint() it vectorises on every x86-64.
inline double round_to_nearest(double x) {
    constexpr double no_fraction = 6755399441055744.0;
    return (x + no_fraction) - no_fraction;
}

}  // namespace

DitheringQuantizer::DitheringQuantizer(int bits, int channel) : bits_(bits), channel_(channel) {}

std::int64_t DitheringQuantizer::quantize(std::span<const float> samples, std::int64_t first_frame,
                                          std::int32_t* out, std::ptrdiff_t stride) const {
    const double scale = std::ldexp(1.0, bits_ - 1);
    const double greatest = scale - 1.0;
    const double least = -scale;
    const std::int32_t to_high_bits = std::int32_t{1} << (32 - bits_);
    constexpr double lsb_per_step = 1.0 / 65536.0;
    std::int64_t overs = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto frame = static_cast<std::uint64_t>(first_frame) + i;
        const std::uint32_t key = scramble(static_cast<std::uint32_t>(frame >> 32U) * 64U +
                                           static_cast<std::uint32_t>(channel_) + 1U);
        const std::uint32_t noise = scramble(scramble(static_cast<std::uint32_t>(frame)) + key);
        // Two independent uniform numbers, 0 ... 65535 each: their sum less its mean is triangular.
        const auto triangular = static_cast<std::int32_t>((noise & 0xFFFFU) + (noise >> 16U)) - 65535;
        const double wanted =
            round_to_nearest(static_cast<double>(samples[i]) * scale + triangular * lsb_per_step);
        overs += static_cast<std::int64_t>(wanted > greatest) + static_cast<std::int64_t>(wanted < least);
        out[static_cast<std::ptrdiff_t>(i) * stride] =
            static_cast<std::int32_t>(std::clamp(wanted, least, greatest)) * to_high_bits;
    }
    return overs;
}

}  // namespace tutti
