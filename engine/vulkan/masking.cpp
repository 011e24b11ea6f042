#include "engine/vulkan/masking.hpp"

#include <algorithm>
#include <numbers>
#include <utility>
#include <vector>

#include "engine/errors.hpp"
#include "engine/masking_model.hpp"
#include "engine/vulkan/excitations.hpp"
#include "engine/vulkan/masking_counts.hpp"
#include "engine/vulkan/masking_results.hpp"
#include "engine/vulkan/masking_tables.hpp"
#include "engine/vulkan/recording.hpp"
#include "shaders/masking_bands.spv.hpp"
#include "shaders/masking_groups.spv.hpp"
#include "shaders/masking_levels.spv.hpp"
#include "shaders/masking_means.spv.hpp"
#include "shaders/masking_peaks.spv.hpp"
#include "shaders/masking_product.spv.hpp"
#include "shaders/masking_sums.spv.hpp"
#include "shaders/masking_totals.spv.hpp"

namespace tutti::vulkan {

namespace {

PipelineShape shape_of(std::span<const std::uint32_t> spirv, std::uint32_t binding_count,
                       std::uint32_t push_bytes, UsesRows uses_rows) {
    return {spirv, std::vector<std::uint32_t>(binding_count, 1), push_bytes, uses_rows};
}

Buffer zeros(Device& device, std::uint64_t value_count) {
    return make_table(device, std::vector<float>(value_count, 0.0F));
}

class VulkanMasking final : public Masking {
  public:
    VulkanMasking(Device& device, const MaskingPlan& plan) : VulkanMasking(device, plan, ObjectSums(plan)) {}
    ~VulkanMasking() override { device_.finish(); }

    void process(const Excitations& tile, int slice_count, MaskingTile& result) override;

  private:
    VulkanMasking(Device& device, const MaskingPlan& plan, const ObjectSums& sums);

    // The stages of a tile, in this order, those from sums() to groups() for each batch. A barrier must stand
    // behind means(), sums(), levels() and groups(), and behind totals().
    void peaks(Recording& recording, const VulkanExcitations& tile, std::uint32_t slice_count) const;
    void means(Recording& recording, const VulkanExcitations& tile, std::uint32_t slice_count) const;
    void sums(Recording& recording, const VulkanExcitations& tile, const MaskingBatch& batch) const;
    void levels(Recording& recording, const VulkanExcitations& tile, const MaskingBatch& batch) const;
    void product(Recording& recording, const VulkanExcitations& tile, const MaskingBatch& batch) const;
    void bands(Recording& recording, const MaskingBatch& batch, std::uint32_t slice_count) const;
    void groups(Recording& recording, const MaskingBatch& batch) const;
    void totals(Recording& recording) const;

    Device& device_;
    bool makes_everything_;  ///< or only loudness
    MaskingCounts counts_;
    double loudness_scale_;  ///< sone of a unit of specific loudness in one band
    double slice_s_;
    Buffer bands_;
    Buffer objects_;
    Buffer members_;
    Buffer nodes_;
    Buffer sum_nodes_;
    Buffer display_starts_;
    Buffer group_starts_;
    Buffer peaks_;         ///< [object], kept from tile to tile
    Buffer sums_;          ///< [slice][ear][sum][band]
    Buffer clashes_;       ///< [slice][ear][object][band]
    Buffer benefits_;      ///< [slice][ear][object][band]
    Buffer cells_;         ///< [kind][hop][object][band]
    Buffer clash_sums_;    ///< [split][group][target][masker]
    Buffer benefit_sums_;  ///< [split][group][target][masker]
    MaskingResults results_;
    Pipeline peaks_pipeline_;
    Pipeline means_pipeline_;
    Pipeline sums_pipeline_;
    Pipeline levels_pipeline_;
    Pipeline product_pipeline_;
    Pipeline bands_pipeline_;
    Pipeline groups_pipeline_;
    Pipeline totals_pipeline_;
    BufferSet peaks_set_;
    BufferSet means_set_;
    BufferSet sums_set_;
    BufferSet levels_set_;
    BufferSet product_set_;
    BufferSet bands_set_;
    BufferSet groups_set_;
    BufferSet clash_set_;
    BufferSet benefit_set_;
};

VulkanMasking::VulkanMasking(Device& device, const MaskingPlan& plan, const ObjectSums& sums)
    : device_(device),
      makes_everything_(plan.work == MaskingWork::everything),
      counts_(device, plan, sums.sums.size()),
      loudness_scale_(loudness_scale * plan.grid.band_step_cam),
      slice_s_(plan.slice_s),
      bands_(make_table(device, masking_bands(plan.grid))),
      objects_(make_table(device, sums.objects)),
      members_(make_table(device, sums.members)),
      nodes_(make_table(device, sums.nodes)),
      sum_nodes_(make_table(device, sums.sums)),
      display_starts_(make_table(device, run_starts(plan.grid.display_bands))),
      group_starts_(make_table(device, run_starts(plan.grid.band_groups))),
      peaks_(zeros(device, counts_.objects)),
      sums_(device, counts_.sums_of(counts_.batch_slices()) * sizeof(float), Memory::device),
      clashes_(device, counts_.weights_of(counts_.batch_slices()) * sizeof(float), Memory::device),
      benefits_(device, clashes_.bytes(), Memory::device),
      cells_(device, counts_.cells_of(counts_.batch_hops) * sizeof(float), Memory::device),
      clash_sums_(device, counts_.splits * counts_.pairs() * sizeof(float), Memory::device),
      benefit_sums_(device, clash_sums_.bytes(), Memory::device),
      results_(device, plan, counts_, sums.excused),
      peaks_pipeline_(device,
                      shape_of(shaders::masking_peaks, 3, sizeof(shaders::MaskingPeaksPush), UsesRows::yes)),
      means_pipeline_(device,
                      shape_of(shaders::masking_means, 2, sizeof(shaders::MaskingMeansPush), UsesRows::yes)),
      sums_pipeline_(device,
                     shape_of(shaders::masking_sums, 2, sizeof(shaders::MaskingSumsPush), UsesRows::yes)),
      levels_pipeline_(
          device, shape_of(shaders::masking_levels, 9, sizeof(shaders::MaskingLevelsPush), UsesRows::yes)),
      product_pipeline_(
          device, shape_of(shaders::masking_product, 5, sizeof(shaders::MaskingProductPush), UsesRows::yes)),
      bands_pipeline_(device,
                      shape_of(shaders::masking_bands, 4, sizeof(shaders::MaskingBandsPush), UsesRows::no)),
      groups_pipeline_(
          device, shape_of(shaders::masking_groups, 3, sizeof(shaders::MaskingGroupsPush), UsesRows::no)),
      totals_pipeline_(
          device, shape_of(shaders::masking_totals, 2, sizeof(shaders::MaskingTotalsPush), UsesRows::no)),
      peaks_set_(device, peaks_pipeline_.set_layout(),
                 {objects_.handle_span(), members_.handle_span(), peaks_.handle_span()}),
      means_set_(device, means_pipeline_.set_layout(),
                 {display_starts_.handle_span(), results_.excitation.values.handle_span()}),
      sums_set_(device, sums_pipeline_.set_layout(), {sum_nodes_.handle_span(), sums_.handle_span()}),
      levels_set_(device, levels_pipeline_.set_layout(),
                  {bands_.handle_span(), objects_.handle_span(), members_.handle_span(), nodes_.handle_span(),
                   sums_.handle_span(), peaks_.handle_span(), clashes_.handle_span(), benefits_.handle_span(),
                   cells_.handle_span()}),
      product_set_(device, product_pipeline_.set_layout(),
                   {group_starts_.handle_span(), clashes_.handle_span(), benefits_.handle_span(),
                    clash_sums_.handle_span(), benefit_sums_.handle_span()}),
      bands_set_(device, bands_pipeline_.set_layout(),
                 {display_starts_.handle_span(), cells_.handle_span(),
                  results_.margin_db.values.handle_span(), results_.loudness.values.handle_span()}),
      groups_set_(device, groups_pipeline_.set_layout(),
                  {group_starts_.handle_span(), cells_.handle_span(), results_.grouped.values.handle_span()}),
      clash_set_(device, totals_pipeline_.set_layout(),
                 {clash_sums_.handle_span(), results_.clash.values.handle_span()}),
      benefit_set_(device, totals_pipeline_.set_layout(),
                   {benefit_sums_.handle_span(), results_.benefit.values.handle_span()}) {
    // Widest dispatches.
    device.require({counts_.objects, counts_.tile_slices});
    device.require({groups_for(counts_.excitations * counts_.displays), 2 * counts_.hops()});
    device.require({groups_for(counts_.objects * counts_.bands), counts_.batch_hops});
    device.require({counts_.product_groups().x, counts_.product_groups().y, counts_.groups * counts_.splits});
    device.require(counts_.totals_groups());
}

void VulkanMasking::process(const Excitations& tile, int slice_count, MaskingTile& result) {
    const VulkanExcitations& source = vulkan_excitations(tile, device_);
    const ExcitationsShape& shape = source.shape();
    const auto slices = static_cast<std::uint32_t>(slice_count);
    TUTTI_CHECK(slice_count > 0 && slices <= counts_.tile_slices && slice_count <= shape.slice_count);
    TUTTI_CHECK(shape.object_count == static_cast<int>(counts_.excitations) &&
                shape.band_count == static_cast<int>(counts_.bands));
    const std::uint32_t hop_count = groups_for(slices, counts_.hop_slices);

    // Every recording begins with a barrier.
    if (makes_everything_) {
        Recording first = device_.record();
        peaks(first, source, slices);
        means(first, source, slices);
        first.submit();
    }
    for (std::uint32_t hop = 0; hop < hop_count; hop += counts_.batch_hops) {
        const std::uint32_t first_slice = hop * counts_.hop_slices;
        const MaskingBatch batch{hop, std::min(counts_.batch_hops, hop_count - hop), first_slice,
                                 std::min(counts_.batch_slices(), slices - first_slice), hop == 0};
        Recording recording = device_.record();
        sums(recording, source, batch);
        recording.shaders_before_shaders();
        levels(recording, source, batch);
        recording.shaders_before_shaders();
        if (makes_everything_) product(recording, source, batch);
        bands(recording, batch, slices);
        groups(recording, batch);
        recording.submit();
    }
    Recording last = device_.record();
    if (makes_everything_) totals(last);
    last.shaders_before_copies();
    results_.read(last);
    last.copies_before_host();
    device_.wait(last.submit());
    results_.take(result, hop_count);
}

void VulkanMasking::peaks(Recording& recording, const VulkanExcitations& tile,
                          std::uint32_t slice_count) const {
    recording.stage("masking_peaks", counts_.excitations_of(slice_count) * sizeof(float));
    const shaders::MaskingPeaksPush push{tile.layout()};
    recording.run(peaks_pipeline_, peaks_set_, tile.set(), push, {counts_.objects, slice_count});
}

void VulkanMasking::means(Recording& recording, const VulkanExcitations& tile,
                          std::uint32_t slice_count) const {
    const std::uint32_t hop_count = groups_for(slice_count, counts_.hop_slices);
    recording.stage("masking_means",
                    (counts_.excitations_of(slice_count) + counts_.means(hop_count)) * sizeof(float));
    const shaders::MaskingMeansPush push{tile.layout(), counts_.displays, counts_.hop_slices, slice_count};
    recording.run(means_pipeline_, means_set_, tile.set(), push,
                  {groups_for(counts_.excitations * counts_.displays), 2 * hop_count});
}

void VulkanMasking::sums(Recording& recording, const VulkanExcitations& tile,
                         const MaskingBatch& batch) const {
    recording.stage(
        "masking_sums",
        (counts_.excitations_of(batch.slice_count) + counts_.sums_of(batch.slice_count)) * sizeof(float));
    const shaders::MaskingSumsPush push{tile.layout(), batch.first_slice, counts_.sums};
    recording.run(sums_pipeline_, sums_set_, tile.set(), push,
                  {groups_for(2 * counts_.bands), batch.slice_count});
}

void VulkanMasking::levels(Recording& recording, const VulkanExcitations& tile,
                           const MaskingBatch& batch) const {
    recording.stage("masking_levels",
                    (counts_.excitations_of(batch.slice_count) + counts_.sums_of(batch.slice_count) +
                     2 * counts_.weights_of(batch.slice_count) + counts_.cells_of(batch.hop_count)) *
                        sizeof(float));
    const shaders::MaskingLevelsPush push{tile.layout(),      batch.first_slice, batch.slice_count,
                                          counts_.hop_slices, counts_.objects,   counts_.sums};
    recording.run(levels_pipeline_, levels_set_, tile.set(), push,
                  {groups_for(counts_.objects * counts_.bands), batch.hop_count});
}

void VulkanMasking::product(Recording& recording, const VulkanExcitations& tile,
                            const MaskingBatch& batch) const {
    recording.stage("masking_product",
                    (counts_.excitations_of(batch.slice_count) + 2 * counts_.weights_of(batch.slice_count) +
                     2 * counts_.splits * counts_.pairs()) *
                        sizeof(float));
    const shaders::MaskingProductPush push{
        tile.layout(),   batch.first_slice, batch.slice_count,       counts_.slices_per_split(),
        counts_.objects, counts_.groups,    batch.is_first ? 0U : 1U};
    const GroupCount groups = counts_.product_groups();
    recording.run(product_pipeline_, product_set_, tile.set(), push,
                  {groups.x, groups.y, counts_.groups * counts_.splits});
}

void VulkanMasking::bands(Recording& recording, const MaskingBatch& batch, std::uint32_t slice_count) const {
    // Two ears' excitations and thresholds, and partial loudness.
    recording.stage(
        "masking_bands",
        (counts_.cells_of(batch.hop_count, 5) + 2 * counts_.displayed(batch.hop_count)) * sizeof(float));
    const shaders::MaskingBandsPush push{
        counts_.objects, counts_.bands,      counts_.displays, batch.hop_count,
        batch.first_hop, counts_.hop_slices, slice_count,      static_cast<float>(loudness_scale_)};
    recording.run(bands_pipeline_, bands_set_, VK_NULL_HANDLE, push,
                  {groups_for(counts_.objects * counts_.displays), batch.hop_count});
}

void VulkanMasking::groups(Recording& recording, const MaskingBatch& batch) const {
    recording.stage("masking_groups",
                    (counts_.cells_of(batch.hop_count, group_kinds) + counts_.grouped()) * sizeof(float));
    const shaders::MaskingGroupsPush push{counts_.objects, counts_.bands, counts_.groups, batch.hop_count,
                                          batch.is_first ? 0U : 1U};
    recording.run(groups_pipeline_, groups_set_, VK_NULL_HANDLE, push,
                  {groups_for(counts_.objects * counts_.groups), group_kinds});
}

void VulkanMasking::totals(Recording& recording) const {
    recording.stage("masking_totals", 2 * (counts_.splits + 1) * counts_.pairs() * sizeof(float));
    const auto pairs = static_cast<std::uint32_t>(counts_.pairs());
    const double clash_scale = loudness_scale_ * slice_s_;
    const double benefit_scale = clash_scale * std::numbers::ln10 / 10.0;
    const shaders::MaskingTotalsPush clash{pairs, counts_.splits, static_cast<float>(clash_scale)};
    const shaders::MaskingTotalsPush benefit{pairs, counts_.splits, static_cast<float>(benefit_scale)};
    recording.run(totals_pipeline_, clash_set_, VK_NULL_HANDLE, clash, counts_.totals_groups());
    recording.run(totals_pipeline_, benefit_set_, VK_NULL_HANDLE, benefit, counts_.totals_groups());
}

}  // namespace

std::unique_ptr<Masking> make_masking(Device& device, const MaskingPlan& plan) {
    return std::make_unique<VulkanMasking>(device, plan);
}

}  // namespace tutti::vulkan
