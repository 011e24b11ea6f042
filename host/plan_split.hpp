#pragma once

#include <span>
#include <vector>

#include "host/plan.hpp"

namespace tutti {

/// What one of several devices makes of a mix.
struct MixShare {
    MixPlan plan;  ///< sources: its tracks; the first share's plan has SplitMix::inputs behind their rows
    std::vector<int> curves;  ///< [its curve]: of the whole mix
};

/// A mix that several devices make together. Steps are divided, not strips: so sends, keys, stems and an
/// analysis need no rules of their own, and engine and backends know nothing of it. Only the first share
/// takes rows from others, so that nobody waits in a ring: the others run a chunk ahead of it. What a share
/// adds up of a bus crosses as one sum, and sums are added up behind the first share's own, in device order.
struct SplitMix {
    std::vector<MixShare> shares;  ///< [device]; one without output rows has nothing to do

    /// An output row of a share.
    struct Output {
        int share = 0;
        int output = 0;
    };
    std::vector<Output> inputs;   ///< source rows of the first share, behind its tracks'
    std::vector<Output> outputs;  ///< [output row of the whole mix]
};

/// Divides a plan that sum_in_convolvers() has not seen; it sees the shares, unless what is heard is planned.
/// `device_of`: [MixPlan::sources]. A row that is made of one device's tracks alone is made there, sums of
/// several devices' rows on the first. A track that others' dynamics listen to is made on each of their
/// devices; where they listen to more than two tracks, they go on on the first. The steps leave `plan`.
SplitMix split_mix(MixPlan& plan, std::span<const int> device_of, int device_count);

}  // namespace tutti
