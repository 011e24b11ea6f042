#pragma once

#include <cstdint>

#include "engine/masking.hpp"
#include "engine/vulkan/device.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

/// Sums over groups of bands that masking_groups makes.
inline constexpr std::uint32_t group_kinds = shaders::cell_kinds - shaders::cell_self_cost;

/// How much there is of everything in a MaskingPlan, as shaders count it. Hops are taken in batches, so that
/// no buffer need be large, and the slices of a batch are split among workgroups, so that there are enough of
/// them.
struct MaskingCounts {
    /// `sum_count`: of ObjectSums. Throws DeviceError when there are too many objects for the device.
    MaskingCounts(const Device& device, const MaskingPlan& plan, std::size_t sum_count);

    std::uint32_t objects, excitations, bands, displays, groups, sums, hop_slices, tile_slices;
    std::uint32_t batch_hops;
    std::uint32_t splits;  ///< of a batch

    std::uint32_t hops() const { return tile_slices / hop_slices; }
    std::uint32_t batch_slices() const { return batch_hops * hop_slices; }
    std::uint32_t slices_per_split() const { return (batch_slices() + splits - 1) / splits; }

    // Floats in buffers.
    std::uint64_t excitations_of(std::uint64_t slices) const { return slices * 2 * excitations * bands; }
    std::uint64_t sums_of(std::uint64_t slices) const { return slices * 2 * sums * bands; }
    std::uint64_t weights_of(std::uint64_t slices) const { return slices * 2 * objects * bands; }
    std::uint64_t cells_of(std::uint64_t hop_count, std::uint64_t kinds = shaders::cell_kinds) const {
        return hop_count * kinds * objects * bands;
    }
    std::uint64_t displayed(std::uint64_t hop_count) const { return hop_count * objects * displays; }
    std::uint64_t means(std::uint64_t hop_count) const { return hop_count * 2 * excitations * displays; }
    std::uint64_t pairs() const { return std::uint64_t{groups} * objects * excitations; }
    std::uint64_t grouped() const { return std::uint64_t{group_kinds} * groups * objects; }

    // Workgroups.
    GroupCount product_groups() const;
    GroupCount totals_groups() const;
};

/// Some hops of a tile.
struct MaskingBatch {
    std::uint32_t first_hop;
    std::uint32_t hop_count;
    std::uint32_t first_slice;
    std::uint32_t slice_count;
    bool is_first;
};

}  // namespace tutti::vulkan
