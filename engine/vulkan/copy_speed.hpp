#pragma once

#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

/// Bytes per second, read and written, of copies between two large buffers in device memory: the median of a
/// few. 0 on a device without a clock. Nothing of it is left in the device's stage times.
double measure_copy_bytes_per_s(Device& device);

}  // namespace tutti::vulkan
