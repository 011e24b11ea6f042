#include "viewer/gpu/instance.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>

#include "engine/errors.hpp"
#include "viewer/gpu/owned.hpp"

namespace tutti::viewer {

namespace {

std::atomic<int> message_count{0};

VKAPI_ATTR VkBool32 VKAPI_CALL count_message(VkDebugUtilsMessageSeverityFlagBitsEXT,
                                             VkDebugUtilsMessageTypeFlagsEXT,
                                             const VkDebugUtilsMessengerCallbackDataEXT* data, void*) {
    ++message_count;
    std::fprintf(stderr, "tutti-viewer: Vulkan validation: %s\n", data->pMessage);
    return VK_FALSE;
}

VkDebugUtilsMessengerCreateInfoEXT messenger_info() {
    auto info =
        of_type<VkDebugUtilsMessengerCreateInfoEXT>(VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT);
    info.messageSeverity =
        VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
    info.messageType =
        VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
    info.pfnUserCallback = count_message;
    return info;
}

/// GPUs that are cards, GPUs inside processors, others, software.
int rank(VkPhysicalDevice device) {
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(device, &properties);
    switch (properties.deviceType) {
        case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
            return 0;
        case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
            return 1;
        case VK_PHYSICAL_DEVICE_TYPE_CPU:
            return 3;
        default:
            return 2;
    }
}

}  // namespace

int validation_message_count() { return message_count; }

void check(VkResult result, const char* doing) {
    if (result >= 0) return;
    const std::string place = std::string(" while ") + doing;
    switch (result) {
        case VK_ERROR_OUT_OF_DEVICE_MEMORY:
        case VK_ERROR_OUT_OF_HOST_MEMORY:
        case VK_ERROR_OUT_OF_POOL_MEMORY:
            throw DeviceError("the Vulkan device is out of memory" + place +
                              "; close other programs that use it, or choose another with --device");
        case VK_ERROR_INCOMPATIBLE_DRIVER:
        case VK_ERROR_INITIALIZATION_FAILED:
            throw DeviceError(
                "no Vulkan driver on this machine works; install one (mesa-vulkan-drivers draws without a "
                "GPU)");
        case VK_ERROR_LAYER_NOT_PRESENT:
            throw DeviceError(
                "VK_LAYER_KHRONOS_validation is not installed; install vulkan-validationlayers or leave out "
                "--validate");
        case VK_ERROR_DEVICE_LOST:
            throw DeviceError("the Vulkan device was lost" + place + "; start again");
        default:
            throw DeviceError("Vulkan error " + std::to_string(result) + place +
                              "; choose another device with --device");
    }
}

Instance::Instance(std::span<const char* const> extensions, bool validate) {
    auto application = of_type<VkApplicationInfo>(VK_STRUCTURE_TYPE_APPLICATION_INFO);
    application.pApplicationName = "tutti-viewer";
    application.apiVersion = VK_API_VERSION_1_2;

    std::vector<const char*> names(extensions.begin(), extensions.end());
    const char* const layer = "VK_LAYER_KHRONOS_validation";
    const VkValidationFeatureEnableEXT enabled = VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT;
    auto features = of_type<VkValidationFeaturesEXT>(VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT);
    features.enabledValidationFeatureCount = 1;
    features.pEnabledValidationFeatures = &enabled;
    auto messages = messenger_info();
    messages.pNext = &features;
    auto info = of_type<VkInstanceCreateInfo>(VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO);
    info.pApplicationInfo = &application;
    if (validate) {
        names.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
        info.pNext = &messages;
        info.enabledLayerCount = 1;
        info.ppEnabledLayerNames = &layer;
    }
    info.enabledExtensionCount = static_cast<std::uint32_t>(names.size());
    info.ppEnabledExtensionNames = names.data();
    check(vkCreateInstance(&info, nullptr, &instance_), "starting Vulkan");

    if (validate) {
        messages.pNext = nullptr;
        const auto create = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(
            vkGetInstanceProcAddr(instance_, "vkCreateDebugUtilsMessengerEXT"));
        create(instance_, &messages, nullptr, &messenger_);
    }
    std::uint32_t count = 0;
    if (vkEnumeratePhysicalDevices(instance_, &count, nullptr) < 0) count = 0;  // no driver: no devices
    devices_.resize(count);
    if (count > 0) vkEnumeratePhysicalDevices(instance_, &count, devices_.data());
}

Instance::~Instance() {
    if (messenger_ != VK_NULL_HANDLE) {
        const auto destroy = reinterpret_cast<PFN_vkDestroyDebugUtilsMessengerEXT>(
            vkGetInstanceProcAddr(instance_, "vkDestroyDebugUtilsMessengerEXT"));
        destroy(instance_, messenger_, nullptr);
    }
    vkDestroyInstance(instance_, nullptr);
}

VkPhysicalDevice Instance::choose(const std::string& choice) const {
    const bool is_any = choice == "auto" || choice == "vulkan";
    std::size_t index = 0;
    if (!is_any) {
        const std::string prefix = "vulkan:";
        const char* const end = choice.data() + choice.size();
        const bool has_prefix = choice.starts_with(prefix);
        const auto read = std::from_chars(choice.data() + (has_prefix ? prefix.size() : 0), end, index);
        if (!has_prefix || read.ec != std::errc() || read.ptr != end) {
            throw InputError("--device " + choice + ": allowed are auto, vulkan and vulkan:N");
        }
    }
    if (devices_.empty()) {
        throw DeviceError(
            "no Vulkan device on this machine; install a driver (mesa-vulkan-drivers draws without a GPU)");
    }
    if (is_any) {
        return *std::min_element(devices_.begin(), devices_.end(),
                                 [](auto a, auto b) { return rank(a) < rank(b); });
    }
    if (index >= devices_.size()) {
        throw DeviceError("there is no " + choice +
                          "; the last one is vulkan:" + std::to_string(devices_.size() - 1));
    }
    return devices_[index];
}

}  // namespace tutti::viewer
