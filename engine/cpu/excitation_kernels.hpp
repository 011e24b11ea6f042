#pragma once

#include <cstddef>

namespace tutti::cpu {

/// The filters of one slice and ear. A component's lower slope, which the bands above it see, follows its
/// level; the upper one never does. Rows and panels lie on cache-line borders.
struct FilterShapes {
    int component_count = 0;
    int band_count = 0;             ///< padded to a multiple of 16
    const float* slopes = nullptr;  ///< [band]: at 51 dB
    const float* per_hz = nullptr;  ///< [band]: one over its centre
    const float* upper = nullptr;   ///< [component][band]: weights where the component lies at or above
    const float* component_hz = nullptr;
    const float* steepness = nullptr;  ///< [component]: lower slope over that at 51 dB
    const int* first_lower = nullptr;  ///< [component]: the first band above it
    float least_slope = 0.0F;
    int panel_columns = 0;
    float* weights = nullptr;  ///< [panel][component][band in panel]; the last panel may be narrower
};

struct ExcitationKernels {
    /// Sums and differences of the frames on both sides of a window's centre: out[2 i] = x[n] + x[-n],
    /// out[2 i + 1] = x[n] - x[-n] for n = first + i.
    void (*fold)(const float* centre, int first, int count, float* out);

    /// out[i] = sums[2 i]^2 + sums[2 i + 1]^2, for a multiple of 8.
    void (*powers)(const float* sums, int count, float* out);

    void (*shape_filters)(const FilterShapes& shapes);
};

}  // namespace tutti::cpu
