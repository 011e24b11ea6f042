#include "host/long_term_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "engine/errors.hpp"

namespace tutti {

LongTermSpectrum::LongTermSpectrum(int channels, int window_frames, int sample_rate_hz)
    : window_frames_(window_frames),
      sample_rate_hz_(sample_rate_hz),
      fft_(window_frames),
      recent_(channels),
      sums_(channels, std::vector<double>(fft_.bin_count(), 0.0)) {
    for (int i = 0; i < window_frames; ++i) {
        const double w = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (i + 0.5) / window_frames);
        window_.push_back(w);
        window_power_ += w * w;
    }
}

void LongTermSpectrum::add(std::span<const float> planes, int stride, int count) {
    const auto window = static_cast<std::size_t>(window_frames_);
    for (int done = 0; done < count;) {
        // Up to the end of the next window.
        const std::size_t wanted =
            window_count_ == 0 ? window - recent_[0].size() : std::max<std::size_t>(window / 2, 1) - fresh_;
        const int now = static_cast<int>(std::min<std::size_t>(wanted, count - done));
        for (std::size_t channel = 0; channel < recent_.size(); ++channel) {
            const auto plane = planes.subspan(channel * stride + done, now);
            recent_[channel].insert(recent_[channel].end(), plane.begin(), plane.end());
        }
        done += now;
        fresh_ += now;
        if (now == static_cast<int>(wanted)) analyse();
    }
}

/// The window that ends with the last frame; what lies before it is no longer needed.
void LongTermSpectrum::analyse() {
    std::vector<double> windowed(window_frames_);
    std::vector<std::complex<double>> spectrum(fft_.bin_count());
    for (std::size_t channel = 0; channel < recent_.size(); ++channel) {
        std::vector<float>& frames = recent_[channel];
        frames.erase(frames.begin(), frames.end() - window_frames_);
        std::transform(frames.begin(), frames.end(), window_.begin(), windowed.begin(),
                       [](float x, double w) { return x * w; });
        fft_.forward(windowed, spectrum);
        for (std::size_t bin = 0; bin < spectrum.size(); ++bin) {
            sums_[channel][bin] += std::norm(spectrum[bin]);
        }
    }
    fresh_ = 0;
    ++window_count_;
}

std::vector<std::vector<double>> LongTermSpectrum::finish() {
    TUTTI_CHECK(recent_.empty() || recent_[0].size() >= window_.size());
    if (fresh_ > 0) analyse();
    std::vector<std::vector<double>> spectra = sums_;
    // Parseval; every bin but the first and, of an even size, the last stands for two.
    const double scale = 1.0 / (window_power_ * window_frames_ * window_count_);
    for (std::vector<double>& spectrum : spectra) {
        for (std::size_t bin = 0; bin < spectrum.size(); ++bin) {
            const bool is_alone = bin == 0 || 2 * bin == window_.size();
            spectrum[bin] *= is_alone ? scale : 2.0 * scale;
        }
    }
    return spectra;
}

std::vector<double> LongTermSpectrum::bin_hz() const {
    std::vector<double> hz;
    for (int bin = 0; bin < fft_.bin_count(); ++bin) {
        hz.push_back(static_cast<double>(bin) * sample_rate_hz_ / window_frames_);
    }
    return hz;
}

}  // namespace tutti
