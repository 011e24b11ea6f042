#pragma once

#include <memory>

#include "engine/masking.hpp"
#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

std::unique_ptr<Masking> make_masking(Device& device, const MaskingPlan& plan);

}  // namespace tutti::vulkan
