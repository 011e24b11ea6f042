#include "tests/line_spectra.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/masking_model.hpp"
#include "tests/masking_runs.hpp"

namespace tutti::tests {

namespace {

/// [scene][ear][sound][component]
std::vector<float> powers_of(const std::vector<double>& hz, const std::vector<Scene>& scenes,
                             const EarTransfer& ear_db) {
    std::vector<float> powers;
    for (const Scene& scene : scenes) {
        for (int ear = 0; ear < 2; ++ear) {
            for (const Spectrum& sound : scene) {
                std::map<double, double> lines;
                for (const Line& line : sound) {
                    lines[line.hz] += std::pow(10.0, (line.spl_db + ear_db(line.hz)) / 10.0);
                }
                for (const double f : hz) {
                    const auto line = lines.find(f);
                    powers.push_back(line == lines.end() ? 0.0F : static_cast<float>(line->second));
                }
            }
        }
    }
    return powers;
}

}  // namespace

double free_field_ear_db(double hz) { return ear_transfer_db(SoundField::free, hz); }

Spectrum tone(double hz, double spl_db) { return {{hz, spl_db}}; }

Spectrum white_noise(double from_hz, double to_hz, double density_db) {
    Spectrum lines;
    for (double hz = from_hz + 5.0; hz < to_hz; hz += 10.0) lines.push_back({hz, density_db + 10.0});
    return lines;
}

Spectrum pink_noise(double from_hz, double to_hz, double density_db) {
    Spectrum lines = white_noise(from_hz, to_hz, density_db);
    for (Line& line : lines) line.spl_db -= 10.0 * std::log10(line.hz / 1000.0);
    return lines;
}

Spectrum together(const Spectrum& a, const Spectrum& b) {
    Spectrum sum = a;
    sum.insert(sum.end(), b.begin(), b.end());
    return sum;
}

std::vector<std::vector<double>> sones(Backend& backend, GridKind kind, const std::vector<Scene>& scenes,
                                       const EarTransfer& ear_db) {
    std::set<double> used;
    for (const Scene& scene : scenes) {
        for (const Spectrum& sound : scene) {
            for (const Line& line : sound) used.insert(line.hz);
        }
    }
    const std::vector<double> hz(used.begin(), used.end());
    const int sounds = static_cast<int>(scenes.at(0).size());
    const int slices = static_cast<int>(scenes.size());

    ExcitationPlan plan;
    plan.sample_rate_hz = 48000;
    plan.grid = component_grid(hz, kind);
    plan.cochlea_gains.assign(hz.size(), 1.0);
    plan.objects.resize(sounds, {.rows = {0, 0}, .weights = {}});
    plan.most_slices = slices;
    const std::vector<float> excitations = run_powers(backend, plan, powers_of(hz, scenes, ear_db));
    const MaskingTile tile =
        run_masking(backend, tracks_plan(plan.grid, sounds, slices, 1), excitations).at(0);

    std::vector<std::vector<double>> loudnesses(slices, std::vector<double>(sounds, 0.0));
    auto next = tile.loudness.begin();
    for (auto& scene : loudnesses) {
        for (double& sound : scene) {
            for (int band = 0; band < plan.grid.display_band_count(); ++band) sound += *next++;
        }
    }
    return loudnesses;
}

std::vector<double> sones_alone(Backend& backend, GridKind kind, const std::vector<Spectrum>& spectra,
                                const EarTransfer& ear_db) {
    std::vector<Scene> scenes;
    for (const Spectrum& spectrum : spectra) scenes.push_back({spectrum});
    std::vector<double> alone;
    for (const auto& scene : sones(backend, kind, scenes, ear_db)) alone.push_back(scene.at(0));
    return alone;
}

}  // namespace tutti::tests
