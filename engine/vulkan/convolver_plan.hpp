#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/backend.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

/// How the spectra that inputs keep lie in buffers. Tile (i, s) has room for slots s * slots_per_tile ... of
/// inputs i * inputs_per_tile ..., [slot][input][bin]; it is number i * slot_tile_count + s. The slots of one
/// chunk hold the blocks of those inputs that sound, one input after the other, and nothing of the others.
struct RingTiling {
    std::uint32_t inputs_per_tile = 0;
    std::uint32_t input_tile_count = 0;
    std::uint32_t slots_per_tile = 0;  ///< a multiple of block_count: the blocks of a chunk lie in one piece
    std::uint32_t slot_tile_count = 0;
};

/// A stretch of one kernel that has a spectrum of its own.
struct KernelUnit {
    const std::vector<float>* kernel = nullptr;
    std::size_t first_tap = 0;
};

/// Outputs of a convolver that share transforms of one size and hop, with all that the shaders need to know
/// about them.
struct ConvolverGroup {
    std::uint32_t transform_frames = 0;
    std::uint32_t hop_frames = 0;
    std::uint32_t partition_frames = 0;
    std::uint32_t hops_per_partition = 1;
    std::uint32_t block_count = 0;  ///< in a chunk; the last may reach beyond it
    std::uint32_t block_tile = 1;   ///< blocks, and
    std::uint32_t output_tile = 1;  ///< outputs, that one invocation multiplies with the same kernel bins
    std::uint32_t slot_count =
        0;  ///< blocks of the past and the present that each input keeps, a multiple of block_count
    RingTiling ring;
    std::vector<std::uint32_t> input_rows;  ///< distinct
    /// Distinct; those of one bundle lie together. With shaders::adds_to_row where an earlier group wrote it.
    std::vector<std::uint32_t> output_rows;
    std::vector<shaders::ConvolverBundle> bundles;
    std::vector<shaders::ConvolverTerm> terms;
    std::vector<shaders::ConvolverInput> term_inputs;
    std::vector<KernelUnit> units;  ///< of partitions that are not all zeros

    std::uint32_t input_count() const { return static_cast<std::uint32_t>(input_rows.size()); }
    std::uint32_t output_count() const { return static_cast<std::uint32_t>(output_rows.size()); }
    std::uint32_t past_frames() const { return transform_frames - hop_frames; }
    std::uint32_t bin_count() const { return transform_frames / 2 + 1; }
    std::uint32_t inputs_in(std::uint32_t input_tile) const {
        return std::min(ring.inputs_per_tile, input_count() - input_tile * ring.inputs_per_tile);
    }
    std::uint32_t block_tile_count() const { return (block_count + block_tile - 1) / block_tile; }
    std::uint64_t block_bytes() const { return std::uint64_t{bin_count()} * 2 * sizeof(float); }
};

/// Sorts the paths of a plan into groups: paths that share rows, directly or through others, take one layout,
/// so that every input is transformed once and every output summed in plan order; parts with like layouts are
/// done together, as far as buffers of tile_bytes hold them. An output with more paths than they hold is
/// summed in its row, by several groups in their order. Throws DeviceError when they cannot hold one path.
/// Checks the plan's indices.
std::vector<ConvolverGroup> group_paths(const RowsShape& shape, const ConvolverPlan& plan,
                                        const ConvolverCosts& costs, std::uint64_t tile_bytes);

}  // namespace tutti::vulkan
