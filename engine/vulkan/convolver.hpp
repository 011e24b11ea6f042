#pragma once

#include <memory>

#include "engine/backend.hpp"
#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

std::unique_ptr<Convolver> make_convolver(Device& device, const RowsShape& shape, const ConvolverPlan& plan);
ConvolverForecast forecast_convolver(const RowsShape& shape, const ConvolverPlan& plan);

}  // namespace tutti::vulkan
