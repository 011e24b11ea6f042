#include "engine/vulkan/instance.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <string>

#include "engine/errors.hpp"
#include "engine/vulkan/structs.hpp"

namespace tutti {

namespace {

std::atomic<int> validation_message_count{0};

VKAPI_ATTR VkBool32 VKAPI_CALL count_message(VkDebugUtilsMessageSeverityFlagBitsEXT,
                                             VkDebugUtilsMessageTypeFlagsEXT,
                                             const VkDebugUtilsMessengerCallbackDataEXT* data, void*) {
    ++validation_message_count;
    std::fprintf(stderr, "tutti: Vulkan validation: %s\n", data->pMessage);
    return VK_FALSE;
}

constexpr const char* validation_layer = "VK_LAYER_KHRONOS_validation";

void require_validation_layer() {
    std::uint32_t count = 0;
    vulkan::check(vkEnumerateInstanceLayerProperties(&count, nullptr), "listing the Vulkan layers");
    std::vector<VkLayerProperties> layers(count);
    vulkan::check(vkEnumerateInstanceLayerProperties(&count, layers.data()), "listing the Vulkan layers");
    const bool found = std::any_of(layers.begin(), layers.end(), [](const VkLayerProperties& layer) {
        return std::strcmp(layer.layerName, validation_layer) == 0;
    });
    if (!found) {
        throw DeviceError(std::string(validation_layer) +
                          " is not installed; install vulkan-validationlayers or run without validation");
    }
}

DeviceKind kind_of(VkPhysicalDeviceType type) {
    switch (type) {
        case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
            return DeviceKind::discrete_gpu;
        case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
            return DeviceKind::integrated_gpu;
        case VK_PHYSICAL_DEVICE_TYPE_CPU:
            return DeviceKind::software_gpu;
        default:
            return DeviceKind::virtual_gpu;
    }
}

}  // namespace

int vulkan_validation_message_count() { return validation_message_count; }

std::vector<DeviceInfo> list_vulkan_devices() {
    std::vector<DeviceInfo> infos;
    try {
        const vulkan::Instance instance(false);
        for (const VkPhysicalDevice device : instance.devices()) {
            infos.push_back(vulkan::describe(device, static_cast<int>(infos.size())));
        }
    } catch (const DeviceError&) {
        infos.clear();  // no loader or no driver: no devices
    }
    return infos;
}

namespace vulkan {

void check(VkResult result, const char* doing) {
    if (result >= 0) return;
    const std::string place = std::string(" while ") + doing;
    switch (result) {
        case VK_ERROR_OUT_OF_DEVICE_MEMORY:
        case VK_ERROR_OUT_OF_HOST_MEMORY:
        case VK_ERROR_OUT_OF_POOL_MEMORY:
            throw DeviceError("the Vulkan device is out of memory" + place +
                              "; give a lower --memory or use --device cpu");
        case VK_ERROR_INCOMPATIBLE_DRIVER:
        case VK_ERROR_INITIALIZATION_FAILED:
            throw DeviceError(
                "no Vulkan driver on this machine works; install or update it, or use --device cpu");
        case VK_ERROR_DEVICE_LOST:
            throw DeviceError("the Vulkan device was lost" + place +
                              "; try again with a lower --memory, or use --device cpu");
        default:
            throw DeviceError("Vulkan error " + std::to_string(result) + place + "; use --device cpu");
    }
}

Instance::Instance(bool validate) {
    auto application = of_type<VkApplicationInfo>(VK_STRUCTURE_TYPE_APPLICATION_INFO);
    application.pApplicationName = "tutti";
    application.apiVersion = VK_API_VERSION_1_2;

    const VkValidationFeatureEnableEXT enabled[] = {
        VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT};
    auto features = of_type<VkValidationFeaturesEXT>(VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT);
    features.enabledValidationFeatureCount = 1;
    features.pEnabledValidationFeatures = enabled;
    auto messages =
        of_type<VkDebugUtilsMessengerCreateInfoEXT>(VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT);
    messages.pNext = &features;
    messages.messageSeverity =
        VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
    messages.messageType =
        VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
    messages.pfnUserCallback = count_message;

    const char* const extension = VK_EXT_DEBUG_UTILS_EXTENSION_NAME;
    auto info = of_type<VkInstanceCreateInfo>(VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO);
    info.pApplicationInfo = &application;
    if (validate) {
        require_validation_layer();
        info.pNext = &messages;
        info.enabledLayerCount = 1;
        info.ppEnabledLayerNames = &validation_layer;
        info.enabledExtensionCount = 1;
        info.ppEnabledExtensionNames = &extension;
    }
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

DeviceInfo describe(VkPhysicalDevice device, int index) {
    VkPhysicalDeviceProperties plain;
    vkGetPhysicalDeviceProperties(device, &plain);
    DeviceInfo info;
    info.id = "vulkan:" + std::to_string(index);
    info.name = plain.deviceName;
    info.kind = kind_of(plain.deviceType);
    if (plain.apiVersion >= VK_API_VERSION_1_2) {
        auto driver =
            of_type<VkPhysicalDeviceDriverProperties>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES);
        auto properties =
            of_type<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
        properties.pNext = &driver;
        vkGetPhysicalDeviceProperties2(device, &properties);
        info.driver = std::string(driver.driverName) + " " + driver.driverInfo;
    } else {
        info.driver = "Vulkan " + std::to_string(VK_API_VERSION_MAJOR(plain.apiVersion)) + "." +
                      std::to_string(VK_API_VERSION_MINOR(plain.apiVersion)) + ", too old";
    }
    VkPhysicalDeviceMemoryProperties memory;
    vkGetPhysicalDeviceMemoryProperties(device, &memory);
    for (std::uint32_t i = 0; i < memory.memoryHeapCount; ++i) {
        if ((memory.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0) {
            info.memory_bytes = std::max<std::uint64_t>(info.memory_bytes, memory.memoryHeaps[i].size);
        }
    }
    return info;
}

}  // namespace vulkan

}  // namespace tutti
