#pragma once

#include <memory>

#include "engine/backend.hpp"
#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

std::unique_ptr<Mixer> make_mixer(Device& device, const RowsShape& shape, const MixerPlan& plan);

}  // namespace tutti::vulkan
