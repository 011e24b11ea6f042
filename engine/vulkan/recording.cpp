#include "engine/vulkan/recording.hpp"
#include "engine/vulkan/structs.hpp"

namespace tutti::vulkan {

namespace {

constexpr VkPipelineStageFlags shader_stage = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT;
constexpr VkPipelineStageFlags copy_stage = VK_PIPELINE_STAGE_TRANSFER_BIT;
constexpr VkAccessFlags shader_access = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT;
constexpr VkAccessFlags copy_access = VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;

}  // namespace

Recording::Recording(Device& device, VkCommandBuffer commands) : device_(device), commands_(commands) {
    auto info = of_type<VkCommandBufferBeginInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO);
    info.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
    check(vkBeginCommandBuffer(commands_, &info), "recording work");
    device_.times_->begin(device_.next_slot_, commands_);
    // Whatever was submitted before comes first.
    barrier(shader_stage | copy_stage, VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
            shader_stage | copy_stage, shader_access | copy_access);
}

void Recording::run(const Pipeline& pipeline, const BufferSet& buffers, VkDescriptorSet rows,
                    const void* push, std::uint32_t push_bytes, const GroupCount& groups) {
    const VkDescriptorSet sets[] = {buffers.handle(), rows};
    const std::uint32_t set_count = rows == VK_NULL_HANDLE ? 1 : 2;
    vkCmdBindPipeline(commands_, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.handle());
    vkCmdBindDescriptorSets(commands_, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.layout(), 0, set_count, sets,
                            0, nullptr);
    vkCmdPushConstants(commands_, pipeline.layout(), VK_SHADER_STAGE_COMPUTE_BIT, 0, push_bytes, push);
    vkCmdDispatch(commands_, groups.x, groups.y, groups.z);
}

void Recording::stage(const char* name, std::uint64_t bytes) {
    device_.times_->begin_stage(device_.next_slot_, commands_, name, bytes);
}

void Recording::copy(const Buffer& from, const Buffer& to, const VkBufferCopy& region) {
    copy(from, to, std::span(&region, 1));
}

void Recording::copy(const Buffer& from, const Buffer& to, std::span<const VkBufferCopy> regions) {
    vkCmdCopyBuffer(commands_, from.handle(), to.handle(), static_cast<std::uint32_t>(regions.size()),
                    regions.data());
}

void Recording::fill_with_zeros(const Buffer& buffer) {
    vkCmdFillBuffer(commands_, buffer.handle(), 0, VK_WHOLE_SIZE, 0);
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

std::uint64_t Recording::submit() {
    device_.times_->end(device_.next_slot_, commands_);
    check(vkEndCommandBuffer(commands_), "recording work");
    return device_.submit(commands_);
}

void Recording::barrier(VkPipelineStageFlags from, VkAccessFlags written, VkPipelineStageFlags to,
                        VkAccessFlags used) {
    auto memory = of_type<VkMemoryBarrier>(VK_STRUCTURE_TYPE_MEMORY_BARRIER);
    memory.srcAccessMask = written;
    memory.dstAccessMask = used;
    vkCmdPipelineBarrier(commands_, from, to, 0, 1, &memory, 0, nullptr, 0, nullptr);
}

}  // namespace tutti::vulkan
