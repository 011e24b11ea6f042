#pragma once

#include "engine/convolver_planner.hpp"

namespace tutti::cpu {

/// What convolution costs on a processor nobody has measured; only the ratios matter.
const ConvolverCosts& usual_convolver_costs();

/// Measures this processor, one thread, in about a second.
ConvolverCosts measure_convolver_costs();

}  // namespace tutti::cpu
