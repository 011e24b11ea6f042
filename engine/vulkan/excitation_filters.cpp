#include "engine/vulkan/excitation_filters.hpp"

#include "shaders/excitation_levels.spv.hpp"
#include "shaders/excitation_product.spv.hpp"
#include "shaders/excitation_totals.spv.hpp"

namespace tutti::vulkan {

namespace {

/// More objects share each filter weight the more there are, up to 4 in an invocation.
std::uint32_t choose_objects_per_invocation(std::uint32_t object_count) {
    if (object_count > 2 * shaders::product_object_lanes) return 4;
    return object_count > shaders::product_object_lanes ? 2 : 1;
}

}  // namespace

ExcitationFilters::ExcitationFilters(Device& device, const FilterTables& tables, std::uint32_t object_count,
                                     std::uint32_t most_slices, const Buffer& powers)
    : component_count_(static_cast<std::uint32_t>(tables.component_hz.size())),
      band_count_(static_cast<std::uint32_t>(tables.bands.size())),
      object_count_(object_count),
      objects_per_invocation_(choose_objects_per_invocation(object_count)),
      reaches_(make_table(device, tables.reaches)),
      level_weights_(make_table(device, tables.level_weights)),
      bands_(make_table(device, tables.bands)),
      component_hz_(make_table(device, tables.component_hz)),
      upper_weights_(make_table(device, tables.upper_weights)),
      totals_(device, levels_of(most_slices) * sizeof(float), Memory::device),
      levels_(device, levels_of(most_slices) * sizeof(float), Memory::device),
      totals_pipeline_(
          device, {shaders::excitation_totals, {1, 1}, sizeof(shaders::ExcitationTotalsPush), UsesRows::no}),
      levels_pipeline_(
          device,
          {shaders::excitation_levels, {1, 1, 1, 1}, sizeof(shaders::ExcitationLevelsPush), UsesRows::no}),
      product_pipeline_(device, {shaders::excitation_product,
                                 {1, 1, 1, 1, 1},
                                 sizeof(shaders::ExcitationProductPush),
                                 UsesRows::yes,
                                 {static_cast<std::int32_t>(objects_per_invocation_)}}),
      totals_set_(device, totals_pipeline_.set_layout(), {powers.handle_span(), totals_.handle_span()}),
      levels_set_(device, levels_pipeline_.set_layout(),
                  {reaches_.handle_span(), level_weights_.handle_span(), totals_.handle_span(),
                   levels_.handle_span()}),
      product_set_(device, product_pipeline_.set_layout(),
                   {bands_.handle_span(), component_hz_.handle_span(), upper_weights_.handle_span(),
                    levels_.handle_span(), powers.handle_span()}) {
    device.require({groups_for(component_count_ * shaders::totals_lanes), 2 * most_slices});
}

void ExcitationFilters::totals(Recording& recording, std::uint32_t slice_count) const {
    recording.stage("excitation_totals", (powers_of(slice_count) + levels_of(slice_count)) * sizeof(float));
    const shaders::ExcitationTotalsPush push{object_count_, component_count_};
    recording.run(totals_pipeline_, totals_set_, VK_NULL_HANDLE, push,
                  {groups_for(component_count_ * shaders::totals_lanes), 2 * slice_count});
}

void ExcitationFilters::levels(Recording& recording, std::uint32_t slice_count) const {
    recording.stage("excitation_levels", 2 * levels_of(slice_count) * sizeof(float));
    const shaders::ExcitationLevelsPush push{component_count_};
    recording.run(levels_pipeline_, levels_set_, VK_NULL_HANDLE, push,
                  {groups_for(component_count_), 2 * slice_count});
}

void ExcitationFilters::product(Recording& recording, const VulkanExcitations& tile,
                                std::uint32_t first_slice, std::uint32_t slice_count) const {
    const std::uint64_t excitations = std::uint64_t{2} * slice_count * object_count_ * band_count_;
    recording.stage("excitation_product",
                    (powers_of(slice_count) + levels_of(slice_count) + excitations) * sizeof(float));
    const shaders::ExcitationProductPush push{tile.layout(), first_slice, component_count_};
    const std::uint32_t object_tile = shaders::product_object_lanes * objects_per_invocation_;
    recording.run(product_pipeline_, product_set_, tile.set(), push,
                  {groups_for(band_count_, shaders::product_band_tile),
                   groups_for(object_count_, object_tile), 2 * slice_count});
}

}  // namespace tutti::vulkan
