#pragma once

#include "engine/convolver_planner.hpp"
#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

/// What convolution costs on a GPU nobody has measured, by the bytes that its steps move; only the ratios
/// matter.
const ConvolverCosts& usual_convolver_costs();

/// Measures a device by convolving on it, in about a second. Throws DeviceError when the device has no memory
/// for that, or no clock.
ConvolverCosts measure_convolver_costs(Device& device);

/// The costs that the device's store keeps; measured, and put there, when there are none or they are not what
/// measure_convolver_costs() would make. The usual ones where nothing can be measured.
ConvolverCosts stored_convolver_costs(Device& device);

/// Those with transforms that fit the device's buffers. Throws DeviceError when none do.
ConvolverCosts with_fitting_transforms(const ConvolverCosts& costs, const Device& device);

}  // namespace tutti::vulkan
