#include "viewer/gpu/field.hpp"

#include <algorithm>
#include <cstring>

#include "engine/errors.hpp"
#include "shaders/viewer_layouts.h"

namespace tutti::viewer {

namespace {

/// Cells that one pixel may cover from left to right before a coarser level is drawn.
constexpr double cells_per_px = 2.0;

}  // namespace

void Field::set(const FieldPipeline& pipeline, int column_count, int row_count,
                std::span<const FieldCell> cells, const ColourTable& colours) {
    TUTTI_CHECK(cells.size() == static_cast<std::size_t>(column_count) * row_count);
    levels_.clear();
    row_count_ = row_count;
    if (cells.empty()) return;

    std::vector<FieldCell> all(cells.begin(), cells.end());
    levels_.push_back({0, column_count});
    std::vector<FieldCell> level(cells.begin(), cells.end());
    while (levels_.back().column_count > 1 && levels_.size() < shaders::field_level_limit) {
        level = halve_columns(level, levels_.back().column_count, row_count);
        levels_.push_back({static_cast<std::uint32_t>(all.size()), (levels_.back().column_count + 1) / 2});
        all.insert(all.end(), level.begin(), level.end());
    }

    const std::uint64_t byte_count = all.size() * sizeof(FieldCell);
    if (cells_.byte_count < byte_count) {
        const Device& device = pipeline.device();
        cells_ = device.make_buffer(byte_count, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
        colours_ = device.make_buffer(sizeof(ColourTable), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
        bind_buffers(pipeline);
    }
    std::memcpy(cells_.bytes, all.data(), byte_count);
    std::memcpy(colours_.bytes, colours.data(), sizeof(ColourTable));
}

void Field::bind_buffers(const FieldPipeline& pipeline) {
    const VkDevice device = pipeline.device().handle();
    const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 2};
    auto pool = of_type<VkDescriptorPoolCreateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO);
    pool.maxSets = 1;
    pool.poolSizeCount = 1;
    pool.pPoolSizes = &size;
    VkDescriptorPool made = VK_NULL_HANDLE;
    check(vkCreateDescriptorPool(device, &pool, nullptr, &made), "making a descriptor pool");
    pool_ = {device, made};
    auto set = of_type<VkDescriptorSetAllocateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO);
    const VkDescriptorSetLayout layout = pipeline.set_layout();
    set.descriptorPool = made;
    set.descriptorSetCount = 1;
    set.pSetLayouts = &layout;
    check(vkAllocateDescriptorSets(device, &set, &set_), "making a descriptor set");

    const std::array buffers = {VkDescriptorBufferInfo{cells_.buffer.get(), 0, VK_WHOLE_SIZE},
                                VkDescriptorBufferInfo{colours_.buffer.get(), 0, VK_WHOLE_SIZE}};
    auto write = of_type<VkWriteDescriptorSet>(VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET);
    write.dstSet = set_;
    write.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
    write.descriptorCount = 1;
    std::array writes = {write, write};
    for (std::uint32_t i = 0; i < writes.size(); ++i) {
        writes[i].dstBinding = i;
        writes[i].pBufferInfo = &buffers[i];
    }
    vkUpdateDescriptorSets(device, writes.size(), writes.data(), 0, nullptr);
}

void Field::draw(const FieldPipeline& pipeline, VkCommandBuffer commands, const FieldView& view,
                 std::array<float, 2> picture_px) const {
    if (levels_.empty() || view.right_px <= view.left_px || view.bottom_px <= view.top_px) return;
    const double density = (view.last_column - view.first_column) / (view.right_px - view.left_px);
    std::size_t chosen = 0;
    double scale = 1.0;
    while (chosen + 1 < levels_.size() && density * scale > cells_per_px) {
        ++chosen;
        scale *= 0.5;
    }
    const Level& level = levels_[chosen];

    shaders::FieldPush push{};
    push.left_px = view.left_px;
    push.top_px = view.top_px;
    push.right_px = view.right_px;
    push.bottom_px = view.bottom_px;
    push.picture_width_px = picture_px[0];
    push.picture_height_px = picture_px[1];
    push.first_column = static_cast<float>(view.first_column * scale);
    push.last_column = static_cast<float>(view.last_column * scale);
    push.first_row = static_cast<float>(view.first_row);
    push.last_row = static_cast<float>(view.last_row);
    push.level_offset = level.offset;
    push.column_count = static_cast<std::uint32_t>(level.column_count);
    push.row_count = static_cast<std::uint32_t>(row_count_);
    push.low = view.low;
    push.high = view.high;
    push.line_px = view.line_px;
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline.handle());
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline.layout(), 0, 1, &set_, 0,
                            nullptr);
    vkCmdPushConstants(commands, pipeline.layout(), VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT,
                       0, sizeof(push), &push);
    vkCmdDraw(commands, 6, 1, 0, 0);
}

}  // namespace tutti::viewer
