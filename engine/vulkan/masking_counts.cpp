#include "engine/vulkan/masking_counts.hpp"

#include <algorithm>
#include <string>

#include "engine/errors.hpp"
#include "engine/vulkan/pipeline.hpp"

namespace tutti::vulkan {

namespace {

/// No buffer of a batch is larger than this, unless a single hop needs more.
constexpr std::uint64_t batch_bytes = std::uint64_t{32} << 20;

/// Workgroups of masking_product that keep a large device busy.
constexpr std::uint64_t busy_groups = 1024;

/// Workgroups in a row of a dispatch: what Vulkan promises on every device is 65535.
constexpr std::uint32_t row_groups = 32768;

std::uint32_t clamped(std::uint64_t value, std::uint64_t most) {
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(value, 1, most));
}

}  // namespace

MaskingCounts::MaskingCounts(const Device& device, const MaskingPlan& plan, std::size_t sum_count)
    : objects(static_cast<std::uint32_t>(plan.objects.size())),
      excitations(static_cast<std::uint32_t>(plan.excitation_count)),
      bands(static_cast<std::uint32_t>(plan.grid.band_count())),
      displays(static_cast<std::uint32_t>(plan.grid.display_band_count())),
      groups(static_cast<std::uint32_t>(plan.grid.group_count())),
      sums(static_cast<std::uint32_t>(sum_count)),
      hop_slices(static_cast<std::uint32_t>(plan.hop_slices)),
      tile_slices(static_cast<std::uint32_t>(plan.tile_slices)),
      batch_hops(1),
      splits(1) {
    TUTTI_CHECK(objects > 0 && excitations > 0 && bands > 0 && groups > 0 && displays > 0);
    TUTTI_CHECK(plan.hop_slices > 0 && plan.tile_slices > 0);
    TUTTI_CHECK(plan.tile_slices % plan.hop_slices == 0);
    if (pairs() * sizeof(float) > device.binding_bytes()) {
        throw DeviceError("the Vulkan device binds at most " + std::to_string(device.binding_bytes() >> 20) +
                          " MiB at once, too little for who masks whom among " + std::to_string(objects) +
                          " by " + std::to_string(excitations) + " objects; use --device cpu");
    }
    const std::uint64_t most_floats = std::min(batch_bytes, device.tile_bytes()) / sizeof(float);
    const std::uint64_t hop_floats = std::max({weights_of(hop_slices), sums_of(hop_slices), cells_of(1)});
    batch_hops = clamped(most_floats / hop_floats, hops());
    const std::uint64_t unsplit = std::uint64_t{product_groups().x} * product_groups().y * groups;
    const std::uint64_t wanted = busy_groups / std::max<std::uint64_t>(unsplit, 1);
    const std::uint64_t fitting = most_floats / std::max<std::uint64_t>(pairs(), 1);
    splits = clamped(std::min(wanted, fitting), batch_slices());
}

GroupCount MaskingCounts::product_groups() const {
    return {groups_for(excitations, shaders::masking_masker_tile),
            groups_for(objects, shaders::masking_target_tile), 1};
}

GroupCount MaskingCounts::totals_groups() const {
    const std::uint32_t all = groups_for(static_cast<std::uint32_t>(pairs()));
    return {std::min(all, row_groups), groups_for(all, row_groups), 1};
}

}  // namespace tutti::vulkan
