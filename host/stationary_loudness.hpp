#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "host/listening_level.hpp"

namespace tutti {

/// Loudness of a sound that does not change (ANSI S3.4-2007).
struct StationaryLoudness {
    double sone = 0.0;
    std::array<double, 2> ear_sone{};
    std::vector<double> band_hz;                  ///< 372 bands, 0.1 Cam apart
    std::array<std::vector<double>, 2> specific;  ///< [ear][band]: sone per Cam
};

/// By a line spectrum: mean square per line and channel, [channel][line], one channel for both ears or two.
/// Lines between 20 Hz and 20 kHz count.
StationaryLoudness stationary_loudness(Backend& backend, std::span<const double> line_hz,
                                       const std::vector<std::vector<double>>& spectra,
                                       const ListeningLevel& level);

}  // namespace tutti
