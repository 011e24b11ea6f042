#pragma once

#include <vulkan/vulkan.h>

#include <span>
#include <string>
#include <vector>

namespace tutti::viewer {

/// Throws DeviceError with what to do about it unless `result` is a success. `doing` completes "while ...".
void check(VkResult result, const char* doing);

/// The connection to the Vulkan loader.
class Instance {
  public:
    /// `extensions`: those a window needs. With `validate`, the Khronos validation layer is on and each of
    /// its messages goes to standard error and is counted. Throws DeviceError when there is no loader, no
    /// driver or no such layer.
    Instance(std::span<const char* const> extensions, bool validate);
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    VkInstance handle() const { return instance_; }

    /// In the loader's order: number N is `tutti devices`' vulkan:N.
    const std::vector<VkPhysicalDevice>& devices() const { return devices_; }

    /// The device that `choice` names: "auto", "vulkan" or "vulkan:N". Throws InputError for other words,
    /// DeviceError when it is not there. Unlike a render, a picture may be drawn by a software device.
    VkPhysicalDevice choose(const std::string& choice) const;

  private:
    VkInstance instance_ = VK_NULL_HANDLE;
    VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
    std::vector<VkPhysicalDevice> devices_;
};

/// Validation messages of this process so far.
int validation_message_count();

}  // namespace tutti::viewer
