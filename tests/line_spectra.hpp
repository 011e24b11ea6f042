#pragma once

#include <functional>
#include <vector>

#include "engine/backend.hpp"

namespace tutti::tests {

/// One line of a spectrum, as a standard gives it.
struct Line {
    double hz = 0.0;
    double spl_db = 0.0;
};
using Spectrum = std::vector<Line>;

Spectrum tone(double hz, double spl_db);

/// Lines every 10 Hz in the middle of their 10 Hz, `density_db` per Hz.
Spectrum white_noise(double from_hz, double to_hz, double density_db);

/// The same, falling by 3 dB per octave from `density_db` at 1 kHz.
Spectrum pink_noise(double from_hz, double to_hz, double density_db);

Spectrum together(const Spectrum& a, const Spectrum& b);

/// Sounds heard side by side, one or more, by both ears alike.
using Scene = std::vector<Spectrum>;

/// Outer and middle ear together, in dB, at a frequency.
using EarTransfer = std::function<double(double hz)>;

/// The model's own, in a free field.
double free_field_ear_db(double hz);

/// [scene][sound]: partial loudness in sone of each sound beside the others of its scene; alone it is the
/// loudness. Scenes have equally many sounds. Goes through the backend's Excitation and Masking.
std::vector<std::vector<double>> sones(Backend& backend, GridKind kind, const std::vector<Scene>& scenes,
                                       const EarTransfer& ear_db = free_field_ear_db);

/// The same of one sound alone per scene.
std::vector<double> sones_alone(Backend& backend, GridKind kind, const std::vector<Spectrum>& spectra,
                                const EarTransfer& ear_db = free_field_ear_db);

}  // namespace tutti::tests
