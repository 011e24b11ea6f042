// Vectors of the width that TUTTI_LEVEL_LANES says, and what loops do with them. Included by the .cpp of one
// generation of processors, with TUTTI_LEVEL as its namespace. Nothing here may come from the standard
// library but types: an inline function of it, compiled for a new processor, could end up in code that runs
// on an old one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#ifdef __SSE2__
#include <immintrin.h>
#endif

#define TUTTI_INLINE inline __attribute__((always_inline))

#ifdef __clang__
#define TUTTI_UNROLL _Pragma("clang loop unroll(full)")
#else
#define TUTTI_UNROLL _Pragma("GCC unroll 16")
#endif

namespace tutti::cpu::TUTTI_LEVEL {

namespace {

inline constexpr int width = TUTTI_LEVEL_LANES;
using Vector = float __attribute__((vector_size(4 * width), may_alias));
using Integers = std::int32_t __attribute__((vector_size(4 * width), may_alias));
using Pairs = std::int64_t __attribute__((vector_size(4 * width), may_alias));

/// A vector anywhere in memory.
struct __attribute__((packed, may_alias)) UnalignedVector {
    Vector value;
};

TUTTI_INLINE Vector load(const float* from) { return *reinterpret_cast<const Vector*>(from); }
TUTTI_INLINE Vector load_anywhere(const float* from) {
    return reinterpret_cast<const UnalignedVector*>(from)->value;
}
TUTTI_INLINE void store(float* to, Vector value) { *reinterpret_cast<Vector*>(to) = value; }
TUTTI_INLINE void store_anywhere(float* to, Vector value) {
    reinterpret_cast<UnalignedVector*>(to)->value = value;
}

TUTTI_INLINE Vector splat(float value) { return value - Vector{}; }

TUTTI_INLINE Integers bits_of(Vector value) { return __builtin_bit_cast(Integers, value); }
TUTTI_INLINE Vector from_bits(Integers bits) { return __builtin_bit_cast(Vector, bits); }

/// Lanes of a where the mask has ones, of b where it has zeros.
TUTTI_INLINE Vector select(Integers mask, Vector a, Vector b) { return mask ? a : b; }
/// Zero where the mask has zeros.
TUTTI_INLINE Vector keep(Integers mask, Vector a) { return from_bits(bits_of(a) & mask); }

TUTTI_INLINE Vector least(Vector a, Vector b) { return a < b ? a : b; }
TUTTI_INLINE Vector greatest(Vector a, Vector b) { return a > b ? a : b; }

#ifdef __SSE2__
TUTTI_INLINE void finish_stores_past_cache() { _mm_sfence(); }
#endif

/// Whether any lane of a mask has ones; 1 / x, within 2e-7 relative, of numbers from 1e-30 to 1e30; square
/// root; stores that do not go through the caches, to be finished before another thread reads them.
#if defined(__AVX512DQ__)
inline constexpr __mmask16 all_lanes = 0xffff;  // without a mask GCC 12 warns of its own header (bug 105593)
TUTTI_INLINE bool any(Integers mask) { return _mm512_movepi32_mask(__builtin_bit_cast(__m512i, mask)) != 0; }
TUTTI_INLINE Vector per(Vector x) {
    const auto y =
        __builtin_bit_cast(Vector, _mm512_maskz_rcp14_ps(all_lanes, __builtin_bit_cast(__m512, x)));
    return y + y * (1.0F - x * y);
}
TUTTI_INLINE Vector root(Vector x) {
    return __builtin_bit_cast(Vector, _mm512_maskz_sqrt_ps(all_lanes, __builtin_bit_cast(__m512, x)));
}
TUTTI_INLINE void store_past_cache(float* to, Vector value) {
    _mm512_stream_ps(to, __builtin_bit_cast(__m512, value));
}
#elif defined(__AVX2__)
TUTTI_INLINE bool any(Integers mask) { return _mm256_movemask_ps(__builtin_bit_cast(__m256, mask)) != 0; }
TUTTI_INLINE Vector per(Vector x) {
    const auto y = __builtin_bit_cast(Vector, _mm256_rcp_ps(__builtin_bit_cast(__m256, x)));
    return y + y * (1.0F - x * y);
}
TUTTI_INLINE Vector root(Vector x) {
    return __builtin_bit_cast(Vector, _mm256_sqrt_ps(__builtin_bit_cast(__m256, x)));
}
TUTTI_INLINE void store_past_cache(float* to, Vector value) {
    _mm256_stream_ps(to, __builtin_bit_cast(__m256, value));
}
#elif defined(__SSE2__)
TUTTI_INLINE bool any(Integers mask) { return _mm_movemask_ps(__builtin_bit_cast(__m128, mask)) != 0; }
TUTTI_INLINE Vector per(Vector x) { return 1.0F / x; }
TUTTI_INLINE Vector root(Vector x) {
    return __builtin_bit_cast(Vector, _mm_sqrt_ps(__builtin_bit_cast(__m128, x)));
}
TUTTI_INLINE void store_past_cache(float* to, Vector value) {
    _mm_stream_ps(to, __builtin_bit_cast(__m128, value));
}
#else
TUTTI_INLINE void store_past_cache(float* to, Vector value) { store(to, value); }
TUTTI_INLINE void finish_stores_past_cache() {}
TUTTI_INLINE bool any(Integers mask) {
    std::int32_t all = 0;
    for (int i = 0; i < width; ++i) all |= mask[i];
    return all != 0;
}
TUTTI_INLINE Vector per(Vector x) { return 1.0F / x; }
TUTTI_INLINE Vector root(Vector x) {
    for (int i = 0; i < width; ++i) x[i] = __builtin_sqrtf(x[i]);
    return x;
}
#endif

template <std::size_t... lane>
TUTTI_INLINE Vector reversed(Vector a, std::index_sequence<lane...> /*lanes*/) {
    return __builtin_shufflevector(a, a, (width - 1 - static_cast<int>(lane))...);
}
TUTTI_INLINE Vector reversed(Vector a) { return reversed(a, std::make_index_sequence<width>()); }

/// a0 b0 a1 b1 ..., its first or second half.
template <int half, std::size_t... lane>
TUTTI_INLINE Vector interleaved(Vector a, Vector b, std::index_sequence<lane...> /*lanes*/) {
    return __builtin_shufflevector(
        a, b, (static_cast<int>(lane) / 2 + half * width / 2 + static_cast<int>(lane) % 2 * width)...);
}
template <int half>
TUTTI_INLINE Vector interleaved(Vector a, Vector b) {
    return interleaved<half>(a, b, std::make_index_sequence<width>());
}

template <int distance, std::size_t... lane>
TUTTI_INLINE void swap_blocks(Vector& a, Vector& b, std::index_sequence<lane...> /*lanes*/) {
    const Vector low = __builtin_shufflevector(
        a, b,
        ((lane & distance) != 0 ? static_cast<int>(width + lane - distance) : static_cast<int>(lane))...);
    const Vector high = __builtin_shufflevector(
        a, b,
        ((lane & distance) != 0 ? static_cast<int>(width + lane) : static_cast<int>(lane + distance))...);
    a = low;
    b = high;
}

template <int distance>
TUTTI_INLINE void transpose_from(Vector (&rows)[width]) {
    for (int i = 0; i < width; ++i) {
        if ((i & distance) == 0) {
            swap_blocks<distance>(rows[i], rows[i + distance], std::make_index_sequence<width>());
        }
    }
    if constexpr (distance > 1) transpose_from<distance / 2>(rows);
}

/// Row i, lane k becomes row k, lane i.
TUTTI_INLINE void transpose(Vector (&rows)[width]) { transpose_from<width / 2>(rows); }

/// 2^e f with f in [sqrt(1/2), sqrt(2)), of numbers that are positive and not denormal.
struct Parts {
    Vector exponent;
    Vector fraction;
};
TUTTI_INLINE Parts parts_of(Vector x) {
    constexpr std::int32_t half_root_bits = 0x3f3504f3;
    const Integers exponent = (bits_of(x) - half_root_bits) >> 23;
    return {__builtin_convertvector(exponent, Vector), from_bits(bits_of(x) - (exponent << 23))};
}

/// log2(1 + f) for f in [sqrt(1/2) - 1, sqrt(2) - 1]: a minimax polynomial, 2.6e-8 relative.
TUTTI_INLINE Vector log2_near_one(Vector f) {
    Vector p = 1.258364455e-01F * f - 2.072694658e-01F;
    p = p * f + 2.157156894e-01F;
    p = p * f - 2.389448666e-01F;
    p = p * f + 2.879162444e-01F;
    p = p * f - 3.607036807e-01F;
    p = p * f + 4.809106430e-01F;
    p = p * f - 7.213473468e-01F;
    p = p * f + 1.442695004F;
    return p * f;
}

/// Within 2.5e-7 relative, or one part in 2^24 of the exponent: of positive numbers that are not denormal.
TUTTI_INLINE Vector log2(Vector x) {
    const Parts parts = parts_of(x);
    return parts.exponent + log2_near_one(parts.fraction - 1.0F);
}

/// log2(1 + r) for r >= 0, as exact for small r: 2.5e-7 relative.
TUTTI_INLINE Vector log2_1p(Vector r) {
    const Parts parts = parts_of(1.0F + r);
    const Vector f = select(parts.exponent == 0.0F, r, parts.fraction - 1.0F);
    return parts.exponent + log2_near_one(f);
}

/// 2^y - 1, as exact for small y, and 2^y: 2.5e-7 relative for -126 <= y <= 126; limited to that outside.
struct Power {
    Vector less_one;
    Vector value;
};
TUTTI_INLINE Power exp2_both(Vector y) {
    constexpr float rounder = 12582912.0F;  // 1.5 * 2^23: adding it leaves no digits behind the point
    y = least(greatest(y, splat(-126.0F)), splat(126.0F));
    const Vector shifted = y + rounder;
    const Vector t = y - (shifted - rounder);
    const Vector whole = from_bits((bits_of(shifted) << 23) + 0x3f800000);
    Vector p = 1.540351113e-04F * t + 1.339073547e-03F;
    p = p * t + 9.618237499e-03F;
    p = p * t + 5.550357434e-02F;
    p = p * t + 2.402264979e-01F;
    p = p * t + 6.931471879e-01F;
    const Vector q = p * t;
    return {whole * q + (whole - 1.0F), whole * q + whole};
}
TUTTI_INLINE Vector exp2(Vector y) { return exp2_both(y).value; }
TUTTI_INLINE Vector exp2_m1(Vector y) { return exp2_both(y).less_one; }

}  // namespace

}  // namespace tutti::cpu::TUTTI_LEVEL
