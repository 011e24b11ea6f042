#define GLFW_INCLUDE_NONE
#include <vulkan/vulkan.h>
// GLFW declares glfwCreateWindowSurface() where Vulkan was included before.
#include <GLFW/glfw3.h>

#include <algorithm>

#include "engine/errors.hpp"
#include "viewer/gpu/window.hpp"

namespace tutti::viewer {

namespace {

OwnedSemaphore make_semaphore(VkDevice device) {
    const auto info = of_type<VkSemaphoreCreateInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO);
    VkSemaphore made = VK_NULL_HANDLE;
    check(vkCreateSemaphore(device, &info, nullptr, &made), "making a semaphore");
    return {device, made};
}

/// Colours are the screen's already: a format that does not convert them.
VkSurfaceFormatKHR choose_format(VkPhysicalDevice physical, VkSurfaceKHR surface) {
    std::uint32_t count = 0;
    check(vkGetPhysicalDeviceSurfaceFormatsKHR(physical, surface, &count, nullptr), "asking for the window");
    std::vector<VkSurfaceFormatKHR> formats(count);
    check(vkGetPhysicalDeviceSurfaceFormatsKHR(physical, surface, &count, formats.data()),
          "asking for the window");
    for (const VkSurfaceFormatKHR& format : formats) {
        if (format.format == VK_FORMAT_B8G8R8A8_UNORM || format.format == VK_FORMAT_R8G8B8A8_UNORM) {
            return format;
        }
    }
    if (formats.empty()) throw DeviceError("the window shows no colours; choose another with --device");
    return formats.front();
}

}  // namespace

Surface::Surface(const Instance& instance, Window& window) : instance_(instance.handle()) {
    check(glfwCreateWindowSurface(instance_, window.handle(), nullptr, &surface_), "opening the window");
}

Surface::~Surface() { vkDestroySurfaceKHR(instance_, surface_, nullptr); }

bool Swapchain::make() {
    vkDeviceWaitIdle(device_.handle());
    VkSurfaceCapabilitiesKHR can;
    check(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(device_.physical(), surface_, &can),
          "asking for the window");
    extent_ = can.currentExtent;
    if (extent_.width == UINT32_MAX) {  // the window is as large as what is shown
        extent_.width = std::clamp(static_cast<std::uint32_t>(window_.width()), can.minImageExtent.width,
                                   can.maxImageExtent.width);
        extent_.height = std::clamp(static_cast<std::uint32_t>(window_.height()), can.minImageExtent.height,
                                    can.maxImageExtent.height);
    }
    if (extent_.width == 0 || extent_.height == 0) return false;
    if ((can.supportedUsageFlags & VK_IMAGE_USAGE_TRANSFER_DST_BIT) == 0) {
        throw DeviceError("images cannot be copied into this window; choose another with --device");
    }
    const VkSurfaceFormatKHR format = choose_format(device_.physical(), surface_);
    auto info = of_type<VkSwapchainCreateInfoKHR>(VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR);
    info.surface = surface_;
    info.minImageCount = can.minImageCount + 1;
    if (can.maxImageCount > 0) info.minImageCount = std::min(info.minImageCount, can.maxImageCount);
    info.imageFormat = format.format;
    info.imageColorSpace = format.colorSpace;
    info.imageExtent = extent_;
    info.imageArrayLayers = 1;
    info.imageUsage = VK_IMAGE_USAGE_TRANSFER_DST_BIT;
    info.preTransform = can.currentTransform;
    info.compositeAlpha = (can.supportedCompositeAlpha & VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR) != 0
                              ? VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR
                              : VK_COMPOSITE_ALPHA_INHERIT_BIT_KHR;
    info.presentMode = VK_PRESENT_MODE_FIFO_KHR;  // there always
    info.clipped = VK_TRUE;
    info.oldSwapchain = swapchain_.get();
    VkSwapchainKHR made = VK_NULL_HANDLE;
    check(vkCreateSwapchainKHR(device_.handle(), &info, nullptr, &made), "opening the window");
    swapchain_ = {device_.handle(), made};
    std::uint32_t count = 0;
    check(vkGetSwapchainImagesKHR(device_.handle(), made, &count, nullptr), "opening the window");
    images_.resize(count);
    check(vkGetSwapchainImagesKHR(device_.handle(), made, &count, images_.data()), "opening the window");
    acquired_ = make_semaphore(device_.handle());
    drawn_.clear();
    for (std::uint32_t i = 0; i < count; ++i) drawn_.push_back(make_semaphore(device_.handle()));
    return true;
}

void Swapchain::show(const Canvas& canvas, const std::function<void(VkCommandBuffer)>& work) {
    std::uint32_t image = 0;
    for (int attempt = 0;; ++attempt) {
        if (!is_current_ && !make()) return;
        is_current_ = true;
        const VkResult got = vkAcquireNextImageKHR(device_.handle(), swapchain_.get(), UINT64_MAX,
                                                   acquired_.get(), VK_NULL_HANDLE, &image);
        if (got == VK_SUBOPTIMAL_KHR || got == VK_SUCCESS) break;
        if (got != VK_ERROR_OUT_OF_DATE_KHR || attempt == 3) check(got, "asking for the window");
        is_current_ = false;
        if (attempt == 3) return;
    }
    device_.run(
        [&](VkCommandBuffer commands) {
            work(commands);
            canvas.copy_to(commands, images_[image], extent_);
        },
        acquired_.get(), drawn_[image].get());

    auto info = of_type<VkPresentInfoKHR>(VK_STRUCTURE_TYPE_PRESENT_INFO_KHR);
    info.waitSemaphoreCount = 1;
    info.pWaitSemaphores = &drawn_[image].get();
    info.swapchainCount = 1;
    info.pSwapchains = &swapchain_.get();
    info.pImageIndices = &image;
    const VkResult shown = vkQueuePresentKHR(device_.queue(), &info);
    if (shown == VK_ERROR_OUT_OF_DATE_KHR || shown == VK_SUBOPTIMAL_KHR) {
        is_current_ = false;
    } else {
        check(shown, "showing the window");
    }
}

}  // namespace tutti::viewer
