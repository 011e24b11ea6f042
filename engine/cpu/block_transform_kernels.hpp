#pragma once

#include <cstddef>

#include "engine/cpu/lane_bins.hpp"

namespace tutti::cpu {

/// A complex FFT along a column of LaneBins, sixteen independent ones in the lanes: passes of radix 8, 5,
/// 4, 3 and 2 in place, decimation in frequency forward and in time backward, so that neither has to sort
/// (the bins lie in digit-reversed order).
struct LaneFftTables {
    static constexpr int pass_limit = 8;
    int size = 1;
    int pass_count = 0;
    int radix[pass_limit] = {};
    const Twiddle* twiddles[pass_limit] = {};  ///< [pass][index in a butterfly group][radix - 1]
};

/// What a block is made of: `count` frames, a multiple of 16, on a cache-line border; zeros behind them.
struct BlockInput {
    const float* frames = nullptr;
    int count = 0;
};

/// Where a block goes, whose results overlap with those of the blocks before and behind it: the first `count`
/// frames to `frames`, `kept_count` more to a tail that the next blocks are added to. Frame number n of the
/// tail lies at (tail_begin + n) % tail_size, where the present block's begins at n = 0. All counts are
/// multiples of 16, and count + kept_count is at most tail_size.
struct BlockOutput {
    float* frames = nullptr;
    int count = 0;
    float* tail = nullptr;
    int tail_size = 0;
    int tail_begin = 0;
    int old_count = 0;  ///< frames that the tail has so far: they are added, what lies behind is not read
    int kept_count = 0;
};

/// What the loops need to know of a BlockTransform (which says what they mean).
struct BlockTransformTables {
    int column_size = 0;
    int row_size = 0;
    LaneFftTables column;
    LaneFftTables row;
    const Twiddle* twist = nullptr;  ///< [column_size]
    /// What turns between columns and rows: the factor of column c at position p is lane_turns[c], its lane
    /// p % 16, times row_turns[p / 16][c].
    const LaneBins* lane_turns = nullptr;  ///< [row_size]
    const Twiddle* row_turns = nullptr;    ///< [column_size / 16][row_size]
    int groups_at_once = 1;  ///< of sixteen columns: frames are read and written in lines side by side
    int row_passes = 0;      ///< passes along whole rows; then they fall into pieces
    int piece_size = 0;
    bool fetches_ahead = false;  ///< spectra have outgrown the second-level cache
    bool is_far = false;         ///< and all caches: they are written past them
    bool puts_far = false;       ///< the frames that come out, too
};

/// Short columns are in the first-level cache as they are: then fetching and butterflies are better apart.
inline constexpr int short_column = 64;

/// LaneBins that all passes work on one after the other while they are in the first-level cache.
inline constexpr int near_bins = 128;

/// sum += gain * x * h for all bins of a stretch of spectrum.
struct SpectrumProduct {
    const LaneBins* x;
    const LaneBins* h;
    float gain = 1.0F;
};

/// The loops of the transform for one generation of processors.
struct BlockTransformKernels {
    const char* name;
    void (*forward_columns)(const BlockTransformTables& tables, const BlockInput& input, LaneBins* spectrum,
                            LaneBins* scratch, int group);
    void (*begin_row)(const BlockTransformTables& tables, LaneBins* row);
    void (*finish_piece)(const BlockTransformTables& tables, LaneBins* piece);
    void (*inverse_piece)(const BlockTransformTables& tables, LaneBins* piece);
    void (*inverse_row)(const BlockTransformTables& tables, LaneBins* row);
    void (*inverse_columns)(const BlockTransformTables& tables, const LaneBins* spectrum,
                            const BlockOutput& output, LaneBins* scratch, int group);
    void (*multiply)(const BlockTransformTables& tables, const SpectrumProduct* products,
                     std::size_t product_count, std::size_t first_bin, LaneBins* sum, int bin_count,
                     bool adds);
    void (*add)(LaneBins* sum, const LaneBins* term, int bin_count);
};

extern const BlockTransformKernels block_transform_kernels_baseline;
#ifdef TUTTI_X86_64_LEVELS
extern const BlockTransformKernels block_transform_kernels_v3;
extern const BlockTransformKernels block_transform_kernels_v4;
#endif

/// Those for processor_level().
const BlockTransformKernels& block_transform_kernels();

}  // namespace tutti::cpu
