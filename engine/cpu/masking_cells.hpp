#pragma once

#include <cstddef>

#include "engine/aligned.hpp"

namespace tutti::cpu {

/// Constants of the bands for a pass over cells; rows on cache-line borders, padded to whole ones.
struct CellConstants {
    const float* k;
    const float* threshold;
    const float* g;
    const float* alpha;
    const float* a;
    const float* g_per_a;
    const float* floor;         ///< A^alpha
    const float* at_threshold;  ///< (G E_THRQ + A)^alpha - A^alpha
};

/// Sums over the slices of a hop, of one object.
struct HopSums {
    static constexpr int row_count = 10;
    enum Row {
        target,         ///< and of the other ear: excitation in active cells
        threshold = 2,  ///< and of the other ear: masked threshold in active cells
        partial = 4,    ///< partial specific loudness, both ears
        self_cost,
        audibility  ///< four: specific loudness in quiet of active cells, by margin
    };
};

/// One object in one slice: a cell per band, both ears at once.
struct Cells {
    int band_count = 0;  ///< padded
    CellConstants constants{};
    const float* target[2]{};  ///< [ear]: [band]
    const float* masker[2]{};
    float least_active = 0.0F;  ///< 60 dB under the object's greatest excitation
    float* sums = nullptr;      ///< [HopSums::Row][band], added to
    float* clash[2]{};          ///< [ear]: [band]: at stake per excitation of a masker
    float* benefit[2]{};        ///< [ear]: [band]: partial loudness gained per dB and excitation of a masker
    char* is_active = nullptr;  ///< [sixteen bands]: set to 1 where one of them is
    /// Exact values of cells so loud that the model's equations for over 100 dB apply.
    void (*loud)(const void* context, int band, float target, float masker, float* values) = nullptr;
    const void* context = nullptr;
};

/// The same where only partial loudness is asked for.
struct LoudnessCells {
    int band_count = 0;  ///< padded
    CellConstants constants{};
    const float* target[2]{};  ///< [ear]: [band]
    const float* masker[2]{};
    float* partial = nullptr;  ///< [band]: partial specific loudness of both ears, added to
    void (*loud)(const void* context, int band, float target, float masker, float* values) = nullptr;
    const void* context = nullptr;
};

/// A band group's bands, and where its first one goes; a multiple of 16.
struct BandGroup {
    int first = 0;
    int count = 0;
    std::size_t place = 0;
};

struct MaskingCellKernels {
    void (*process)(const Cells& cells);
    void (*process_loudness)(const LoudnessCells& cells);
    /// out[band] = rows[0][band] + rows[1][band] + ...
    void (*add_rows)(const float* const* rows, int row_count, int band_count, float* out);
    /// Of a multiple of 16 values that are not negative.
    float (*greatest)(const float* row, int count);
    /// rows[i][band], i < row_count <= columns, to out[places[band] * columns + i]; zeros behind.
    void (*transpose)(const float* const* rows, int row_count, int band_count, const int* places, float* out,
                      int columns);
    /// Copies every group's bands of a row to where they belong, more than its own where they are not whole
    /// cache lines: the row has 16 floats behind its last band.
    /// Bypasses the caches, which have no room for all that is spread.
    void (*spread)(const float* row, const BandGroup* groups, int group_count, float* out);
    /// Before others read what this thread has spread.
    void (*finish_spreading)();
};

}  // namespace tutti::cpu
