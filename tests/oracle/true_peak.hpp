#pragma once

#include <array>
#include <span>
#include <vector>

namespace tutti::oracle {

/// The interpolator of ITU-R BS.1770-4, Annex 2, its table of filter coefficients: [phase][tap]. Written down
/// here once more, so that a slip in the engine's own copy cannot hide.
extern const std::array<std::array<double, 12>, 4> annex2_taps;

/// x at four times its rate, zeros before its start: value 4 n + phase = sum over k of annex2_taps[phase][k]
/// x[n - k].
std::vector<double> at_four_times_the_rate(std::span<const double> x);

/// Greatest magnitude of the signal and of its interpolation, the filter's ringing after its end included.
double true_peak(std::span<const double> x);

/// The true-peak level of each whole control hop as engine/backend.hpp defines it, silence before the signal.
std::vector<double> true_peaks_per_hop(std::span<const double> x);

}  // namespace tutti::oracle
