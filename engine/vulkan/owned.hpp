#pragma once

#include <vulkan/vulkan.h>

#include <utility>

namespace tutti::vulkan {

/// Owns one object of a VkDevice and destroys it with `destroy`.
template <typename Handle, void(VKAPI_PTR* destroy)(VkDevice, Handle, const VkAllocationCallbacks*)>
class Owned {
  public:
    Owned() = default;
    Owned(VkDevice device, Handle handle) : device_(device), handle_(handle) {}
    Owned(Owned&& other) noexcept
        : device_(other.device_), handle_(std::exchange(other.handle_, VK_NULL_HANDLE)) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(device_, other.device_);
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Owned() {
        if (handle_ != VK_NULL_HANDLE) destroy(device_, handle_, nullptr);
    }

    const Handle& get() const { return handle_; }

  private:
    VkDevice device_ = VK_NULL_HANDLE;
    Handle handle_ = VK_NULL_HANDLE;
};

using OwnedBuffer = Owned<VkBuffer, vkDestroyBuffer>;
using OwnedCommandPool = Owned<VkCommandPool, vkDestroyCommandPool>;
using OwnedDescriptorPool = Owned<VkDescriptorPool, vkDestroyDescriptorPool>;
using OwnedFence = Owned<VkFence, vkDestroyFence>;
using OwnedMemory = Owned<VkDeviceMemory, vkFreeMemory>;
using OwnedPipeline = Owned<VkPipeline, vkDestroyPipeline>;
using OwnedPipelineCache = Owned<VkPipelineCache, vkDestroyPipelineCache>;
using OwnedPipelineLayout = Owned<VkPipelineLayout, vkDestroyPipelineLayout>;
using OwnedQueryPool = Owned<VkQueryPool, vkDestroyQueryPool>;
using OwnedSemaphore = Owned<VkSemaphore, vkDestroySemaphore>;
using OwnedSetLayout = Owned<VkDescriptorSetLayout, vkDestroyDescriptorSetLayout>;
using OwnedShaderModule = Owned<VkShaderModule, vkDestroyShaderModule>;

}  // namespace tutti::vulkan
