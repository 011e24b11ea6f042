#pragma once

#include <memory>

#include "engine/backend.hpp"
#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

std::unique_ptr<Convolver> make_convolver(Device& device, const RowsShape& shape, const ConvolverPlan& plan,
                                          const ConvolverCosts& costs);
ConvolverForecast forecast_convolver(const Device& device, const RowsShape& shape, const ConvolverPlan& plan,
                                     const ConvolverCosts& costs);

}  // namespace tutti::vulkan
