#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

/// Workgroups of shaders::workgroup_size invocations that cover `count`.
std::uint32_t groups_for(std::uint32_t count);

/// Workgroups that cover `count`, each making `tile` of them.
std::uint32_t groups_for(std::uint32_t count, std::uint32_t tile);

enum class UsesRows { no, yes };

/// What a shader is made of.
struct PipelineShape {
    std::span<const std::uint32_t> spirv;
    std::vector<std::uint32_t> binding_sizes;  ///< buffers in each binding of set 0: 1, or tile_limit
    std::uint32_t push_bytes = 0;
    UsesRows uses_rows = UsesRows::yes;        ///< set 1 holds the rows
    std::vector<std::int32_t> constants = {};  ///< specialization constants 0, 1, ...
};

/// A compute shader ready to run.
class Pipeline {
  public:
    Pipeline(const Device& device, const PipelineShape& shape);

    VkPipeline handle() const { return pipeline_.get(); }
    VkPipelineLayout layout() const { return layout_.get(); }
    VkDescriptorSetLayout set_layout() const { return set_layout_.get(); }

  private:
    OwnedSetLayout set_layout_;
    OwnedPipelineLayout layout_;
    OwnedPipeline pipeline_;
};

/// A descriptor set with its buffers: one span of buffers per binding.
class BufferSet {
  public:
    BufferSet(const Device& device, VkDescriptorSetLayout layout,
              std::initializer_list<std::span<const VkBuffer>> bindings);

    VkDescriptorSet handle() const { return set_; }

  private:
    OwnedDescriptorPool pool_;
    VkDescriptorSet set_ = VK_NULL_HANDLE;
};

}  // namespace tutti::vulkan
