#pragma once

#include <vulkan/vulkan.h>

#include <utility>

namespace tutti::viewer {

/// A Vulkan struct with its type filled in and the rest zero.
template <typename Struct>
Struct of_type(VkStructureType type) {
    Struct filled{};
    filled.sType = type;
    return filled;
}

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
using OwnedFramebuffer = Owned<VkFramebuffer, vkDestroyFramebuffer>;
using OwnedImage = Owned<VkImage, vkDestroyImage>;
using OwnedImageView = Owned<VkImageView, vkDestroyImageView>;
using OwnedMemory = Owned<VkDeviceMemory, vkFreeMemory>;
using OwnedPipeline = Owned<VkPipeline, vkDestroyPipeline>;
using OwnedPipelineLayout = Owned<VkPipelineLayout, vkDestroyPipelineLayout>;
using OwnedRenderPass = Owned<VkRenderPass, vkDestroyRenderPass>;
using OwnedSemaphore = Owned<VkSemaphore, vkDestroySemaphore>;
using OwnedSetLayout = Owned<VkDescriptorSetLayout, vkDestroyDescriptorSetLayout>;
using OwnedShaderModule = Owned<VkShaderModule, vkDestroyShaderModule>;
using OwnedSwapchain = Owned<VkSwapchainKHR, vkDestroySwapchainKHR>;

}  // namespace tutti::viewer
