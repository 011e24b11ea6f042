#pragma once

#include <string>

#include "engine/blob_store.hpp"
#include "engine/convolver_planner.hpp"

namespace tutti::cpu {

/// What convolution costs on a processor nobody has measured; only the ratios matter.
const ConvolverCosts& usual_convolver_costs();

/// Measures this processor, one thread, in about a second of that thread's time and less than measuring_bytes
/// (engine/devices.hpp) of memory.
ConvolverCosts measure_convolver_costs();

/// The costs that a store keeps for the processor of this name; measured, and put there, when there are none
/// or when what is there is not what measure_convolver_costs() would make.
ConvolverCosts stored_convolver_costs(BlobStore& store, const std::string& processor);

}  // namespace tutti::cpu
