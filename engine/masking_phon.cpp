#include <algorithm>
#include <array>
#include <cmath>

#include "engine/masking_grid.hpp"
#include "engine/masking_model.hpp"

namespace tutti {

namespace {

constexpr int most_phon = 120;

/// Loudness of a 1 kHz tone in a free field, at both ears.
double tone_loudness(double level_db) {
    const double tone_hz = 1000.0;
    const double power = std::pow(10.0, (level_db + ear_transfer_db(SoundField::free, tone_hz)) / 10.0);
    const MaskingGrid grid = component_grid(std::array{tone_hz}, GridKind::exact);
    double sum = 0.0;
    for (const double centre_hz : grid.band_hz) {
        const double g = std::abs(tone_hz - centre_hz) / centre_hz;
        if (g > roex_reach) continue;
        const double slope =
            tone_hz < centre_hz ? roex_lower_slope(centre_hz, level_db) : roex_upper_slope(centre_hz);
        sum += specific_loudness(power * roex_weight(slope, g), band_constants(centre_hz));
    }
    return 2.0 * sum * grid.band_step_cam;
}

/// [phon]: sone
const std::array<double, most_phon + 1>& tone_loudnesses() {
    static const std::array<double, most_phon + 1> table = [] {
        std::array<double, most_phon + 1> made{};
        for (int phon = 0; phon <= most_phon; ++phon) made[phon] = tone_loudness(phon);
        return made;
    }();
    return table;
}

}  // namespace

double sone_to_phon(double sone) {
    const auto& table = tone_loudnesses();
    if (sone <= table.front()) return 0.0;
    const auto above =
        std::min<std::size_t>(std::upper_bound(table.begin(), table.end(), sone) - table.begin(), most_phon);
    const double below_sone = table[above - 1];
    return static_cast<double>(above - 1) + std::log(sone / below_sone) / std::log(table[above] / below_sone);
}

double phon_to_sone(double phon) {
    const auto& table = tone_loudnesses();
    const int below = std::clamp(static_cast<int>(std::floor(phon)), 0, most_phon - 1);
    return table[below] * std::pow(table[below + 1] / table[below], std::max(phon, 0.0) - below);
}

}  // namespace tutti
