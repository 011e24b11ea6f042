#pragma once

#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

/// What bringing PCM to a device costs that nobody has measured.
PcmCosts usual_pcm_costs(DeviceKind kind);

/// Measures a device, in about a tenth of a second. Throws DeviceError when it has no memory for that, or no
/// clock.
PcmCosts measure_pcm_costs(Device& device);

/// The costs that the device's store keeps; measured, and put there, when there are none. The usual ones
/// where nothing can be measured.
PcmCosts stored_pcm_costs(Device& device, DeviceKind kind);

}  // namespace tutti::vulkan
