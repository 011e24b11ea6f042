#pragma once

#include <cstdint>
#include <span>

#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/device.hpp"
#include "engine/vulkan/pipeline.hpp"

namespace tutti::vulkan {

/// One piece of work while it is written down. It begins when all work before it in its lane is done; steps
/// inside it are only ordered where a barrier stands between them.
class Recording {
  public:
    VkCommandBuffer handle() const { return commands_.handle(); }

    /// Runs a shader. `rows`: the set of the Rows it works on, or VK_NULL_HANDLE when it uses none.
    template <typename Push>
    void run(const Pipeline& pipeline, const BufferSet& buffers, VkDescriptorSet rows, const Push& push,
             const GroupCount& groups) {
        static_assert(sizeof(Push) <= 128, "all that Vulkan promises for push constants");
        run(pipeline, buffers, rows, &push, sizeof(Push), groups);
    }

    /// Begins a stage, for those who time them: what follows, up to the next stage or the end. `name`: the
    /// shader's, else the function's; it must live for ever. `bytes`: how much of device memory the stage has
    /// to read and to write, together.
    void stage(const char* name, std::uint64_t bytes);

    void copy(const Buffer& from, const Buffer& to, const VkBufferCopy& region);
    void copy(const Buffer& from, const Buffer& to, std::span<const VkBufferCopy> regions);
    void fill_with_zeros(const Buffer& buffer);

    /// Writes bytes that are part of the recording: few, in whole words.
    void update(const Buffer& buffer, std::uint64_t offset, std::span<const std::byte> bytes);

    void shaders_before_shaders();
    void copies_before_shaders();
    void shaders_before_copies();
    void copies_before_host();

    /// Ends and submits the work, to be done when the points of other lanes are reached.
    Point submit(std::span<const Point> after = {});

    /// Ends it without.
    void end();

  private:
    friend class Device;
    friend class Routine;
    Recording(Device& device, Commands& commands, bool repeats);
    void barrier(VkPipelineStageFlags from, VkAccessFlags written, VkPipelineStageFlags to,
                 VkAccessFlags used);
    void run(const Pipeline& pipeline, const BufferSet& buffers, VkDescriptorSet rows, const void* push,
             std::uint32_t push_bytes, const GroupCount& groups);

    Commands& commands_;
    VkPipelineStageFlags stages_;  ///< that the lane has
};

}  // namespace tutti::vulkan
