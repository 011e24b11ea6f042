#include "host/linear_phase.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>

#include "engine/fft.hpp"

namespace tutti {

namespace {

using Complex = std::complex<double>;
using std::numbers::pi;

double magnitude(std::span<const Prototype> prototypes, double eased) {
    double product = 1.0;
    for (const Prototype& prototype : prototypes) {
        double square = prototype.gain * prototype.gain;
        for (std::size_t k = 0; k < prototype.poles.size(); ++k) {
            if (k < prototype.zeros.size()) square *= std::norm(Complex(0.0, eased) - prototype.zeros[k]);
            square /= std::norm(Complex(0.0, eased) - prototype.poles[k]);
        }
        product *= std::sqrt(square);
    }
    return product;
}

/// The half of the zero-phase response from its centre on, as a grid of `grid` points sees it: grid / 2 + 1
/// values.
std::vector<double> half_response(std::span<const Prototype> prototypes, int grid) {
    DesignFft fft(grid);
    std::vector<Complex> spectrum(static_cast<std::size_t>(fft.bin_count()));
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
        spectrum[k] = magnitude(prototypes, eased_angle(2.0 * pi * static_cast<double>(k) / grid));
    }
    std::vector<double> response(static_cast<std::size_t>(grid));
    fft.inverse(spectrum, response);
    response.resize(static_cast<std::size_t>(grid / 2 + 1));
    return response;
}

/// A grid on which the slowest decay of the prototypes lasts for a sixteenth of the length: nothing falls
/// between its bins.
int first_grid(std::span<const Prototype> prototypes) {
    double slowest = 512.0;
    for (const Prototype& prototype : prototypes) {
        for (const Complex& pole : prototype.poles) slowest = std::max(slowest, -1.0 / pole.real());
    }
    return static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::min(16.0 * slowest, 1e6))));
}

/// How many taps beside the centre may stay, so that what is cut at both ends has less than `cut_energy` of
/// the whole.
std::size_t taps_to_keep(std::span<const double> half, double cut_energy) {
    double whole = -half[0] * half[0];
    for (const double x : half) whole += 2.0 * x * x;
    double cut = 0.0;
    std::size_t keep = half.size() - 1;
    for (; keep > 0; --keep) {
        cut += 2.0 * half[keep] * half[keep];
        if (cut >= cut_energy * whole) break;
    }
    return keep;
}

}  // namespace

std::vector<double> linear_phase_response(std::span<const Prototype> prototypes, double cut_energy,
                                          int max_taps) {
    const auto most = static_cast<std::size_t>(max_taps - 1) / 2;
    // The grid is twice as long as the longest response, so that what folds back onto the kept taps comes
    // from beyond the cut.
    const int last_grid = static_cast<int>(std::bit_ceil(4 * most));
    for (int grid = std::min(first_grid(prototypes), last_grid);; grid *= 2) {
        const std::vector<double> half = half_response(prototypes, grid);
        std::size_t keep = taps_to_keep(half, cut_energy);
        // Taps near the fold are not known well: what counts as enough must lie in the inner half.
        if (keep > static_cast<std::size_t>(grid) / 4 && grid < last_grid) continue;
        keep = std::min(keep, most);
        std::vector<double> taps(2 * keep + 1);
        for (std::size_t n = 0; n <= keep; ++n) taps[keep - n] = taps[keep + n] = half[n];
        return taps;
    }
}

}  // namespace tutti
