#pragma once

#include <memory>
#include <span>

#include "engine/backend.hpp"
#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

std::unique_ptr<LevelMeter> make_level_meter(Device& device, const RowsShape& shape,
                                             std::span<const LevelTap> taps);

}  // namespace tutti::vulkan
