#pragma once

#include <vulkan/vulkan.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "engine/blob_store.hpp"

namespace tutti::vulkan {

/// What tells one device with its driver from another: names, versions, and the driver's own mark for what it
/// compiles.
std::string identity_of(VkPhysicalDevice physical);

/// What was compiled or measured for one device: kept for this process and, where there is a BlobStore, from
/// run to run.
class ShaderStore {
  public:
    /// `store` may be null.
    ShaderStore(VkPhysicalDevice physical, BlobStore* store);

    /// What was put under the key for this device and driver; empty when there is none. Whether the bytes
    /// still mean something is for the caller to find out.
    const std::vector<std::byte>& get(const std::string& key);
    void put(const std::string& key, std::vector<std::byte> bytes);

    /// Whether anything is kept beyond this process.
    bool is_kept() const { return store_ != nullptr; }

  private:
    std::string full_key(const std::string& key) const { return key + ", " + identity_; }

    BlobStore* store_;
    std::string identity_;
    std::map<std::string, std::vector<std::byte>> blobs_;
};

}  // namespace tutti::vulkan
