#pragma once

#include <cstddef>

#include "engine/cpu/lane_bins.hpp"

namespace tutti::cpu {

/// A complex FFT along a column of LaneBins, sixteen independent ones in the lanes: passes of radix 8, 4, 3
/// and 2 in place, decimation in frequency forward and in time backward, so that neither has to sort (the
/// bins lie in digit-reversed order).
struct LaneFftTables {
    static constexpr int pass_limit = 8;
    int size = 1;
    int pass_count = 0;
    int radix[pass_limit] = {};
    const Twiddle* twiddles[pass_limit] = {};  ///< [pass][index in a butterfly group][radix - 1]
};

/// A block of frames from three places: zeros, then `past`, then `present`. All counts are multiples of 16,
/// both pointers on cache-line borders.
struct BlockWindow {
    int zero_frames = 0;
    const float* past = nullptr;
    int past_frames = 0;
    const float* present = nullptr;
};

/// What the loops need to know of a BlockTransform (which says what they mean).
struct BlockTransformTables {
    int column_size = 0;
    int row_size = 0;
    LaneFftTables column;
    LaneFftTables row;
    const Twiddle* twist = nullptr;  ///< [column_size]
    const LaneBins* column_phase =
        nullptr;  ///< [column_size]: per row of the matrix, lanes are columns 0 ... 15
    const Twiddle* group_phase = nullptr;  ///< [row_size / 16][column_size]: per group of 16 columns
};

/// sum += gain * x * h for all bins of a stretch of spectrum.
struct SpectrumProduct {
    const LaneBins* x;
    const LaneBins* h;
    float gain = 1.0F;
};

/// The loops of the transform for one generation of processors.
struct BlockTransformKernels {
    const char* name;
    void (*forward_columns)(const BlockTransformTables& tables, const BlockWindow& window, LaneBins* spectrum,
                            LaneBins* scratch, int group);
    void (*forward_row)(const BlockTransformTables& tables, LaneBins* row);
    void (*inverse_row)(const BlockTransformTables& tables, LaneBins* row);
    void (*inverse_columns)(const BlockTransformTables& tables, const LaneBins* spectrum, float* out,
                            int out_frames, LaneBins* scratch, int group);
    void (*multiply)(const SpectrumProduct* products, std::size_t product_count, std::size_t first_bin,
                     LaneBins* sum, int bin_count, bool adds);
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
