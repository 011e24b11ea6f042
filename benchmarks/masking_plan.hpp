#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/backend.hpp"

namespace tutti::bench {

/// An analysis of stereo tracks, each its own target and masker, a second of audio per tile.
struct MaskingSetup {
    static constexpr int slices_per_s = 100;

    ExcitationPlan excitation;
    MaskingPlan masking;
    RowsShape shape;           ///< a second per chunk
    std::vector<int> centres;  ///< of a second's slices

    MaskingSetup(int track_count, int slice_count = slices_per_s);
    int track_count() const { return static_cast<int>(masking.objects.size()); }
};

/// Floating-point operations per second of audio that a stage needs, whoever does it: multiplications and
/// additions of the windowed sums, of the filters within their reach, and of the pairs of active targets
/// with their maskers. 0 for other stages.
double needed_operations(const MaskingSetup& setup, const std::string& stage, double active_cells);

/// Cells of bands and slices in which targets were active in a tile.
double active_cells(const MaskingSetup& setup, const MaskingTile& tile);

}  // namespace tutti::bench
