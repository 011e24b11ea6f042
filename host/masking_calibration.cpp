#include "host/masking_calibration.hpp"

#include <cmath>

namespace tutti {

namespace {

/// 10 lg 2: what a sine's peak is over its mean square, and two equal channels over one.
const double doubled_db = 10.0 * std::log10(2.0);

/// The BS.1770 scale without its filters and gates.
constexpr double mean_square_to_lufs_db = -0.691;

}  // namespace

double full_scale_spl_db(double playback_spl_db, double mix_lufs, int channels) {
    return playback_spl_db - mix_lufs - (channels == 1 ? doubled_db : 0.0);
}

std::vector<double> cochlea_gains(double full_scale_spl_db, SoundField field,
                                  std::span<const double> component_hz) {
    std::vector<double> gains;
    gains.reserve(component_hz.size());
    for (const double hz : component_hz) {
        // A full-scale sine has a mean square of 1/2.
        const double db = full_scale_spl_db + doubled_db + ear_transfer_db(field, hz);
        gains.push_back(std::pow(10.0, db / 10.0));
    }
    return gains;
}

MixLoudness::MixLoudness(int channels, int sample_rate_hz)
    : channels_(channels), meter_(channels, sample_rate_hz, LoudnessExtent::integrated) {}

void MixLoudness::add(std::span<const float> planes, int count, int stride) {
    meter_.add(planes, count, stride);
    for (int c = 0; c < channels_; ++c) {
        for (const float x : planes.subspan(static_cast<std::size_t>(c) * stride, count))
            square_sum_ += double{x} * x;
    }
    frames_ += count;
}

double MixLoudness::lufs() const {
    const double integrated = meter_.result().integrated_lufs;
    if (std::isfinite(integrated) || frames_ == 0) return integrated;
    return 10.0 * std::log10(square_sum_ / static_cast<double>(frames_)) + mean_square_to_lufs_db;
}

}  // namespace tutti
