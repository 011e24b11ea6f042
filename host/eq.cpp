#include "host/eq.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "host/eq_prototypes.hpp"
#include "host/linear_phase.hpp"
#include "host/minimum_phase.hpp"

namespace tutti {

std::complex<double> analogue_response(const EqBand& band, double freq_hz) {
    const Prototype prototype = analogue_prototype(band);
    const std::complex<double> s(0.0, freq_hz / band.freq_hz);
    std::complex<double> response = prototype.gain;
    for (std::size_t k = 0; k < prototype.poles.size(); ++k) {
        if (k < prototype.zeros.size()) response *= s - prototype.zeros[k];
        response /= s - prototype.poles[k];
    }
    return response;
}

namespace {

/// What may be cut off a minimum-phase kernel, of its energy. A cut kernel keeps its minimum phase as long as
/// the spectrum of what is cut stays below its own everywhere on the unit circle (Rouche), so below the floor
/// of the stop bands. A tail of energy c that decays by d per frame has the amplitude sqrt(2 c d) and, at DC,
/// the spectrum sqrt(2 c d) / w for a highpass at the angle w, with d <= w / 2 from the third order on: below
/// half the floor F when c < F^2 w / 4. The first two orders only come near the floor where nothing is heard
/// of it; towards Nyquist the spectrum of a tail is lower than at DC.
double minimum_phase_cut_energy(std::span<const EqBand> bands, int sample_rate_hz) {
    const double floor_energy = std::pow(10.0, stop_band_floor_db / 10.0);
    double cut = floor_energy;
    for (const EqBand& band : bands) {
        if (band.shape != EqShape::highpass || band.slope_db_per_oct < 18) continue;
        const double angle = 2.0 * std::numbers::pi * band.freq_hz / sample_rate_hz;
        cut = std::min(cut, 0.25 * floor_energy * angle);
    }
    return cut;
}

/// The zero-phase magnitude has a corner, at the notch or at DC, and so a response that falls no faster than
/// 1/n^2.
bool has_corner(const EqBand& band) {
    return band.shape == EqShape::notch || band.shape == EqShape::bandpass ||
           (band.shape == EqShape::highpass && band.slope_db_per_oct == 6);
}

/// Half of -140 dB: the other half is room for what folds back from beyond the grid. The kernel's energy is
/// spread over all frequencies, what is cut off lies at its lowest resonance: an end at -120 dB was an error
/// of -94 dB there, where music is loud. Corners end at -120 dB: what is cut off them lies in the corner,
/// where the response has its zero, and 20 dB more would make the kernel five times as long.
double linear_phase_cut_energy(std::span<const EqBand> bands) {
    return std::any_of(bands.begin(), bands.end(), has_corner) ? 0.5e-12 : 0.5e-14;
}

}  // namespace

EqKernel design_eq(EqPhase phase, std::span<const EqBand> bands, int sample_rate_hz) {
    std::vector<Prototype> prototypes;
    for (const EqBand& band : bands) {
        if (!is_neutral(band)) prototypes.push_back(designed_prototype(band, sample_rate_hz));
    }
    if (prototypes.empty()) return {{1.0}, 0};
    EqKernel kernel;
    if (phase == EqPhase::minimum) {
        const double cut = minimum_phase_cut_energy(bands, sample_rate_hz);
        kernel.taps = minimum_phase_response(prototypes, cut, 1 << 20);
        return kernel;
    }
    kernel.taps = linear_phase_response(prototypes, linear_phase_cut_energy(bands), (1 << 19) - 1);
    kernel.latency_frames = static_cast<int>(kernel.taps.size() - 1) / 2;
    return kernel;
}

}  // namespace tutti
