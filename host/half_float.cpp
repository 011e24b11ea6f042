#include "host/half_float.hpp"

#include <bit>

namespace tutti {

namespace {

constexpr std::uint32_t half_infinity = 0x7c00;
constexpr std::uint32_t half_not_a_number = 0x7e00;
constexpr int fraction_shift = 23 - 10;
constexpr std::uint32_t exponent_rebias = (127 - 15) << 10;

}  // namespace

std::uint16_t to_half(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16) & 0x8000U;
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    if (magnitude > 0x7f800000U) return static_cast<std::uint16_t>(sign | half_not_a_number);
    if (magnitude >= 0x47800000U) return static_cast<std::uint16_t>(sign | half_infinity);  // 65536
    if (magnitude < 0x38800000U) {
        // Below 2^-14: adding 0.5 brings the bit of 2^-24 to the end of the fraction, rounded as floats are.
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000U));
    }
    const std::uint32_t to_even = (magnitude >> fraction_shift) & 1U;
    const std::uint32_t rounded = magnitude + (1U << (fraction_shift - 1)) - 1U + to_even;
    return static_cast<std::uint16_t>(sign | ((rounded >> fraction_shift) - exponent_rebias));
}

float from_half(std::uint16_t half) {
    const std::uint32_t sign = (half & 0x8000U) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1fU;
    const std::uint32_t fraction = half & 0x3ffU;
    if (exponent == 0) {
        const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
    }
    if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000U | (fraction << fraction_shift));
    return std::bit_cast<float>(sign | ((exponent + 127 - 15) << 23) | (fraction << fraction_shift));
}

}  // namespace tutti
