#pragma once

#include <cstddef>

namespace tutti::cpu {

/// c = a b or c += a b, for one panel of b's columns that stays in the cache while the rows of a pass by. The
/// products may lie in several segments, one behind the other in both matrices. All of b and c lies on
/// cache-line borders.
struct MatrixProduct {
    int row_count = 0;
    const float* const* a = nullptr;  ///< [row]: [segment][depth]
    float* const* c = nullptr;        ///< [row]: [column]
    const float* b = nullptr;         ///< [segment][depth][column]
    int column_count = 0;             ///< a multiple of 16, at most the level's panel_columns
    int depth = 0;                    ///< products per segment
    int segment_count = 1;
    std::size_t a_segment_stride = 0;
    std::size_t b_segment_stride = 0;
    bool adds = false;  ///< to what c holds
};

/// The loops for one generation of processors, sums in the order of depth. 6 rows by 64 columns of AVX-512, 6
/// by 16 of AVX2, live in registers.
// Measured once beside OpenBLAS 0.3.21, one thread of a Xeon with AVX-512, at the sizes of this analysis (96
// to 256 rows, depth 128 to 2000, 64 to 160 columns), in GFLOP/s: 178 to 200 against 139 to 200 with AVX-512,
// 112 to 118 against 101 to 110 with AVX2, 38 to 40 against 31 to 33 with SSE2: no reason for another
// library.
struct MatrixProductKernels {
    int panel_columns;
    void (*multiply)(const MatrixProduct& product);
    /// The same with a pair of factors in a at every step of depth: even columns take the first, odd columns
    /// the second.
    void (*multiply_pairs)(const MatrixProduct& product);
};

}  // namespace tutti::cpu
