#pragma once

#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "engine/convolver_planner.hpp"

namespace tutti::cpu {

/// Paths that share rows, directly or through others: a convolution of its own, that needs no other's rows.
struct ConvolverGroup {
    struct Term {
        int input = 0;   ///< index into input_rows
        int kernel = 0;  ///< of the plan
    };
    struct Output {
        int row = 0;
        std::vector<Term> terms;  ///< in plan order
    };
    std::vector<int> input_rows;
    std::vector<Output> outputs;
    bool shares_kernels = false;  ///< with other groups, all of them

    ConvolverJob job(const ConvolverPlan& plan, int chunk_frames) const;
};

/// The groups of a plan, in the order of their first paths. Checks the plan's indices.
std::vector<ConvolverGroup> group_paths(const RowsShape& shape, const ConvolverPlan& plan);

}  // namespace tutti::cpu
