#include "host/power_response.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>

#include "engine/fft.hpp"

namespace tutti {

namespace {

/// Bins of the transform are no further apart.
constexpr double finest_hz = 3.0;

/// [bin]: |H|^2.
std::vector<double> power_spectrum(std::span<const double> taps, int sample_rate_hz) {
    const auto frames =
        std::bit_ceil(std::max(taps.size(), static_cast<std::size_t>(std::ceil(sample_rate_hz / finest_hz))));
    std::vector<double> signal(frames, 0.0);
    std::copy(taps.begin(), taps.end(), signal.begin());
    DesignFft fft(static_cast<int>(frames));
    std::vector<std::complex<double>> spectrum(static_cast<std::size_t>(fft.bin_count()));
    fft.forward(signal, spectrum);
    std::vector<double> power(spectrum.size());
    std::transform(spectrum.begin(), spectrum.end(), power.begin(), [](auto h) { return std::norm(h); });
    return power;
}

}  // namespace

std::vector<double> mean_power_response(std::span<const double> taps, int sample_rate_hz,
                                        std::span<const double> grid_hz) {
    if (taps.size() == 1) return std::vector<double>(grid_hz.size(), taps[0] * taps[0]);
    const std::vector<double> power = power_spectrum(taps, sample_rate_hz);
    const double bins_per_hz = 2.0 * static_cast<double>(power.size() - 1) / sample_rate_hz;
    const auto last = static_cast<double>(power.size() - 1);
    std::vector<double> result(grid_hz.size());
    for (std::size_t i = 0; i < grid_hz.size(); ++i) {
        const double before = i > 0 ? grid_hz[i - 1] : grid_hz[i];
        const double after = i + 1 < grid_hz.size() ? grid_hz[i + 1] : grid_hz[i];
        const double low = 0.5 * (before + grid_hz[i]) * bins_per_hz;
        const double high = 0.5 * (after + grid_hz[i]) * bins_per_hz;
        const auto first_bin = static_cast<std::size_t>(std::clamp(std::round(low), 0.0, last));
        const auto last_bin = static_cast<std::size_t>(std::clamp(std::round(high), 0.0, last));
        double sum = 0.0;
        for (std::size_t bin = first_bin; bin <= last_bin; ++bin) sum += power[bin];
        result[i] = sum / static_cast<double>(last_bin - first_bin + 1);
    }
    return result;
}

}  // namespace tutti
