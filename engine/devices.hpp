#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend.hpp"

namespace tutti {

/// Every device of this machine: the CPU first, then the Vulkan devices.
std::vector<DeviceInfo> list_devices();

/// Memory that a device with a store takes at most while it measures what convolution costs on it, which
/// comes before all that a forecast counts.
inline constexpr std::uint64_t measuring_bytes = std::uint64_t{48} << 20;

struct OpenedDevice {
    std::unique_ptr<Backend> backend;
    std::string reason;  ///< one line: what was taken and why
};

/// Opens "auto", "cpu", "vulkan" (the first real GPU, else the first Vulkan device, software ones too) or
/// "vulkan:N". "auto" takes the first discrete, then integrated GPU that opens, else the CPU, never a
/// software device. Throws InputError when `choice` is none of these words and DeviceError when what was
/// asked for is not there. `store`, which may be null, is the backend's for what it keeps from run to run.
OpenedDevice open_device(const std::string& choice, BlobStore* store = nullptr);

/// Whether a choice names more than one device.
bool names_several_devices(const std::string& choice);

/// Opens a list of "cpu" and "vulkan:N", in its order: "cpu,vulkan:0". A number alone belongs to the
/// "vulkan:" before it: "vulkan:0,1". A device that is named twice is opened twice, with queues and memory of
/// its own each time. Throws as open_device() does.
std::vector<std::unique_ptr<Backend>> open_several_devices(const std::string& choice,
                                                           BlobStore* store = nullptr);

}  // namespace tutti
