#include "tests/oracle/true_peak.hpp"

#include <algorithm>
#include <cmath>

#include "engine/backend.hpp"
#include "engine/true_peak.hpp"

namespace tutti::oracle {

std::vector<double> interpolate_4x(std::span<const double> audio) {
    const std::size_t count = audio.size() + true_peak_tap_count - 1;
    std::vector<double> result(4 * count, 0.0);
    for (std::size_t n = 0; n < count; ++n) {
        for (std::size_t p = 0; p < 4; ++p) {
            for (std::size_t k = 0; k < true_peak_tap_count; ++k) {
                if (n >= k && n - k < audio.size()) result[4 * n + p] += true_peak_taps[p][k] * audio[n - k];
            }
        }
    }
    return result;
}

double true_peak(std::span<const double> audio) {
    double peak = 0.0;
    for (const double x : audio) peak = std::max(peak, std::abs(x));
    for (const double x : interpolate_4x(audio)) peak = std::max(peak, std::abs(x));
    return peak;
}

std::vector<double> true_peaks_per_hop(std::span<const double> audio) {
    const std::vector<double> between = interpolate_4x(audio);
    std::vector<double> levels(audio.size() / control_hop, 0.0);
    for (std::size_t hop = 0; hop < levels.size(); ++hop) {
        for (std::size_t n = hop * control_hop; n < (hop + 1) * control_hop; ++n) {
            levels[hop] = std::max(levels[hop], std::abs(audio[n]));
            for (std::size_t p = 0; p < 4; ++p)
                levels[hop] = std::max(levels[hop], std::abs(between[4 * n + p]));
        }
    }
    return levels;
}

}  // namespace tutti::oracle
