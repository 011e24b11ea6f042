#pragma once

#include <span>
#include <vector>

#include "host/eq_prototypes.hpp"

namespace tutti {

/// The zero-phase response of the product of `prototypes` (s in radians per frame), read at eased_angle(),
/// delayed to be causal: an odd number of symmetric taps. Ends where the energy of what is cut off at both
/// ends is below `cut_energy` of the whole, at `max_taps` at the latest.
std::vector<double> linear_phase_response(std::span<const Prototype> prototypes, double cut_energy,
                                          int max_taps);

}  // namespace tutti
