#pragma once

#include <span>
#include <vector>

#include "engine/backend.hpp"

namespace tutti::vulkan {

/// Paths that share rows, directly or through others: what may be planned apart from the rest.
struct ConvolverPart {
    struct Output {
        int row = 0;
        std::vector<const ConvolverPath*> paths;  ///< in plan order
        bool adds = false;                        ///< to what another part's paths have made of the row
    };
    std::vector<Output> outputs;  ///< in the order of their first paths
    bool shares_kernels = false;  ///< all of them are other parts' too

    ConvolverJob job(const ConvolverPlan& plan, int chunk_frames) const;
};

/// The parts of a plan, in the order of their first paths. Checks the plan's indices.
std::vector<ConvolverPart> split_into_parts(const RowsShape& shape, const ConvolverPlan& plan);

}  // namespace tutti::vulkan
