#pragma once

#include <cstdint>
#include <vector>

#include "engine/backend.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

/// The outputs of a convolver that share transforms of one size and hop, with all that the shaders need to
/// know about them.
struct ConvolverGroup {
    std::uint32_t transform_frames = 0;
    std::uint32_t hop_frames = 0;
    std::uint32_t partition_frames = 0;
    std::uint32_t hops_per_partition = 1;
    std::uint32_t block_count = 0;  ///< in a chunk; the last may reach beyond it
    std::uint32_t slot_count =
        0;  ///< blocks of the past and the present that each input keeps, a multiple of block_count
    std::vector<std::uint32_t> input_rows;      ///< distinct
    std::vector<std::uint32_t> output_rows;     ///< distinct
    std::vector<std::uint32_t> term_begins;     ///< [output + 1]
    std::vector<shaders::ConvolverTerm> terms;  ///< of output 0, of output 1, ...; each in plan order
    std::vector<const std::vector<float>*>
        kernels;  ///< distinct, into the plan; their partitions are the units, in order
    std::uint32_t unit_count = 0;

    std::uint32_t past_frames() const { return transform_frames - hop_frames; }
    std::uint32_t bin_count() const { return transform_frames / 2 + 1; }
    std::uint64_t block_bytes() const { return std::uint64_t{bin_count()} * 2 * sizeof(float); }
    std::uint32_t partition_count(const std::vector<float>& kernel) const;
};

/// What the planner is told of one output: its inputs are counted as its own.
ConvolverJob job_of(const std::vector<const ConvolverPath*>& paths, const RowsShape& shape,
                    const ConvolverPlan& plan);

/// The paths of every output, by output row and in plan order. Checks the plan's indices.
std::vector<std::vector<const ConvolverPath*>> paths_by_output(const RowsShape& shape,
                                                               const ConvolverPlan& plan);

/// Sorts the paths of a plan into groups. An output takes the layout that suits its longest kernel, so that
/// all its paths are summed in one place, in plan order.
std::vector<ConvolverGroup> group_paths(const RowsShape& shape, const ConvolverPlan& plan,
                                        const ConvolverCosts& costs);

}  // namespace tutti::vulkan
