#pragma once

#include <array>
#include <vector>

#include "host/masking_results.hpp"

namespace tutti {

/// Where an element of a view's arrays lies.
struct MaskingShape {
    int objects = 0;
    int hops = 0;
    int bands = 0;  ///< display bands
    int sections = 0;
    int groups = 0;  ///< of bands

    MaskingShape(const MaskingResults& results, const MaskingView& view);

    std::size_t cell(int object, int hop, int band) const;                   ///< margin, loudness
    std::size_t pair(int section, int group, int target, int masker) const;  ///< clash, benefit
    std::size_t sum(int section, int group, int object) const;               ///< partial, self-cost
    std::size_t excitation(int ear, int object, int hop, int band) const;
};

/// A masker's part in what a target suffers: its clash over that of all maskers.
struct Blame {
    int masker = 0;
    double clash = 0.0;  ///< sone s
    double share = 0.0;  ///< 0 ... 1
};

/// An object over the whole stretch.
struct ObjectSummary {
    double loudness_sone = 0.0;         ///< partial loudness, mean over time
    double loudness_active_sone = 0.0;  ///< mean over the hops in which it is active; 0 when it never is
    double active_share = 0.0;          ///< of the hops
    std::array<double, audibility_count> audibility{};  ///< shares of its active bands and time; sum 1, or 0
    double clash_as_target = 0.0;                       ///< sone s
    double clash_as_masker = 0.0;                       ///< sone s
    std::vector<Blame> maskers;                         ///< above 0, the greatest first

    double hidden_share() const { return audibility[0] + audibility[1]; }  ///< inaudible or heavily masked
};

/// [object]
std::vector<ObjectSummary> summarize_masking(const MaskingResults& results, const MaskingView& view);

/// [target][masker]: clash of the view's sections and band groups together, sone s.
std::vector<double> total_clash(const MaskingResults& results, const MaskingView& view);

/// The `count` objects with the greatest clash, as target and masker together, in the view's order.
std::vector<int> heaviest_objects(const std::vector<ObjectSummary>& summaries, int count);

/// Whether neither masks the other: the same object, a return and what feeds it, or two that are coherent.
bool are_relatives(const MaskingView& view, int a, int b);

/// [hop][display band]: the object whose excitation is greatest among those that mask `target`, of both ears
/// together; -1 where there is nothing. For tracks.
std::vector<int> strongest_maskers(const MaskingResults& results, int target);

}  // namespace tutti
