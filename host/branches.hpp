#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/plan.hpp"
#include "host/render.hpp"

namespace tutti {

/// A few strips of a mix, with a plan of their own: what they make depends on nothing but that plan and what
/// goes into it, so that it may be kept. A branch is some eight tracks that stand next to each other and go
/// the same way, or one bus, or the master. It makes, for every strip below that its strips feed, the sum of
/// what they feed into it; and what side-chains listen to.
struct Branch {
    MixPlan plan;             ///< source rows: the tracks', then `inputs`
    std::vector<int> strips;  ///< numbers of Routing
    std::string name;

    /// A source row that is another branch's output row.
    struct Input {
        int branch = 0;
        int output = 0;
    };
    std::vector<Input> inputs;

    std::int64_t frame_count = 0;  ///< from the first chunk on: behind them its outputs are silence

    int track_row_count() const { return plan.render.source_row_count - static_cast<int>(inputs.size()); }
};

/// Lowers a session to branches, in an order in which each comes behind its inputs; the last one's output is
/// the mix, and its plan knows latency, tail and output channels. The sums are those of make_plan() in
/// another order. Throws InputError as make_plan() does.
std::vector<Branch> make_branches(const OpenedSession& opened, const Warn& warn);

}  // namespace tutti
