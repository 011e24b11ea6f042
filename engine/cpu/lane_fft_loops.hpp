// Complex FFTs along columns of LaneBins, and what they are made of. Included by the .cpp of one generation
// of processors, with TUTTI_LEVEL as its namespace and TUTTI_LEVEL_LANES as the floats of its vectors.
// Nothing here may come from the standard library but types: an inline function of it, compiled for a new
// processor, could end up in code that runs on an old one.
#pragma once

#include <cstddef>
#include <utility>

#include "engine/cpu/block_transform_kernels.hpp"
#include "engine/cpu/lane_vector.hpp"

namespace tutti::cpu::TUTTI_LEVEL {

namespace {

struct Complex {
    Vector re, im;
};

TUTTI_INLINE Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
TUTTI_INLINE Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }

/// a w, for a Twiddle or a Complex w.
template <typename Factor>
TUTTI_INLINE Complex times(Complex a, Factor w) {
    return {a.re * w.re - a.im * w.im, a.re * w.im + a.im * w.re};
}

/// a times the conjugate of w.
template <typename Factor>
TUTTI_INLINE Complex times_conjugate(Complex a, Factor w) {
    return {a.re * w.re + a.im * w.im, a.im * w.re - a.re * w.im};
}

TUTTI_INLINE Complex load(const LaneBins& bins, int first_lane) {
    return {load(bins.re + first_lane), load(bins.im + first_lane)};
}

TUTTI_INLINE void store(LaneBins& bins, int first_lane, Complex a) {
    store(bins.re + first_lane, a.re);
    store(bins.im + first_lane, a.im);
}

/// Multiplication by -i in a forward transform, by i in an inverse one.
template <bool forward>
TUTTI_INLINE Complex quarter_turn(Complex a) {
    return forward ? Complex{a.im, -a.re} : Complex{-a.im, a.re};
}

inline constexpr float half_root = 0.70710678118654752F;

template <bool forward>
TUTTI_INLINE Complex eighth_turn(Complex a) {
    return forward ? Complex{(a.re + a.im) * half_root, (a.im - a.re) * half_root}
                   : Complex{(a.re - a.im) * half_root, (a.im + a.re) * half_root};
}

template <bool forward>
TUTTI_INLINE void butterfly(Complex (&/*x*/)[1]) {}

template <bool forward>
TUTTI_INLINE void butterfly(Complex (&x)[2]) {
    const Complex difference = x[0] - x[1];
    x[0] = x[0] + x[1];
    x[1] = difference;
}

template <bool forward>
TUTTI_INLINE void butterfly(Complex (&x)[3]) {
    constexpr float sine = 0.86602540378443865F;
    const Complex sum = x[1] + x[2];
    const Complex turned = quarter_turn<forward>(x[1] - x[2]);
    const Complex middle{x[0].re - 0.5F * sum.re, x[0].im - 0.5F * sum.im};
    x[0] = x[0] + sum;
    x[1] = {middle.re + sine * turned.re, middle.im + sine * turned.im};
    x[2] = {middle.re - sine * turned.re, middle.im - sine * turned.im};
}

template <bool forward>
TUTTI_INLINE void butterfly(Complex (&x)[4]) {
    const Complex a = x[0] + x[2];
    const Complex b = x[0] - x[2];
    const Complex c = x[1] + x[3];
    const Complex d = quarter_turn<forward>(x[1] - x[3]);
    x[0] = a + c;
    x[1] = b + d;
    x[2] = a - c;
    x[3] = b - d;
}

template <bool forward>
TUTTI_INLINE void butterfly(Complex (&x)[5]) {
    constexpr float cosine = 0.30901699437494742F;  // of a fifth of a turn, and of two
    constexpr float cosine2 = -0.80901699437494742F;
    constexpr float sine = 0.95105651629515357F;
    constexpr float sine2 = 0.58778525229247313F;
    const Complex a = x[1] + x[4];
    const Complex b = x[2] + x[3];
    const Complex c = quarter_turn<forward>(x[1] - x[4]);
    const Complex d = quarter_turn<forward>(x[2] - x[3]);
    const Complex e{x[0].re + cosine * a.re + cosine2 * b.re, x[0].im + cosine * a.im + cosine2 * b.im};
    const Complex f{x[0].re + cosine2 * a.re + cosine * b.re, x[0].im + cosine2 * a.im + cosine * b.im};
    const Complex g{sine * c.re + sine2 * d.re, sine * c.im + sine2 * d.im};
    const Complex h{sine2 * c.re - sine * d.re, sine2 * c.im - sine * d.im};
    x[0] = x[0] + a + b;
    x[1] = e + g;
    x[2] = f + h;
    x[3] = f - h;
    x[4] = e - g;
}

template <bool forward>
TUTTI_INLINE void butterfly(Complex (&x)[8]) {
    Complex even[4] = {x[0] + x[4], x[1] + x[5], x[2] + x[6], x[3] + x[7]};
    Complex odd[4] = {x[0] - x[4], eighth_turn<forward>(x[1] - x[5]), quarter_turn<forward>(x[2] - x[6]),
                      quarter_turn<forward>(eighth_turn<forward>(x[3] - x[7]))};
    butterfly<forward>(even);
    butterfly<forward>(odd);
    for (int r = 0; r < 4; ++r) {
        x[2 * r] = even[r];
        x[2 * r + 1] = odd[r];
    }
}

/// One pass over a column of `total`, in groups of `size`: butterflies, then their twiddles.
template <int radix>
TUTTI_INLINE void forward_pass(LaneBins* x, int total, int size, const Twiddle* twiddles) {
    const std::ptrdiff_t step = size / radix;
    const bool turns = step > 1;  // the last pass has only twiddles of one
    for (std::ptrdiff_t first = 0; first < total; first += size) {
        for (std::ptrdiff_t j = 0; j < step; ++j) {
            LaneBins* const bins = x + first + j;
            for (int lane = 0; lane < lane_count; lane += width) {
                Complex v[radix];
                for (int r = 0; r < radix; ++r) v[r] = load(bins[r * step], lane);
                butterfly<true>(v);
                store(bins[0], lane, v[0]);
                for (int r = 1; r < radix; ++r) {
                    store(bins[r * step], lane,
                          turns ? times(v[r], twiddles[j * (radix - 1) + r - 1]) : v[r]);
                }
            }
        }
    }
}

/// The inverse of forward_pass(), but for a factor of radix.
template <int radix>
TUTTI_INLINE void inverse_pass(LaneBins* x, int total, int size, const Twiddle* twiddles) {
    const std::ptrdiff_t step = size / radix;
    const bool turns = step > 1;
    for (std::ptrdiff_t first = 0; first < total; first += size) {
        for (std::ptrdiff_t j = 0; j < step; ++j) {
            LaneBins* const bins = x + first + j;
            for (int lane = 0; lane < lane_count; lane += width) {
                Complex v[radix];
                for (int r = 0; r < radix; ++r) v[r] = load(bins[r * step], lane);
                for (int r = 1; r < radix; ++r) {
                    if (turns) v[r] = times_conjugate(v[r], twiddles[j * (radix - 1) + r - 1]);
                }
                butterfly<false>(v);
                for (int r = 0; r < radix; ++r) store(bins[r * step], lane, v[r]);
            }
        }
    }
}

template <bool forward>
inline void run_pass(const LaneFftTables& fft, int pass, LaneBins* x, int total, int size) {
    const Twiddle* const w = fft.twiddles[pass];
    switch (fft.radix[pass]) {
        case 8:
            return forward ? forward_pass<8>(x, total, size, w) : inverse_pass<8>(x, total, size, w);
        case 4:
            return forward ? forward_pass<4>(x, total, size, w) : inverse_pass<4>(x, total, size, w);
        case 5:
            return forward ? forward_pass<5>(x, total, size, w) : inverse_pass<5>(x, total, size, w);
        case 3:
            return forward ? forward_pass<3>(x, total, size, w) : inverse_pass<3>(x, total, size, w);
        default:
            return forward ? forward_pass<2>(x, total, size, w) : inverse_pass<2>(x, total, size, w);
    }
}

/// Passes `pass` to the one before `end` over a column of `total`; `size`: of the groups of the first.
inline void forward_passes(const LaneFftTables& fft, int pass, int end, LaneBins* x, int total, int size) {
    for (; pass < end; ++pass) {
        run_pass<true>(fft, pass, x, total, size);
        size /= fft.radix[pass];
    }
}

/// The inverse of forward_passes(), from the last to the first.
inline void inverse_passes(const LaneFftTables& fft, int pass, int end, LaneBins* x, int total, int size) {
    for (int p = pass; p < end; ++p) size /= fft.radix[p];
    for (int p = end - 1; p >= pass; --p) {
        size *= fft.radix[p];
        run_pass<false>(fft, p, x, total, size);
    }
}

}  // namespace

}  // namespace tutti::cpu::TUTTI_LEVEL
