#pragma once

#include <vulkan/vulkan.h>

#include <vector>

#include "engine/backend.hpp"

namespace tutti::vulkan {

/// Throws DeviceError with what to do about it unless `result` is a success. `doing` completes "while ...".
void check(VkResult result, const char* doing);

/// The connection to the Vulkan loader, with or without the validation layer.
class Instance {
  public:
    /// Throws DeviceError when there is no loader or driver, or no validation layer when `validate` asks for
    /// it.
    explicit Instance(bool validate);
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    /// In the loader's order.
    const std::vector<VkPhysicalDevice>& devices() const { return devices_; }

  private:
    VkInstance instance_ = VK_NULL_HANDLE;
    VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
    std::vector<VkPhysicalDevice> devices_;
};

/// What a user is told about device number `index`.
DeviceInfo describe(VkPhysicalDevice device, int index);

}  // namespace tutti::vulkan
