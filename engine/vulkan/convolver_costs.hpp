#pragma once

#include "engine/convolver_planner.hpp"

namespace tutti::vulkan {

/// What convolution costs on a GPU nobody has measured, by the bytes that its steps move; only the ratios
/// matter.
const ConvolverCosts& usual_convolver_costs();

}  // namespace tutti::vulkan
