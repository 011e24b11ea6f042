#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/pipeline.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

/// Rows in device memory, over several buffers where one would be larger than the device can bind.
class VulkanRows final : public Rows {
  public:
    VulkanRows(Device& device, const RowsShape& shape);
    ~VulkanRows() override;

    const RowsShape& shape() const override { return shape_; }
    void write(int first_row, std::span<const float> samples) override;
    void read(int first_row, std::span<float> samples) const override;
    void advance() override;

    const Device& device() const { return device_; }
    VkDescriptorSet set() const { return set_.handle(); }
    const shaders::RowsLayout& layout() const { return layout_; }

  private:
    struct Piece {
        int first_row;
        int row_count;
        std::size_t tile;
    };
    void copy_rows(float* to, const float* from, int row_count) const;
    Piece piece_from(int first_row, int end_row) const;
    std::span<const VkBufferCopy> regions_of(const Piece& piece, bool to_rows) const;

    Device& device_;
    RowsShape shape_;
    TiledBuffer samples_;
    shaders::RowsLayout layout_;
    BufferSet set_;
    Pipeline advance_;
    BufferSet advance_set_;
    int rows_per_piece_;
    mutable std::vector<VkBufferCopy> regions_;
    UploadHalves upload_;
    std::array<Buffer, 2> readback_;
};

/// The Vulkan rows behind `rows`; checks that they belong to this device and have this shape.
const VulkanRows& vulkan_rows(const Rows& rows, const Device& device, const RowsShape& shape);

}  // namespace tutti::vulkan
