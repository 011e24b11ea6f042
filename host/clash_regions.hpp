#pragma once

#include <vector>

#include "host/masking_results.hpp"

namespace tutti {

/// Band groups and sections in which a target is hidden by the same others: end is one past the last.
struct ClashRegion {
    int first_group = 0;
    int end_group = 0;
    int first_section = 0;
    int end_section = 0;
};

/// Sums over cells of one target's clashes.
struct ClashSums {
    double active = 0.0;  ///< all margins, see MaskingTile::audibility
    double inaudible = 0.0;
    double heavy = 0.0;
    double benefit = 0.0;        ///< sone seconds per dB, all maskers
    double clash = 0.0;          ///< sone seconds
    std::vector<double> blame;   ///< [masker]: its part of the clash
    std::vector<double> gained;  ///< [masker]: its part of the benefit

    double hidden_share() const { return active > 0.0 ? (inaudible + heavy) / active : 0.0; }
};

/// What is masked during less of the time it plays is no situation.
inline constexpr double least_hidden_share = 0.1;

/// Sums over a region's cells.
ClashSums clash_sums(const MaskingResults& results, const MaskingView& view, int target,
                     const ClashRegion& region);

/// Rectangles that hold all cells in which the target is masked, none twice. They grow from the cell with the
/// greatest benefit, row by row and column by column, as long as what is added is masked half as much as the
/// rest, matters, and has the same culprits (at least half of the blame in common); over a section in which
/// the target is silent they reach.
std::vector<ClashRegion> clash_regions(const MaskingResults& results, const MaskingView& view, int target);

}  // namespace tutti
