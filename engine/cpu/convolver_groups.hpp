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
        float gain = 1.0F;
    };
    struct Output {
        int row = 0;
        std::vector<Term> terms;  ///< in plan order
    };
    std::vector<int> input_rows;
    std::vector<Output> outputs;
    bool shares_kernels = false;  ///< with other groups, all of them

    /// `shape`: of the rows that are there beside the group's, too.
    ConvolverJob job(const ConvolverPlan& plan, const RowsShape& shape) const;
};

/// How the inputs of a group are taken, which depends on nothing but the job: in batches that are transformed
/// side by side, the batches in shares. Each share has sums of its own, so that threads may take shares in
/// any order; in the end the shares' sums are added in theirs.
struct InputShares {
    int batch_inputs = 1;  ///< of every batch but the last
    int batch_count = 1;
    int share_count = 1;

    /// All in one batch: outputs are made from it, and no sums are kept.
    bool are_one() const { return batch_count == 1; }
};

InputShares share_inputs(const ConvolverJob& job, int transform_frames);

/// Whether the chunk of all rows is still in a third-level cache when it is convolved.
bool rows_stay_near(const RowsShape& shape);

/// The groups of a plan: those of one first kernel side by side, so that it comes to the caches once. Checks
/// the plan's indices.
std::vector<ConvolverGroup> group_paths(const RowsShape& shape, const ConvolverPlan& plan);

}  // namespace tutti::cpu
