#pragma once

#include <span>
#include <vector>

#include "host/eq_prototypes.hpp"

namespace tutti {

/// The minimum-phase response of the product of `prototypes` (s in radians per frame), read at eased_angle():
/// every root that lies below 0.45 of the rate is placed on the z-plane by the matched z-transform z = e^s
/// and runs as an exact recursion, however sharp or low it is; the smooth and short rest of the magnitude
/// gets its minimum phase from the real cepstrum (A. V. Oppenheim & R. W. Schafer, "Discrete-Time Signal
/// Processing", the chapter on the cepstrum). What is sampled for it has no sharp peak and no zero below 0.45
/// of the rate, so its cepstrum dies out on a small grid instead of aliasing; above, the grid is refined.
///
/// Ends where the energy of what is cut off is below `cut_energy` of the whole, at `max_taps` at the latest.
std::vector<double> minimum_phase_response(std::span<const Prototype> prototypes, double cut_energy,
                                           int max_taps);

}  // namespace tutti
