#pragma once

#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/excitation_tables.hpp"
#include "engine/vulkan/excitations.hpp"
#include "engine/vulkan/pipeline.hpp"
#include "engine/vulkan/recording.hpp"

namespace tutti::vulkan {

/// Auditory filters: powers of components in, excitations out.
class ExcitationFilters {
  public:
    /// `powers`: [slice][ear][component][object], of most_slices slices.
    ExcitationFilters(Device& device, const FilterTables& tables, std::uint32_t object_count,
                      std::uint32_t most_slices, const Buffer& powers);

    // The stages of some slices, in this order. A barrier must stand behind the first two.
    void totals(Recording& recording, std::uint32_t slice_count) const;
    void levels(Recording& recording, std::uint32_t slice_count) const;
    void product(Recording& recording, const VulkanExcitations& tile, std::uint32_t first_slice,
                 std::uint32_t slice_count) const;

  private:
    std::uint64_t powers_of(std::uint32_t slice_count) const {
        return std::uint64_t{2} * slice_count * component_count_ * object_count_;
    }
    std::uint64_t levels_of(std::uint32_t slice_count) const {
        return std::uint64_t{2} * slice_count * component_count_;
    }

    std::uint32_t component_count_;
    std::uint32_t band_count_;
    std::uint32_t object_count_;
    std::uint32_t objects_per_invocation_;
    Buffer reaches_;
    Buffer level_weights_;
    Buffer bands_;
    Buffer component_hz_;
    Buffer upper_weights_;
    Buffer totals_;  ///< [slice][ear][component]
    Buffer levels_;  ///< [slice][ear][component]
    Pipeline totals_pipeline_;
    Pipeline levels_pipeline_;
    Pipeline product_pipeline_;
    BufferSet totals_set_;
    BufferSet levels_set_;
    BufferSet product_set_;
};

}  // namespace tutti::vulkan
