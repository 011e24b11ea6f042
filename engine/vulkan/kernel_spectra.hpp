#pragma once

#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/convolver_plan.hpp"

namespace tutti::vulkan {

/// The spectra of a group's kernel partitions in device memory, one unit each: bin_count complex bins,
/// transformed in double precision and divided by the transform's size, so that no other step of the
/// convolution scales. Waits until all are there.
TiledBuffer make_kernel_spectra(Device& device, const ConvolverGroup& group);

}  // namespace tutti::vulkan
