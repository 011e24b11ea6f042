#pragma once

#include <vector>

#include "host/cut_gains.hpp"
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
    double worth = 0.0;          ///< sone seconds the target would win without the leading masker
    double clash = 0.0;          ///< sone seconds
    std::vector<double> blame;   ///< [masker]: its part of the clash
    std::vector<double> gained;  ///< [masker]: its part of the benefit

    double hidden_share() const { return active > 0.0 ? (inaudible + heavy) / active : 0.0; }
};

/// What is masked during less of the time it plays is no situation.
inline constexpr double least_hidden_share = 0.1;

/// The most we ever suggest.
inline constexpr double greatest_cut_db = 6.0;

/// The region's display bands and hops.
CutGains::Cells cells_of(const MaskingResults& results, const ClashRegion& region);

/// Who has most of the blame.
int leading_masker(const ClashSums& sums);

/// Sums over a region's cells. Worth is what the target would win without the leading masker, computed at
/// once from mean excitation, or six times the benefit of the first decibel, which hears what lies between
/// the means: whichever is more. It is 0 where the target is masked less than least_hidden_share.
ClashSums clash_sums(const MaskingResults& results, const MaskingView& view, const CutGains& gains,
                     int target, const ClashRegion& region);

/// Rectangles that hold all cells in which the target is masked, none twice. They grow from the cell of
/// greatest worth, row by row and column by column, as long as what is added is masked half as much as
/// the rest, matters, and has the same culprits: at least half of the blame in common, the same one leading,
/// and with much the same share. Over a section in which the target is silent they reach.
std::vector<ClashRegion> clash_regions(const MaskingResults& results, const MaskingView& view,
                                       const CutGains& gains, int target);

}  // namespace tutti
