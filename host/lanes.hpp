#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "engine/backend.hpp"

/// Compiles a function for several instruction sets; the loader picks the best one the CPU has. The functions
/// marked with it loop over lanes with a constant trip count, so that every lane takes the same instructions.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define TUTTI_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TUTTI_MULTIVERSION
#endif

namespace tutti {

/// Gain curves that are shaped side by side.
inline constexpr int lane_count = 16;

/// Hops that are shaped at a time: [hop][lane] rows of it stay in the first-level cache.
inline constexpr int block_hops = 64;

/// One value per lane.
template <typename T>
struct alignas(64) Lanes {
    T at[lane_count] = {};
    T& operator[](int lane) { return at[lane]; }
    const T& operator[](int lane) const { return at[lane]; }
};

/// Base-2 logarithm of a positive normal number, within 2e-6 (1.2e-5 dB): atanh series in (m - 1) / (m + 1)
/// of the mantissa m in [sqrt(1/2), sqrt(2)); the first term left out is 2 / (9 ln 2) 0.1716^9 = 4.1e-8.
inline float fast_log2(float x) {
    constexpr std::int32_t sqrt_half_bits = 0x3F3504F3;
    const std::int32_t shifted = std::bit_cast<std::int32_t>(x) - sqrt_half_bits;
    const auto exponent = static_cast<float>(shifted >> 23);
    const float m = std::bit_cast<float>((shifted & 0x7FFFFF) + sqrt_half_bits);
    const float s = (m - 1.0F) / (m + 1.0F);
    const float s2 = s * s;
    constexpr float k = 2.88539008F;  // 2 / ln 2
    return exponent + s * (k + s2 * (k / 3.0F + s2 * (k / 5.0F + s2 * (k / 7.0F))));
}

/// 2 to the power of x in [-126, 126], within a relative 3e-7; 1 exactly at 0. Taylor series of degree 6 in r
/// ln 2, |r| <= 1/2; the first term left out is (0.5 ln 2)^7 / 7! = 1.2e-7.
inline float fast_exp2(float x) {
    constexpr float round_to_integer =
        12582912.0F;  // 1.5 * 2^23: adding it leaves the integer in the low bits
    const float shifted = x + round_to_integer;
    const float t = (x - (shifted - round_to_integer)) * 0.693147181F;
    const float p =
        1.0F + t * (1.0F + t * (0.5F + t * (1.0F / 6.0F +
                                            t * (1.0F / 24.0F + t * (1.0F / 120.0F + t * (1.0F / 720.0F))))));
    const std::int32_t exponent = (std::bit_cast<std::int32_t>(shifted) - 0x4B400000) * (1 << 23);
    return std::bit_cast<float>(std::bit_cast<std::int32_t>(p) + exponent);
}

inline constexpr float log2_to_peak_db = 6.02059991F;         ///< 20 log10(2)
inline constexpr float log2_to_mean_square_db = 3.01029996F;  ///< 10 log10(2)
inline constexpr float reduction_db_to_log2 = -0.166096405F;  ///< -log2(10) / 20

/// Factor that a one-pole filter of this time constant multiplies its distance from a constant input by, per
/// frame: 1 / e per time constant. 0 for a time constant of 0.
inline double one_pole_factor(double time_ms, int sample_rate_hz) {
    return time_ms > 0.0 ? std::exp(-1000.0 / (time_ms * sample_rate_hz)) : 0.0;
}

/// Whole control hops nearest to a time.
inline int nearest_hops(double time_ms, int sample_rate_hz) {
    return static_cast<int>(std::lround(time_ms * 1e-3 * sample_rate_hz / control_hop));
}

/// Whole control hops that cover a time.
inline int covering_hops(double time_ms, int sample_rate_hz) {
    return static_cast<int>(std::ceil(time_ms * 1e-3 * sample_rate_hz / control_hop - 1e-9));
}

}  // namespace tutti
