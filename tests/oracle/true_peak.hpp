#pragma once

#include <span>
#include <vector>

namespace tutti::oracle {

/// The signal at four times its rate by the interpolation filter of ITU-R BS.1770-4 Annex 2, silence before
/// and after it included: value 4 n + p stands at the instant n - 5.875 + p / 4. As long as 4 (frames + 11).
std::vector<double> interpolate_4x(std::span<const double> audio);

/// Greatest magnitude of the signal and of its interpolation.
double true_peak(std::span<const double> audio);

/// The true-peak level of each whole control hop as engine/backend.hpp defines it, silence before the signal.
std::vector<double> true_peaks_per_hop(std::span<const double> audio);

}  // namespace tutti::oracle
