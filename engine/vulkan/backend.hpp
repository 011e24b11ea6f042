#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "engine/backend.hpp"

namespace tutti::vulkan {

struct BackendOptions {
    int index = 0;  ///< of list_vulkan_devices()
    bool validate = false;
    BlobStore* store = nullptr;  ///< for what was measured and compiled; may be null
    /// Upper limit on one buffer of a matrix, on top of the device's own: lets a test tile small matrices.
    std::uint64_t tile_bytes = std::numeric_limits<std::uint64_t>::max();
};

/// Throws DeviceError like make_vulkan_backend(index, validate).
std::unique_ptr<Backend> make_backend(const BackendOptions& options);

}  // namespace tutti::vulkan
