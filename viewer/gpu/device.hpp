#pragma once

#include <cstdint>
#include <functional>

#include "viewer/gpu/instance.hpp"
#include "viewer/gpu/owned.hpp"

namespace tutti::viewer {

/// Memory that the host sees, with a buffer in it.
struct MappedBuffer {
    OwnedMemory memory;  // before the buffer: freed after it is destroyed
    OwnedBuffer buffer;
    void* bytes = nullptr;
    std::uint64_t byte_count = 0;
};

/// A Vulkan device with one queue that draws, and shows where there is a surface. One piece of work at a time
/// is under way.
class Device {
  public:
    /// `surface`: VK_NULL_HANDLE when nothing is to be shown. Throws DeviceError.
    Device(VkPhysicalDevice physical, VkSurfaceKHR surface);
    ~Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    VkDevice handle() const { return device_.device; }
    VkPhysicalDevice physical() const { return physical_; }
    VkQueue queue() const { return queue_; }
    std::uint32_t queue_family() const { return queue_family_; }

    MappedBuffer make_buffer(std::uint64_t byte_count, VkBufferUsageFlags usage) const;
    OwnedMemory allocate(const VkMemoryRequirements& requirements, VkMemoryPropertyFlags needed) const;

    /// Records what `work` puts in, submits it and waits for its end. The semaphores, which may be null, are
    /// waited for before transfers and signalled at the end.
    void run(const std::function<void(VkCommandBuffer)>& work, VkSemaphore wait = VK_NULL_HANDLE,
             VkSemaphore signal = VK_NULL_HANDLE) const;

  private:
    struct Handle {
        VkDevice device = VK_NULL_HANDLE;
        ~Handle();
    };

    VkPhysicalDevice physical_;
    std::uint32_t queue_family_ = 0;
    Handle device_;  // first of the owned: destroyed last
    VkQueue queue_ = VK_NULL_HANDLE;
    OwnedCommandPool command_pool_;
    VkCommandBuffer commands_ = VK_NULL_HANDLE;
    OwnedFence done_;
};

}  // namespace tutti::viewer
