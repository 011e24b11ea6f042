#pragma once

#include "engine/masking.hpp"
#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/pipeline.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

/// Excitations in device memory, over several buffers where one would be larger than the device can bind.
class VulkanExcitations final : public Excitations {
  public:
    VulkanExcitations(Device& device, const ExcitationsShape& shape);
    ~VulkanExcitations() override;

    const ExcitationsShape& shape() const override { return shape_; }
    void write(int first_slice, std::span<const float> values) override;
    void read(int first_slice, std::span<float> values) const override;

    const Device& device() const { return device_; }
    VkDescriptorSet set() const { return set_.handle(); }
    const shaders::ExcitationsLayout& layout() const { return layout_; }

  private:
    struct Piece {
        std::size_t tile;
        std::uint64_t offset_bytes;
        std::size_t value_count;
    };
    Piece piece_from(std::uint32_t first_slice, std::size_t value_count) const;
    void check_range(int first_slice, std::size_t value_count) const;

    Device& device_;
    ExcitationsShape shape_;
    std::size_t slice_values_;
    TiledBuffer values_;
    shaders::ExcitationsLayout layout_;
    BufferSet set_;
    std::uint32_t slices_per_piece_;
    UploadHalves upload_;
    Buffer readback_;
};

/// The Vulkan excitations behind `tile`; checks that they belong to this device.
const VulkanExcitations& vulkan_excitations(const Excitations& tile, const Device& device);

}  // namespace tutti::vulkan
