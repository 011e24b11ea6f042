// The loops of BlockTransform. Included by one .cpp per generation of processors, compiled for it, with
// TUTTI_LEVEL as its namespace and TUTTI_LEVEL_LANES as the floats of its vectors. Nothing here may come from
// the standard library but types: an inline function of it, compiled for a new processor, could end up in
// code that runs on an old one.
#include <cstddef>
#include <utility>

#include "engine/cpu/block_transform_kernels.hpp"

namespace tutti::cpu::TUTTI_LEVEL {

namespace {

#define TUTTI_INLINE inline __attribute__((always_inline))

inline constexpr int width = TUTTI_LEVEL_LANES;
using Vector = float __attribute__((vector_size(4 * width), may_alias));

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

/// A column of LaneBins seen through one slice of their lanes.
struct Slice {
    LaneBins* bins;
    int first_lane;

    TUTTI_INLINE Complex load(std::ptrdiff_t i) const {
        return {*reinterpret_cast<const Vector*>(bins[i].re + first_lane),
                *reinterpret_cast<const Vector*>(bins[i].im + first_lane)};
    }
    TUTTI_INLINE void store(std::ptrdiff_t i, Complex a) const {
        *reinterpret_cast<Vector*>(bins[i].re + first_lane) = a.re;
        *reinterpret_cast<Vector*>(bins[i].im + first_lane) = a.im;
    }
};

TUTTI_INLINE Complex load(const LaneBins& bins, int first_lane) {
    return {*reinterpret_cast<const Vector*>(bins.re + first_lane),
            *reinterpret_cast<const Vector*>(bins.im + first_lane)};
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
TUTTI_INLINE void forward_pass(Slice x, int total, int size, const Twiddle* twiddles) {
    const std::ptrdiff_t step = size / radix;
    const bool turns = step > 1;  // the last pass has only twiddles of one
    for (std::ptrdiff_t first = 0; first < total; first += size) {
        for (std::ptrdiff_t j = 0; j < step; ++j) {
            Complex v[radix];
            for (int r = 0; r < radix; ++r) v[r] = x.load(first + j + r * step);
            butterfly<true>(v);
            x.store(first + j, v[0]);
            for (int r = 1; r < radix; ++r) {
                x.store(first + j + r * step, turns ? times(v[r], twiddles[j * (radix - 1) + r - 1]) : v[r]);
            }
        }
    }
}

/// The inverse of forward_pass(), but for a factor of radix.
template <int radix>
TUTTI_INLINE void inverse_pass(Slice x, int total, int size, const Twiddle* twiddles) {
    const std::ptrdiff_t step = size / radix;
    const bool turns = step > 1;
    for (std::ptrdiff_t first = 0; first < total; first += size) {
        for (std::ptrdiff_t j = 0; j < step; ++j) {
            Complex v[radix];
            for (int r = 0; r < radix; ++r) v[r] = x.load(first + j + r * step);
            for (int r = 1; r < radix; ++r) {
                if (turns) v[r] = times_conjugate(v[r], twiddles[j * (radix - 1) + r - 1]);
            }
            butterfly<false>(v);
            for (int r = 0; r < radix; ++r) x.store(first + j + r * step, v[r]);
        }
    }
}

template <bool forward>
inline void run_pass(const LaneFftTables& fft, int pass, int size, Slice x) {
    const Twiddle* const w = fft.twiddles[pass];
    switch (fft.radix[pass]) {
        case 8:
            return forward ? forward_pass<8>(x, fft.size, size, w) : inverse_pass<8>(x, fft.size, size, w);
        case 4:
            return forward ? forward_pass<4>(x, fft.size, size, w) : inverse_pass<4>(x, fft.size, size, w);
        case 3:
            return forward ? forward_pass<3>(x, fft.size, size, w) : inverse_pass<3>(x, fft.size, size, w);
        default:
            return forward ? forward_pass<2>(x, fft.size, size, w) : inverse_pass<2>(x, fft.size, size, w);
    }
}

inline void forward_fft(const LaneFftTables& fft, Slice x) {
    int size = fft.size;
    for (int pass = 0; pass < fft.pass_count; ++pass) {
        run_pass<true>(fft, pass, size, x);
        size /= fft.radix[pass];
    }
}

inline void inverse_fft(const LaneFftTables& fft, Slice x) {
    int size = 1;
    for (int pass = fft.pass_count - 1; pass >= 0; --pass) {
        size *= fft.radix[pass];
        run_pass<false>(fft, pass, size, x);
    }
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

/// Also fetches the line behind, which the next group of columns begins with: its walk down the matrix
/// strides too far for the processor to foresee.
TUTTI_INLINE Vector frames_at(const BlockWindow& window, int at) {
    if (at < window.zero_frames) return Vector{};
    const int in_past = at - window.zero_frames;
    const float* const from = in_past < window.past_frames ? window.past + in_past
                                                           : window.present + (in_past - window.past_frames);
    __builtin_prefetch(from + lane_count, 0, 2);
    return *reinterpret_cast<const Vector*>(from);
}

TUTTI_INLINE void put_frames(float* to, Vector frames) {
    __builtin_prefetch(to + lane_count, 1, 2);
    *reinterpret_cast<Vector*>(to) = frames;
}

inline void forward_columns(const BlockTransformTables& tables, const BlockWindow& window, LaneBins* spectrum,
                            LaneBins* scratch, int group) {
    const int column_size = tables.column_size;
    const int row_size = tables.row_size;
    const int half = column_size * row_size;
    for (int lane = 0; lane < lane_count; lane += width) {
        const Slice column{scratch, lane};
        const int first = group * lane_count + lane;
        for (int n = 0; n < column_size; ++n) {
            const int at = n * row_size + first;
            column.store(
                n, times(Complex{frames_at(window, at), frames_at(window, half + at)}, tables.twist[n]));
        }
        forward_fft(tables.column, column);
        const Twiddle* const phase = tables.group_phase + static_cast<std::ptrdiff_t>(group) * column_size;
        for (int p = 0; p < column_size; p += width) {
            Vector re[width];
            Vector im[width];
            for (int i = 0; i < width; ++i) {
                const Complex z =
                    times(times(column.load(p + i), load(tables.column_phase[p + i], lane)), phase[p + i]);
                re[i] = z.re;
                im[i] = z.im;
            }
            transpose(re);
            transpose(im);
            const Slice out{spectrum + static_cast<std::ptrdiff_t>(p / lane_count) * row_size,
                            p % lane_count};
            for (int i = 0; i < width; ++i) out.store(first + i, {re[i], im[i]});
        }
    }
}

inline void inverse_columns(const BlockTransformTables& tables, const LaneBins* spectrum, float* out,
                            int out_frames, LaneBins* scratch, int group) {
    const int column_size = tables.column_size;
    const int row_size = tables.row_size;
    const int half = column_size * row_size;
    const int skipped = 2 * half - out_frames;
    for (int lane = 0; lane < lane_count; lane += width) {
        const Slice column{scratch, lane};
        const int first = group * lane_count + lane;
        const Twiddle* const phase = tables.group_phase + static_cast<std::ptrdiff_t>(group) * column_size;
        for (int p = 0; p < column_size; p += width) {
            Vector re[width];
            Vector im[width];
            const LaneBins* const in =
                spectrum + static_cast<std::ptrdiff_t>(p / lane_count) * row_size + first;
            for (int i = 0; i < width; ++i) {
                const Complex z = load(in[i], p % lane_count);
                re[i] = z.re;
                im[i] = z.im;
            }
            transpose(re);
            transpose(im);
            for (int i = 0; i < width; ++i) {
                column.store(p + i, times_conjugate(times_conjugate(Complex{re[i], im[i]},
                                                                    load(tables.column_phase[p + i], lane)),
                                                    phase[p + i]));
            }
        }
        inverse_fft(tables.column, column);
        for (int n = 0; n < column_size; ++n) {
            const Complex z = times_conjugate(column.load(n), tables.twist[n]);
            const int at = n * row_size + first - skipped;
            if (at >= 0) put_frames(out + at, z.re);
            if (at + half >= 0) put_frames(out + at + half, z.im);
        }
    }
}

inline void forward_row(const BlockTransformTables& tables, LaneBins* row) {
    for (int lane = 0; lane < lane_count; lane += width) forward_fft(tables.row, {row, lane});
}

inline void inverse_row(const BlockTransformTables& tables, LaneBins* row) {
    for (int lane = 0; lane < lane_count; lane += width) inverse_fft(tables.row, {row, lane});
}

/// Sums stay in registers while the products pass by, so that nothing but the spectra is read.
template <bool scaled>
inline void add_products(const SpectrumProduct* products, std::size_t product_count, std::size_t first_bin,
                         LaneBins* sum, int bin_count, bool adds) {
    constexpr int tile = 4;
    for (int lane = 0; lane < lane_count; lane += width) {
        for (int k = 0; k < bin_count; k += tile) {
            const Slice out{sum + k, lane};
            Complex sums[tile] = {};
            for (int i = 0; adds && i < tile; ++i) sums[i] = out.load(i);
            for (std::size_t p = 0; p < product_count; ++p) {
                const LaneBins* const x = products[p].x + first_bin + k;
                const LaneBins* const h = products[p].h + first_bin + k;
                const float gain = products[p].gain;
                for (int i = 0; i < tile; ++i) {
                    Complex z = load(x[i], lane);
                    if (scaled) z = {z.re * gain, z.im * gain};
                    sums[i] = sums[i] + times(z, load(h[i], lane));
                }
            }
            for (int i = 0; i < tile; ++i) out.store(i, sums[i]);
        }
    }
}

inline void multiply(const SpectrumProduct* products, std::size_t product_count, std::size_t first_bin,
                     LaneBins* sum, int bin_count, bool adds) {
    bool scaled = false;
    for (std::size_t p = 0; p < product_count; ++p) scaled = scaled || products[p].gain != 1.0F;
    (scaled ? add_products<true> : add_products<false>)(products, product_count, first_bin, sum, bin_count,
                                                        adds);
}

inline void add(LaneBins* sum, const LaneBins* term, int bin_count) {
    for (int lane = 0; lane < lane_count; lane += width) {
        const Slice out{sum, lane};
        for (int k = 0; k < bin_count; ++k) out.store(k, out.load(k) + load(term[k], lane));
    }
}

inline constexpr BlockTransformKernels kernels_called(const char* name) {
    return {name, forward_columns, forward_row, inverse_row, inverse_columns, multiply, add};
}

}  // namespace

}  // namespace tutti::cpu::TUTTI_LEVEL
