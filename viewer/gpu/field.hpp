#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "viewer/field_cells.hpp"
#include "viewer/gpu/device.hpp"

namespace tutti::viewer {

/// What draws fields into a render pass.
class FieldPipeline {
  public:
    FieldPipeline(const Device& device, VkRenderPass render_pass);

    const Device& device() const { return device_; }
    VkDescriptorSetLayout set_layout() const { return set_layout_.get(); }
    VkPipelineLayout layout() const { return layout_.get(); }
    VkPipeline handle() const { return pipeline_.get(); }

  private:
    const Device& device_;
    OwnedSetLayout set_layout_;
    OwnedPipelineLayout layout_;
    OwnedPipeline pipeline_;
};

/// Cells on the device, [row][column], also at half, a quarter, ... the number of columns, so that drawing
/// all of a long session costs no more than a part of it.
class Field {
  public:
    /// Between frames only. Nothing is drawn of a field without cells.
    void set(const FieldPipeline& pipeline, int column_count, int row_count, std::span<const FieldCell> cells,
             const ColourTable& colours);

    /// Inside a render pass over a picture of that size.
    void draw(const FieldPipeline& pipeline, VkCommandBuffer commands, const FieldView& view,
              std::array<float, 2> picture_px) const;

    int column_count() const { return levels_.empty() ? 0 : levels_.front().column_count; }
    int row_count() const { return row_count_; }

  private:
    struct Level {
        std::uint32_t offset = 0;
        int column_count = 0;
    };
    void bind_buffers(const FieldPipeline& pipeline);

    int row_count_ = 0;
    std::vector<Level> levels_;
    MappedBuffer cells_;
    MappedBuffer colours_;
    OwnedDescriptorPool pool_;
    VkDescriptorSet set_ = VK_NULL_HANDLE;
};

}  // namespace tutti::viewer
