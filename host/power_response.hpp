#pragma once

#include <span>
#include <vector>

namespace tutti {

/// The mean of |H|^2 of an impulse response around each frequency of an ascending grid: from midway to the
/// frequency before to midway to the next. So a reverb's comb of peaks and dips, finer than any grid, counts
/// as what it does to the power of a band.
std::vector<double> mean_power_response(std::span<const double> taps, int sample_rate_hz,
                                        std::span<const double> grid_hz);

}  // namespace tutti
