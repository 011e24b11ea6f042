#include "engine/vulkan/shader_store.hpp"

#include <cstdio>
#include <utility>

#include "engine/vulkan/structs.hpp"

namespace tutti::vulkan {

std::string identity_of(VkPhysicalDevice physical) {
    auto driver =
        of_type<VkPhysicalDeviceDriverProperties>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES);
    auto all = of_type<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
    all.pNext = &driver;
    vkGetPhysicalDeviceProperties2(physical, &all);
    std::string text = std::string(all.properties.deviceName) + ", " + driver.driverName + " " +
                       driver.driverInfo + ", " + std::to_string(all.properties.driverVersion) + ", ";
    for (const std::uint8_t byte : all.properties.pipelineCacheUUID) {
        char hex[3];
        std::snprintf(hex, sizeof hex, "%02x", byte);
        text += hex;
    }
    return text;
}

ShaderStore::ShaderStore(VkPhysicalDevice physical, BlobStore* store)
    : store_(store), identity_(identity_of(physical)) {}

const std::vector<std::byte>& ShaderStore::get(const std::string& key) {
    const auto [place, is_new] = blobs_.try_emplace(key);
    if (is_new && store_ != nullptr) place->second = store_->get(full_key(key));
    return place->second;
}

void ShaderStore::put(const std::string& key, std::vector<std::byte> bytes) {
    if (store_ != nullptr) store_->put(full_key(key), bytes);
    blobs_[key] = std::move(bytes);
}

}  // namespace tutti::vulkan
