#include "benchmarks/third_octaves.hpp"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>

#include "benchmarks/statistics.hpp"
#include "engine/errors.hpp"
#include "engine/fft.hpp"

namespace tutti::bench {

namespace {

constexpr int window_size = 1 << 15;
constexpr int hop = window_size / 2;

std::vector<double> hann_window() {
    std::vector<double> window(window_size);
    for (int n = 0; n < window_size; ++n) {
        window[static_cast<std::size_t>(n)] = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * n / window_size);
    }
    return window;
}

/// Adds the power spectrum of the windowed channel to `power`.
void add_power(const std::vector<float>& frames, int channels, int channel, const std::vector<double>& window,
               DesignFft& fft, std::vector<double>& power) {
    std::vector<double> signal(window_size);
    std::vector<std::complex<double>> spectrum(static_cast<std::size_t>(fft.bin_count()));
    for (std::size_t n = 0; n < signal.size(); ++n) {
        signal[n] =
            window[n] * frames[n * static_cast<std::size_t>(channels) + static_cast<std::size_t>(channel)];
    }
    fft.forward(signal, spectrum);
    for (std::size_t k = 0; k < power.size(); ++k) {
        power[k] += std::norm(spectrum[k]);
    }
}

/// Sums a power spectrum over the band; a bin that an edge cuts counts with its share.
double band_power(const std::vector<double>& power, double low_bin, double high_bin) {
    double sum = 0.0;
    for (std::size_t k = 1; k < power.size(); ++k) {
        const double left = std::max(low_bin, static_cast<double>(k) - 0.5);
        const double right = std::min(high_bin, static_cast<double>(k) + 0.5);
        sum += std::max(0.0, right - left) * power[k];
    }
    return sum;
}

}  // namespace

BandLevels third_octave_levels(const std::filesystem::path& file) {
    SF_INFO info{};
    const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> sound(sf_open(file.c_str(), SFM_READ, &info), sf_close);
    if (!sound || info.frames < window_size) {
        throw InputError(file.string() + " cannot be read as audio, or is shorter than a second");
    }
    const auto channels = static_cast<std::size_t>(info.channels);
    const std::vector<double> window = hann_window();
    DesignFft fft(window_size);
    std::vector<std::vector<double>> power(channels,
                                           std::vector<double>(static_cast<std::size_t>(fft.bin_count())));

    std::vector<float> frames(channels * window_size);
    const auto hop_samples = static_cast<std::ptrdiff_t>(channels * hop);
    int window_count = 0;
    sf_readf_float(sound.get(), frames.data(), hop);
    while (sf_readf_float(sound.get(), frames.data() + hop_samples, hop) == hop) {
        for (std::size_t channel = 0; channel < channels; ++channel) {
            add_power(frames, info.channels, static_cast<int>(channel), window, fft, power[channel]);
        }
        ++window_count;
        std::copy(frames.begin() + hop_samples, frames.end(), frames.begin());
    }

    // One-sided, by Parseval; the mean square of a Hann window is 3/8.
    const double scale = 2.0 / (0.375 * window_size * static_cast<double>(window_size) * window_count);
    BandLevels levels;
    levels.level_db.resize(channels);
    for (int band = -16; band <= 13; ++band) {
        const double centre_hz = 1000.0 * std::pow(10.0, 0.1 * band);
        const double bins_per_hz = static_cast<double>(window_size) / info.samplerate;
        const double edge = std::pow(10.0, 0.05);
        levels.centre_hz.push_back(centre_hz);
        for (std::size_t channel = 0; channel < channels; ++channel) {
            const double mean_square = scale * band_power(power[channel], centre_hz / edge * bins_per_hz,
                                                          centre_hz * edge * bins_per_hz);
            levels.level_db[channel].push_back(10.0 * std::log10(std::max(mean_square, 1e-20)));
        }
    }
    return levels;
}

LevelDifference compare_levels(const BandLevels& a, const BandLevels& b, double range_db) {
    TUTTI_CHECK(a.centre_hz == b.centre_hz && a.level_db.size() == b.level_db.size());
    LevelDifference result;
    std::vector<double> differences_db;
    for (std::size_t channel = 0; channel < a.level_db.size(); ++channel) {
        const std::vector<double>& levels = a.level_db[channel];
        const double loudest_db = *std::max_element(levels.begin(), levels.end());
        for (std::size_t band = 0; band < levels.size(); ++band) {
            if (levels[band] < loudest_db - range_db) {
                continue;
            }
            differences_db.push_back(std::abs(levels[band] - b.level_db[channel][band]));
            if (differences_db.back() >= result.greatest_db) {
                result.greatest_db = differences_db.back();
                result.greatest_at_hz = a.centre_hz[band];
            }
        }
    }
    result.median_db = summarize(differences_db).median;
    return result;
}

}  // namespace tutti::bench
