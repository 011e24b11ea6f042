// The loops of BlockTransform. Included by one .cpp per generation of processors, compiled for it, with
// TUTTI_LEVEL as its namespace and TUTTI_LEVEL_LANES as the floats of its vectors. Nothing here may come from
// the standard library but types: an inline function of it, compiled for a new processor, could end up in
// code that runs on an old one.
#include "engine/cpu/lane_fft_loops.hpp"

namespace tutti::cpu::TUTTI_LEVEL {

namespace {

/// Rows of frames that lie ahead of the present one far enough for memory to answer.
inline constexpr int frame_rows_ahead = 4;

/// Of one group, the line behind, which the next group of columns begins with: its walk down the matrix
/// strides too far for the processor to foresee. Of several at once, the line that this walk will come to, in
/// a run with those beside it; it is read once, and need not stay in the caches.
template <bool is_wide>
TUTTI_INLINE void fetch_frames(const float* from, int row_size) {
    if constexpr (is_wide) {
        __builtin_prefetch(from + std::ptrdiff_t{frame_rows_ahead} * row_size, 0, 0);
    } else {
        __builtin_prefetch(from + lane_count, 0, 2);
    }
}

template <bool is_wide>
TUTTI_INLINE Vector frames_at(const BlockInput& input, std::ptrdiff_t at, int row_size) {
    if (at >= input.count) return Vector{};
    const float* const from = input.frames + at;
    fetch_frames<is_wide>(from, row_size);
    return load(from);
}

/// What will not stay in the caches need not be fetched into them before it is written; but only whole lines
/// are written past them well.
template <bool is_far>
TUTTI_INLINE void store_near_or_far(float* to, Vector value) {
    if constexpr (is_far && width == lane_count) {
        store_past_cache(to, value);
    } else {
        store(to, value);
    }
}

template <bool is_wide, bool puts_far>
TUTTI_INLINE void put_frames(const BlockOutput& output, std::ptrdiff_t at, int row_size, Vector frames) {
    if (at >= output.count + output.kept_count) return;
    const std::ptrdiff_t in_tail = output.tail_begin + at;
    const std::ptrdiff_t wrapped = in_tail < output.tail_size ? in_tail : in_tail - output.tail_size;
    float* const tail = output.tail == nullptr ? nullptr : output.tail + wrapped;
    if (at < output.old_count) {
        fetch_frames<is_wide>(tail, row_size);
        frames += load(tail);
    }
    float* const to = at < output.count ? output.frames + at : tail;
    if constexpr (!puts_far || width < lane_count) {
        __builtin_prefetch(is_wide ? to + std::ptrdiff_t{frame_rows_ahead} * row_size : to + lane_count, 1,
                           2);
    }
    store_near_or_far<puts_far>(to, frames);
}

/// The first pass down groups of columns, which fetches their frames. With radix 1 it does no more.
template <int radix, bool is_wide>
inline void first_column_pass(const BlockTransformTables& tables, const BlockInput& input, LaneBins* scratch,
                              int first_group) {
    const std::ptrdiff_t step = tables.column_size / radix;
    const std::ptrdiff_t half = std::ptrdiff_t{tables.column_size} * tables.row_size;
    const int group_count = is_wide ? tables.groups_at_once : 1;
    const Twiddle* const twiddles = tables.column.twiddles[0];
    for (std::ptrdiff_t j = 0; j < step; ++j) {
        for (int lane = 0; lane < group_count * lane_count; lane += width) {
            LaneBins* const bins = scratch + lane / lane_count * tables.column_size;
            Complex v[radix];
            for (int r = 0; r < radix; ++r) {
                const std::ptrdiff_t n = j + r * step;
                const std::ptrdiff_t at = n * tables.row_size + first_group * lane_count + lane;
                v[r] = times(Complex{frames_at<is_wide>(input, at, tables.row_size),
                                     frames_at<is_wide>(input, half + at, tables.row_size)},
                             tables.twist[n]);
            }
            butterfly<true>(v);
            store(bins[j], lane % lane_count, v[0]);
            for (int r = 1; r < radix; ++r) {
                store(bins[j + r * step], lane % lane_count, times(v[r], twiddles[j * (radix - 1) + r - 1]));
            }
        }
    }
}

/// The last pass of the way back, which puts the frames where they go.
template <int radix, bool is_wide, bool puts_far>
inline void last_column_pass(const BlockTransformTables& tables, const LaneBins* scratch,
                             const BlockOutput& output, int first_group) {
    const std::ptrdiff_t step = tables.column_size / radix;
    const std::ptrdiff_t half = std::ptrdiff_t{tables.column_size} * tables.row_size;
    const int group_count = is_wide ? tables.groups_at_once : 1;
    const Twiddle* const twiddles = tables.column.twiddles[0];
    for (std::ptrdiff_t j = 0; j < step; ++j) {
        for (int lane = 0; lane < group_count * lane_count; lane += width) {
            const LaneBins* const bins = scratch + lane / lane_count * tables.column_size;
            Complex v[radix];
            v[0] = load(bins[j], lane % lane_count);
            for (int r = 1; r < radix; ++r) {
                v[r] = times_conjugate(load(bins[j + r * step], lane % lane_count),
                                       twiddles[j * (radix - 1) + r - 1]);
            }
            butterfly<false>(v);
            for (int r = 0; r < radix; ++r) {
                const std::ptrdiff_t n = j + r * step;
                const Complex z = times_conjugate(v[r], tables.twist[n]);
                const std::ptrdiff_t at = n * tables.row_size + first_group * lane_count + lane;
                put_frames<is_wide, puts_far>(output, at, tables.row_size, z.re);
                put_frames<is_wide, puts_far>(output, at + half, tables.row_size, z.im);
            }
        }
    }
}

/// Turns what columns hold at positions first ... first + count - 1, and puts it into the rows: from lanes
/// that are columns to lanes that are positions.
template <bool is_far>
inline void columns_to_rows(const BlockTransformTables& tables, const LaneBins* scratch, LaneBins* spectrum,
                            int group, int first, int count) {
    const int column = group * lane_count;
    const LaneBins* const lane_turns = tables.lane_turns + column;
    for (int p = first; p < first + count; p += lane_count) {
        const std::ptrdiff_t row = p / lane_count;
        LaneBins* const out = spectrum + row * tables.row_size + column;
        const Twiddle* const turns = tables.row_turns + (row * tables.row_size + column);
        for (int lane = 0; lane < lane_count; lane += width) {
            for (int q = 0; q < lane_count; q += width) {
                Vector re[width];
                Vector im[width];
                for (int i = 0; i < width; ++i) {
                    const Complex z = load(scratch[p + q + i], lane);
                    re[i] = z.re;
                    im[i] = z.im;
                }
                transpose(re);
                transpose(im);
                for (int i = 0; i < width; ++i) {
                    const Complex z = times(Complex{re[i], im[i]}, load(lane_turns[lane + i], q));
                    const Complex turned = times(z, turns[lane + i]);
                    store_near_or_far<is_far>(out[lane + i].re + q, turned.re);
                    store_near_or_far<is_far>(out[lane + i].im + q, turned.im);
                }
            }
        }
    }
}

/// Rows of positions that lie ahead of the present one far enough for memory to answer.
inline constexpr int position_rows_ahead = 4;

/// Towards the second-level cache; may lie behind the end.
TUTTI_INLINE void fetch(const LaneBins* bins, int count) {
    for (int i = 0; i < count; ++i) {
        __builtin_prefetch(bins[i].re, 0, 2);
        __builtin_prefetch(bins[i].im, 0, 2);
    }
}

/// The inverse of columns_to_rows().
inline void rows_to_columns(const BlockTransformTables& tables, const LaneBins* spectrum, LaneBins* scratch,
                            int group, int first, int count) {
    const int column = group * lane_count;
    const LaneBins* const lane_turns = tables.lane_turns + column;
    for (int p = first; p < first + count; p += lane_count) {
        const std::ptrdiff_t row = p / lane_count;
        const LaneBins* const in = spectrum + row * tables.row_size + column;
        const Twiddle* const turns = tables.row_turns + (row * tables.row_size + column);
        const LaneBins* const ahead = in + std::ptrdiff_t{position_rows_ahead} * tables.row_size;
        for (int lane = 0; lane < lane_count; lane += width) {
            for (int q = 0; q < lane_count; q += width) {
                Vector re[width];
                Vector im[width];
                for (int i = 0; i < width; ++i) {
                    // Spread over the work: all at once would be in the way of what is read now.
                    if (tables.fetches_ahead && q == 0) fetch(ahead + lane + i, 1);
                    const Complex z =
                        times_conjugate(times_conjugate(load(in[lane + i], q), load(lane_turns[lane + i], q)),
                                        turns[lane + i]);
                    re[i] = z.re;
                    im[i] = z.im;
                }
                transpose(re);
                transpose(im);
                for (int i = 0; i < width; ++i) store(scratch[p + q + i], lane, {re[i], im[i]});
            }
        }
    }
}

/// All passes from number `pass` on over `count` positions of a group of columns that hang together in it,
/// piece by piece as soon as a piece stays in the first-level cache; and its way into the rows.
template <bool is_far>
inline void rest_of_columns(const BlockTransformTables& tables, LaneBins* scratch, LaneBins* spectrum,
                            int group, int pass, int first, int count, int size) {
    const LaneFftTables& fft = tables.column;
    if (count <= near_bins) {
        forward_passes(fft, pass, fft.pass_count, scratch + first, count, size);
        columns_to_rows<is_far>(tables, scratch, spectrum, group, first, count);
        return;
    }
    if (size == count) {
        run_pass<true>(fft, pass, scratch + first, count, size);
        size /= fft.radix[pass++];
    }
    for (int at = first; at < first + count; at += size) {
        rest_of_columns<is_far>(tables, scratch, spectrum, group, pass, at, size, size);
    }
}

/// The inverse of rest_of_columns().
inline void start_of_columns(const BlockTransformTables& tables, const LaneBins* spectrum, LaneBins* scratch,
                             int group, int pass, int first, int count, int size) {
    const LaneFftTables& fft = tables.column;
    if (count <= near_bins) {
        rows_to_columns(tables, spectrum, scratch, group, first, count);
        inverse_passes(fft, pass, fft.pass_count, scratch + first, count, size);
        return;
    }
    const bool has_pass = size == count;
    const int piece = has_pass ? size / fft.radix[pass] : size;
    for (int at = first; at < first + count; at += piece) {
        start_of_columns(tables, spectrum, scratch, group, pass + (has_pass ? 1 : 0), at, piece, piece);
    }
    if (has_pass) run_pass<false>(fft, pass, scratch + first, count, size);
}

template <bool is_far>
inline void finish_columns(const BlockTransformTables& tables, LaneBins* spectrum, LaneBins* scratch,
                           int first_group, int pass, int size) {
    for (int g = 0; g < tables.groups_at_once; ++g) {
        rest_of_columns<is_far>(tables, scratch + g * tables.column_size, spectrum, first_group + g, pass, 0,
                                tables.column_size, size);
    }
    if constexpr (is_far) finish_stores_past_cache();
}

inline void forward_columns(const BlockTransformTables& tables, const BlockInput& input, LaneBins* spectrum,
                            LaneBins* scratch, int number) {
    const int size = tables.column_size;
    const int radix = tables.column.radix[0];
    const int first_group = number * tables.groups_at_once;
    if (size <= short_column) {
        first_column_pass<1, false>(tables, input, scratch, first_group);
        finish_columns<false>(tables, spectrum, scratch, first_group, 0, size);
        return;
    }
    const bool is_wide = tables.groups_at_once > 1;
    const auto run = radix == 4 ? (is_wide ? first_column_pass<4, true> : first_column_pass<4, false>)
                                : (is_wide ? first_column_pass<3, true> : first_column_pass<3, false>);
    run(tables, input, scratch, first_group);
    (tables.is_far ? finish_columns<true> : finish_columns<false>)(tables, spectrum, scratch, first_group, 1,
                                                                   size / radix);
}

template <bool is_wide, bool puts_far>
inline void last_column_pass_of(const BlockTransformTables& tables, const LaneBins* scratch,
                                const BlockOutput& output, int first_group) {
    const int radix = tables.column.radix[0];
    const auto run = radix == 4   ? last_column_pass<4, is_wide, puts_far>
                     : radix == 3 ? last_column_pass<3, is_wide, puts_far>
                                  : last_column_pass<8, is_wide, puts_far>;
    run(tables, scratch, output, first_group);
    if constexpr (puts_far) finish_stores_past_cache();
}

inline void inverse_columns(const BlockTransformTables& tables, const LaneBins* spectrum,
                            const BlockOutput& output, LaneBins* scratch, int number) {
    const int size = tables.column_size;
    const int first_group = number * tables.groups_at_once;
    for (int g = 0; g < tables.groups_at_once; ++g) {
        start_of_columns(tables, spectrum, scratch + g * size, first_group + g, 1, 0, size,
                         size / tables.column.radix[0]);
    }
    const auto run = tables.groups_at_once == 1 ? last_column_pass_of<false, false>
                     : tables.puts_far          ? last_column_pass_of<true, true>
                                                : last_column_pass_of<true, false>;
    run(tables, scratch, output, first_group);
}

inline void begin_row(const BlockTransformTables& tables, LaneBins* row) {
    forward_passes(tables.row, 0, tables.row_passes, row, tables.row_size, tables.row_size);
}

inline void finish_piece(const BlockTransformTables& tables, LaneBins* piece) {
    forward_passes(tables.row, tables.row_passes, tables.row.pass_count, piece, tables.piece_size,
                   tables.piece_size);
}

inline void inverse_piece(const BlockTransformTables& tables, LaneBins* piece) {
    inverse_passes(tables.row, tables.row_passes, tables.row.pass_count, piece, tables.piece_size,
                   tables.piece_size);
}

inline void inverse_row(const BlockTransformTables& tables, LaneBins* row) {
    inverse_passes(tables.row, 0, tables.row_passes, row, tables.row_size, tables.row_size);
}

/// Sums stay in registers while the products pass by, so that nothing but the spectra is read. Of the
/// kernels, what the next stretch needs is fetched.
template <bool scaled, bool fetches_ahead>
inline void add_products(const SpectrumProduct* products, std::size_t product_count, std::size_t first_bin,
                         LaneBins* sum, int bin_count, bool adds) {
    constexpr int tile = 4;
    for (int lane = 0; lane < lane_count; lane += width) {
        for (int k = 0; k < bin_count; k += tile) {
            Complex sums[tile] = {};
            for (int i = 0; adds && i < tile; ++i) sums[i] = load(sum[k + i], lane);
            for (std::size_t p = 0; p < product_count; ++p) {
                const LaneBins* const x = products[p].x + first_bin + k;
                const LaneBins* const h = products[p].h + first_bin + k;
                const float gain = products[p].gain;
                if (fetches_ahead && lane == 0) fetch(h + bin_count, tile);
                for (int i = 0; i < tile; ++i) {
                    Complex z = load(x[i], lane);
                    if (scaled) z = {z.re * gain, z.im * gain};
                    sums[i] = sums[i] + times(z, load(h[i], lane));
                }
            }
            for (int i = 0; i < tile; ++i) store(sum[k + i], lane, sums[i]);
        }
    }
}

inline void multiply(const BlockTransformTables& tables, const SpectrumProduct* products,
                     std::size_t product_count, std::size_t first_bin, LaneBins* sum, int bin_count,
                     bool adds) {
    bool scaled = false;
    for (std::size_t p = 0; p < product_count; ++p) scaled = scaled || products[p].gain != 1.0F;
    const auto run = tables.fetches_ahead ? (scaled ? add_products<true, true> : add_products<false, true>)
                                          : (scaled ? add_products<true, false> : add_products<false, false>);
    run(products, product_count, first_bin, sum, bin_count, adds);
}

inline void add(LaneBins* sum, const LaneBins* term, int bin_count) {
    for (int lane = 0; lane < lane_count; lane += width) {
        for (int k = 0; k < bin_count; ++k) store(sum[k], lane, load(sum[k], lane) + load(term[k], lane));
    }
}

inline constexpr BlockTransformKernels kernels_called(const char* name) {
    return {name,        forward_columns, begin_row, finish_piece, inverse_piece,
            inverse_row, inverse_columns, multiply,  add};
}

}  // namespace

}  // namespace tutti::cpu::TUTTI_LEVEL
