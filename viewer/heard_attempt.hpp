#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/pair_what_if.hpp"
#include "host/target_what_if.hpp"
#include "viewer/what_if.hpp"

namespace tutti::viewer {

/// A target's part of a view as it would be: the report's numbers, moved by what the cached excitation says
/// of the difference.
struct TargetPart {
    int target = -1;
    std::vector<std::uint16_t> margin_db;  ///< [hop][display band], as MaskingView
    std::vector<std::uint16_t> loudness;   ///< [hop][display band], as MaskingView
    std::vector<float> audibility;         ///< [section][band group][Audibility]
    std::vector<float> hidden_share;       ///< [hop], as Lane
    LevelChanges changes;
};
TargetPart target_part(const ReportView& report, int target, const HeardTarget& before,
                       const HeardTarget& after);

/// Everybody's clashes as they would be: the report's times after over before where they fall, and the
/// difference added where they rise.
struct PairPart {
    std::vector<float> clash;         ///< as MaskingView
    std::vector<double> total_clash;  ///< [target][masker]
    std::vector<double> gained_sone_s;
    double heard_share = 1.0;
};

/// `heard_share`: of the time that before and after are sums over.
PairPart pair_part(const ReportView& report, const HeardPairs& before, const HeardPairs& after,
                   double heard_share);

/// Puts them into a view.
void put(TargetPart&& part, AfterView& view);
void put(PairPart&& part, AfterView& view);

}  // namespace tutti::viewer
