#include "host/stationary_loudness.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "host/masking_calibration.hpp"

namespace tutti {

namespace {

constexpr int ear_count = 2;
constexpr double least_hz = 20.0;  ///< of the ear's tables
constexpr double most_hz = 20000.0;
constexpr double component_cam = 0.05;

using EarPowers = std::array<std::vector<double>, ear_count>;  ///< [ear][line or component], at the cochlea

/// The lines that are heard.
struct Lines {
    std::vector<double> hz;
    EarPowers powers;
};

Lines audible_lines(std::span<const double> line_hz, const std::vector<std::vector<double>>& spectra,
                    const ListeningLevel& level) {
    const auto first = std::lower_bound(line_hz.begin(), line_hz.end(), least_hz) - line_hz.begin();
    const auto end = std::upper_bound(line_hz.begin(), line_hz.end(), most_hz) - line_hz.begin();
    Lines lines;
    lines.hz.assign(line_hz.begin() + first, line_hz.begin() + end);
    const std::vector<double> gains = cochlea_gains(level.full_scale_spl_db, level.field, lines.hz);
    for (std::size_t ear = 0; ear < ear_count; ++ear) {
        const std::vector<double>& spectrum = spectra.at(std::min(ear, spectra.size() - 1));
        for (std::size_t i = 0; i < gains.size(); ++i) {
            lines.powers[ear].push_back(spectrum[first + i] * gains[i]);
        }
    }
    return lines;
}

/// Close neighbours together at their centre of gravity, so that a tone stays where it is. Silent ones are
/// left out.
Lines components_of(const Lines& lines) {
    Lines components;
    for (std::size_t first = 0; first < lines.hz.size();) {
        const double from_cam = hz_to_cam(lines.hz[first]);
        std::array<double, ear_count> powers{};
        double moment = 0.0;
        std::size_t i = first;
        for (; i < lines.hz.size() && hz_to_cam(lines.hz[i]) - from_cam < component_cam; ++i) {
            for (int ear = 0; ear < ear_count; ++ear) {
                powers[ear] += lines.powers[ear][i];
                moment += lines.powers[ear][i] * lines.hz[i];
            }
        }
        first = i;
        const double whole = powers[0] + powers[1];
        if (whole <= 0.0) continue;
        components.hz.push_back(moment / whole);
        for (int ear = 0; ear < ear_count; ++ear) components.powers[ear].push_back(powers[ear]);
    }
    return components;
}

/// [ear][band]
std::vector<float> excitations_of(Backend& backend, const MaskingGrid& grid, const EarPowers& powers) {
    std::vector<float> excitations(static_cast<std::size_t>(ear_count) * grid.band_count(), 0.0F);
    if (grid.component_hz.empty()) return excitations;  // silence
    const RowsShape shape{.row_count = 1, .frame_count = control_hop, .history_count = control_hop};
    ExcitationPlan plan;
    plan.sample_rate_hz = 48000;  // of rows that are not listened to
    plan.grid = grid;
    plan.cochlea_gains.assign(grid.component_count(), 1.0);
    plan.objects.push_back({.rows = {0, 0}, .weights = {}});
    plan.most_slices = 1;
    const std::unique_ptr<Excitation> excitation = backend.make_excitation(shape, plan);
    const std::unique_ptr<Excitations> tile = backend.make_excitations({1, 1, grid.band_count()});
    std::vector<float> both;
    for (const std::vector<double>& ear : powers) both.insert(both.end(), ear.begin(), ear.end());
    excitation->process_powers(both, *tile, 0);
    tile->read(0, excitations);
    return excitations;
}

}  // namespace

StationaryLoudness stationary_loudness(Backend& backend, std::span<const double> line_hz,
                                       const std::vector<std::vector<double>>& spectra,
                                       const ListeningLevel& level) {
    const Lines components = components_of(audible_lines(line_hz, spectra, level));
    const MaskingGrid grid = component_grid(components.hz, GridKind::exact);
    const std::vector<float> excitations = excitations_of(backend, grid, components.powers);
    StationaryLoudness loudness;
    loudness.band_hz = grid.band_hz;
    for (int ear = 0; ear < ear_count; ++ear) {
        for (int band = 0; band < grid.band_count(); ++band) {
            const double specific = specific_loudness(excitations[ear * grid.band_count() + band],
                                                      band_constants(grid.band_hz[band]));
            loudness.specific[ear].push_back(specific);
            loudness.ear_sone[ear] += specific * grid.band_step_cam;
        }
    }
    loudness.sone = loudness.ear_sone[0] + loudness.ear_sone[1];
    return loudness;
}

}  // namespace tutti
