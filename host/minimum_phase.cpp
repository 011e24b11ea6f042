#include "host/minimum_phase.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>

#include "engine/fft.hpp"

namespace tutti {

namespace {

using Complex = std::complex<double>;
using std::numbers::pi;

/// A root of a prototype and where it goes on the z-plane.
struct Root {
    Complex s;        ///< of the prototype
    Complex log_z;    ///< of the recursion
    bool recursive;   ///< false: left to the cepstrum whole
    double decay;     ///< e^(Re log_z), and
    double decay_m1;  ///< that minus 1, precisely

    explicit Root(Complex root) : s(root), log_z(root), recursive(std::abs(root.imag()) <= 0.9 * pi) {
        // A zero on the axis is met exactly where the eased prototype has it; elsewhere the angle may differ
        // a little.
        if (s.real() == 0.0 && std::abs(s.imag()) <= last_eased_angle()) {
            log_z = {0.0, std::copysign(angle_of_eased(std::abs(s.imag())), s.imag())};
            recursive = true;
        }
        decay = std::exp(log_z.real());
        decay_m1 = std::expm1(log_z.real());
    }

    /// |j eased - s|^2 / |1 - z e^(-j angle)|^2, or its numerator alone for a root that is not recursive.
    /// With u = log_z - j angle the denominator is |e^u - 1|^2 = (e^Re u - 1)^2 + 4 e^Re u sin^2(Im u / 2):
    /// nothing cancels next to the root.
    double squared_ratio(double angle, double eased) const {
        const double above = std::norm(Complex(-s.real(), eased - s.imag()));
        if (!recursive) return above;
        const double half_sine = std::sin(0.5 * (log_z.imag() - angle));
        const double below = decay_m1 * decay_m1 + 4.0 * decay * half_sine * half_sine;
        constexpr double on_the_root = 1e-20;
        if (below < on_the_root) {
            const double slope = eased_angle_slope(angle);
            return slope * slope;
        }
        return above / below;
    }
};

/// One zero over one pole, next to each other so that nothing grows between them.
struct Section {
    std::vector<Root> zero;  ///< none or one
    Root pole;

    /// Frames in which the recursion falls by e; 0 without one.
    double slowness() const { return pole.recursive ? -1.0 / pole.log_z.real() : 0.0; }
};

std::vector<Section> sections_of(std::span<const Prototype> prototypes) {
    std::vector<Section> sections;
    for (const Prototype& prototype : prototypes) {
        for (std::size_t k = 0; k < prototype.poles.size(); ++k) {
            Section section{{}, Root(prototype.poles[k])};
            if (k < prototype.zeros.size()) section.zero.emplace_back(prototype.zeros[k]);
            sections.push_back(section);
        }
    }
    // The slowest first: run behind a faster one, a recursion would be fed by denormal numbers for most of
    // its length.
    std::stable_sort(sections.begin(), sections.end(),
                     [](const Section& a, const Section& b) { return a.slowness() > b.slowness(); });
    return sections;
}

/// ln of what the recursions leave to do, for `bin_count` angles from 0 to pi.
std::vector<double> log_rest(std::span<const Section> sections, double log_gain, int bin_count) {
    std::vector<double> rest(static_cast<std::size_t>(bin_count));
    for (int k = 0; k < bin_count; ++k) {
        const double angle = pi * k / (bin_count - 1);
        const double eased = eased_angle(angle);
        double log_square = 0.0;
        for (const Section& section : sections) {
            double ratio = 1.0 / section.pole.squared_ratio(angle, eased);
            for (const Root& zero : section.zero) ratio *= zero.squared_ratio(angle, eased);
            // A zero that no recursion takes can lie on Nyquist itself; no level below -300 dB means
            // anything.
            log_square += std::log(std::max(ratio, 1e-30));
        }
        rest[static_cast<std::size_t>(k)] = log_gain + 0.5 * log_square;
    }
    return rest;
}

/// Minimum phase by the real cepstrum; the grid is refined until the cepstrum has died out on it.
std::vector<double> minimum_phase_of_rest(std::span<const Section> sections, double log_gain) {
    constexpr int first_grid = 4096;
    constexpr int last_grid = 1 << 20;
    constexpr double died_out = 1e-9;  // nepers and radians
    for (int grid = first_grid;; grid *= 2) {
        DesignFft fft(grid);
        const std::vector<double> log_magnitude = log_rest(sections, log_gain, fft.bin_count());
        std::vector<Complex> spectrum(log_magnitude.begin(), log_magnitude.end());
        std::vector<double> cepstrum(static_cast<std::size_t>(grid));
        fft.inverse(spectrum, cepstrum);
        const double tail =
            std::transform_reduce(cepstrum.begin() + 3 * grid / 8, cepstrum.begin() + grid / 2, 0.0,
                                  std::plus<>(), [](double c) { return std::abs(c); });
        if (tail > died_out && grid < last_grid) continue;

        for (int n = 1; n < grid / 2; ++n) cepstrum[static_cast<std::size_t>(n)] *= 2.0;
        std::fill(cepstrum.begin() + grid / 2 + 1, cepstrum.end(), 0.0);
        fft.forward(cepstrum, spectrum);
        for (Complex& bin : spectrum) bin = std::exp(bin);
        spectrum.back() = spectrum.back().real();
        std::vector<double> taps(static_cast<std::size_t>(grid));
        fft.inverse(spectrum, taps);
        taps.resize(static_cast<std::size_t>(grid / 2));
        return taps;
    }
}

/// Runs (1 - zero z^-1) / (1 - pole z^-1) over a complex signal in place. One-pole sections with complex
/// states keep all their digits at any frequency; a second-order section loses them as 1 / angle^2.
void run_section(const Section& section, std::span<double> real, std::span<double> imag) {
    const Complex pole = section.pole.recursive ? std::exp(section.pole.log_z) : 0.0;
    const Complex zero =
        !section.zero.empty() && section.zero[0].recursive ? std::exp(section.zero[0].log_z) : 0.0;
    const double pole_re = pole.real();
    const double pole_im = pole.imag();
    const double zero_re = zero.real();
    const double zero_im = zero.imag();
    double last_re = 0.0;
    double last_im = 0.0;
    double state_re = 0.0;
    double state_im = 0.0;
    for (std::size_t n = 0; n < real.size(); ++n) {
        const double in_re = real[n] - zero_re * last_re + zero_im * last_im;
        const double in_im = imag[n] - zero_re * last_im - zero_im * last_re;
        last_re = real[n];
        last_im = imag[n];
        const double next_re = in_re + pole_re * state_re - pole_im * state_im;
        const double next_im = in_im + pole_re * state_im + pole_im * state_re;
        real[n] = state_re = next_re;
        imag[n] = state_im = next_im;
    }
}

double energy(std::span<const double> taps) {
    return std::transform_reduce(taps.begin(), taps.end(), 0.0, std::plus<>(),
                                 [](double x) { return x * x; });
}

}  // namespace

std::vector<double> minimum_phase_response(std::span<const Prototype> prototypes, double cut_energy,
                                           int max_taps) {
    const std::vector<Section> sections = sections_of(prototypes);
    double log_gain = 0.0;
    for (const Prototype& prototype : prototypes) log_gain += std::log(prototype.gain);
    const std::vector<double> rest = minimum_phase_of_rest(sections, log_gain);

    const auto limit = static_cast<std::size_t>(max_taps);
    // e^-22 of the amplitude is 8e-20 of the energy: enough for a pole that stands alone. Several in one
    // place decay later.
    auto length =
        static_cast<std::size_t>(static_cast<double>(rest.size()) + 22.0 * sections.front().slowness());
    for (;; length *= 2) {
        length = std::min(length, limit);
        std::vector<double> taps(rest.begin(),
                                 rest.begin() + static_cast<std::ptrdiff_t>(std::min(rest.size(), length)));
        taps.resize(length, 0.0);
        std::vector<double> imag(length, 0.0);
        for (const Section& section : sections) run_section(section, taps, imag);

        const double whole = energy(taps);
        const double last_eighth = energy(std::span(taps).last(length / 8));
        if (last_eighth > 0.01 * cut_energy * whole && length < limit) continue;
        double cut = 0.0;
        while (taps.size() > 1 && cut + taps.back() * taps.back() < cut_energy * whole) {
            cut += taps.back() * taps.back();
            taps.pop_back();
        }
        return taps;
    }
}

}  // namespace tutti
