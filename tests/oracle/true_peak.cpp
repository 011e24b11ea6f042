#include "tests/oracle/true_peak.hpp"

#include <algorithm>
#include <cmath>

#include "engine/backend.hpp"

namespace tutti::oracle {

// clang-format off
const std::array<std::array<double, 12>, 4> annex2_taps = {{
    {0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, 0.1373291015625,
     0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500},
    {-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, 0.4650878906250,
     0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375},
    {-0.0189208984375, 0.0330810546875, -0.0582275390625, 0.1015625000000, -0.2003173828125, 0.7797851562500,
     0.4650878906250, -0.1665039062500, 0.0891113281250, -0.0517578125000, 0.0292968750000, -0.0291748046875},
    {-0.0083007812500, 0.0148925781250, -0.0266113281250, 0.0476074218750, -0.1022949218750, 0.9721679687500,
     0.1373291015625, -0.0594482421875, 0.0332031250000, -0.0196533203125, 0.0109863281250, 0.0017089843750},
}};
// clang-format on

std::vector<double> at_four_times_the_rate(std::span<const double> x) {
    std::vector<double> y(4 * x.size(), 0.0);
    for (std::size_t n = 0; n < x.size(); ++n) {
        for (std::size_t phase = 0; phase < 4; ++phase) {
            for (std::size_t k = 0; k < 12 && k <= n; ++k)
                y[4 * n + phase] += annex2_taps[phase][k] * x[n - k];
        }
    }
    return y;
}

double true_peak(std::span<const double> x) {
    std::vector<double> ringing(x.begin(), x.end());
    ringing.resize(x.size() + true_peak_tap_count - 1, 0.0);
    double peak = 0.0;
    for (const double sample : ringing) peak = std::max(peak, std::abs(sample));
    for (const double sample : at_four_times_the_rate(ringing)) peak = std::max(peak, std::abs(sample));
    return peak;
}

std::vector<double> true_peaks_per_hop(std::span<const double> x) {
    const std::vector<double> between = at_four_times_the_rate(x);
    std::vector<double> levels(x.size() / control_hop, 0.0);
    for (std::size_t hop = 0; hop < levels.size(); ++hop) {
        for (std::size_t n = hop * control_hop; n < (hop + 1) * control_hop; ++n) {
            levels[hop] = std::max(levels[hop], std::abs(x[n]));
            for (std::size_t p = 0; p < 4; ++p)
                levels[hop] = std::max(levels[hop], std::abs(between[4 * n + p]));
        }
    }
    return levels;
}

}  // namespace tutti::oracle
