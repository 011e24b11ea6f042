#include "engine/vulkan/recording.hpp"

#include <algorithm>

#include "engine/vulkan/structs.hpp"

namespace tutti::vulkan {

namespace {

constexpr VkPipelineStageFlags shader_stage = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT;
constexpr VkPipelineStageFlags copy_stage = VK_PIPELINE_STAGE_TRANSFER_BIT;
constexpr VkAccessFlags shader_access = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT;
constexpr VkAccessFlags copy_access = VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;

}  // namespace

Recording::Recording(Device& device, Commands& commands, bool repeats)
    : commands_(commands),
      stages_(device.is_transfer(commands.lane()) ? copy_stage : shader_stage | copy_stage) {
    auto info = of_type<VkCommandBufferBeginInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO);
    info.flags = repeats ? 0 : VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
    check(vkBeginCommandBuffer(handle(), &info), "recording work");
    commands_.marks().begin(device.handle(), device.times_stages(commands.lane()));
    // Whatever was submitted before comes first.
    const bool shades = (stages_ & shader_stage) != 0;
    barrier(stages_, VK_ACCESS_TRANSFER_WRITE_BIT | (shades ? VK_ACCESS_SHADER_WRITE_BIT : 0), stages_,
            copy_access | (shades ? shader_access : 0));
}

void Recording::run(const Pipeline& pipeline, const BufferSet& buffers, VkDescriptorSet rows,
                    const void* push, std::uint32_t push_bytes, const GroupCount& groups) {
    const VkDescriptorSet sets[] = {buffers.handle(), rows};
    const std::uint32_t set_count = rows == VK_NULL_HANDLE ? 1 : 2;
    vkCmdBindPipeline(handle(), VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.handle());
    vkCmdBindDescriptorSets(handle(), VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.layout(), 0, set_count, sets,
                            0, nullptr);
    vkCmdPushConstants(handle(), pipeline.layout(), VK_SHADER_STAGE_COMPUTE_BIT, 0, push_bytes, push);
    vkCmdDispatch(handle(), groups.x, groups.y, groups.z);
}

void Recording::stage(const char* name, std::uint64_t bytes) {
    commands_.marks().begin_stage(handle(), name, bytes);
}

void Recording::copy(const Buffer& from, const Buffer& to, const VkBufferCopy& region) {
    copy(from, to, std::span(&region, 1));
}

void Recording::copy(const Buffer& from, const Buffer& to, std::span<const VkBufferCopy> regions) {
    vkCmdCopyBuffer(handle(), from.handle(), to.handle(), static_cast<std::uint32_t>(regions.size()),
                    regions.data());
}

void Recording::fill_with_zeros(const Buffer& buffer) {
    vkCmdFillBuffer(handle(), buffer.handle(), 0, VK_WHOLE_SIZE, 0);
}

void Recording::update(const Buffer& buffer, std::uint64_t offset, std::span<const std::byte> bytes) {
    constexpr std::size_t most = 65536;  // at a time
    for (std::size_t first = 0; first < bytes.size(); first += most) {
        const auto some = bytes.subspan(first, std::min(most, bytes.size() - first));
        vkCmdUpdateBuffer(handle(), buffer.handle(), offset + first, some.size(), some.data());
    }
}

void Recording::shaders_before_shaders() {
    barrier(shader_stage, VK_ACCESS_SHADER_WRITE_BIT, shader_stage, shader_access);
}

void Recording::copies_before_shaders() {
    barrier(copy_stage, VK_ACCESS_TRANSFER_WRITE_BIT, shader_stage, shader_access);
}

void Recording::shaders_before_copies() {
    barrier(shader_stage, VK_ACCESS_SHADER_WRITE_BIT, copy_stage, copy_access);
}

void Recording::copies_before_host() {
    barrier(copy_stage, VK_ACCESS_TRANSFER_WRITE_BIT, VK_PIPELINE_STAGE_HOST_BIT, VK_ACCESS_HOST_READ_BIT);
}

Point Recording::submit(std::span<const Point> after) {
    end();
    Commands* const work = &commands_;
    return commands_.lane().submit({&work, 1}, after);
}

void Recording::end() {
    commands_.marks().end(handle());
    check(vkEndCommandBuffer(handle()), "recording work");
}

void Recording::barrier(VkPipelineStageFlags from, VkAccessFlags written, VkPipelineStageFlags to,
                        VkAccessFlags used) {
    auto memory = of_type<VkMemoryBarrier>(VK_STRUCTURE_TYPE_MEMORY_BARRIER);
    memory.srcAccessMask = written;
    memory.dstAccessMask = used;
    vkCmdPipelineBarrier(handle(), from, to, 0, 1, &memory, 0, nullptr, 0, nullptr);
}

}  // namespace tutti::vulkan
