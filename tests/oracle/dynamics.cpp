#include "tests/oracle/dynamics.hpp"

#include <algorithm>
#include <cmath>

#include "engine/backend.hpp"

namespace tutti::oracle {

namespace {

constexpr int average_frames = 96;

double one_pole(double time_ms, int sample_rate_hz) {
    return time_ms > 0.0 ? std::exp(-1.0 / (time_ms * 1e-3 * sample_rate_hz)) : 0.0;
}

int hold_frames(double hold_ms, int sample_rate_hz) {
    return control_hop * static_cast<int>(std::lround(hold_ms * 1e-3 * sample_rate_hz / control_hop));
}

}  // namespace

std::vector<double> levels_of_own_hop(std::span<const double> audio, Detector detector) {
    std::vector<double> levels(audio.size());
    for (std::size_t first = 0; first < audio.size(); first += control_hop) {
        const std::size_t end = std::min(first + control_hop, audio.size());
        double peak = 0.0;
        double square = 0.0;
        for (std::size_t n = first; n < end; ++n) {
            peak = std::max(peak, std::abs(audio[n]));
            square += audio[n] * audio[n] / control_hop;
        }
        for (std::size_t n = first; n < end; ++n) levels[n] = detector == Detector::peak ? peak : square;
    }
    return levels;
}

std::vector<double> sliding_peaks(std::span<const double> audio, int before, int after) {
    const auto count = static_cast<int>(audio.size());
    std::vector<double> levels(audio.size(), 0.0);
    for (int n = 0; n < count; ++n) {
        for (int i = std::max(n - before, 0); i <= std::min(n + after, count - 1); ++i) {
            levels[n] = std::max(levels[n], std::abs(audio[i]));
        }
    }
    return levels;
}

double reduction_db(double level_db, double threshold_db, double ratio, double knee_db) {
    const double over_db = level_db - threshold_db;
    if (2.0 * over_db < -knee_db) return 0.0;
    if (2.0 * over_db > knee_db) return (1.0 - 1.0 / ratio) * over_db;
    if (knee_db == 0.0) return 0.0;
    return (1.0 - 1.0 / ratio) * (over_db + knee_db / 2.0) * (over_db + knee_db / 2.0) / (2.0 * knee_db);
}

std::vector<double> compressor_reduction_db(std::span<const double> levels, const CompressorInsert& settings,
                                            int sample_rate_hz) {
    std::vector<double> computed(levels.size());
    const double square_factor = one_pole(settings.rms_window_ms, sample_rate_hz);
    double square = 0.0;
    for (std::size_t n = 0; n < levels.size(); ++n) {
        square = square_factor * square + (1.0 - square_factor) * levels[n];
        const double level_db = settings.detector == Detector::peak
                                    ? 20.0 * std::log10(std::max(levels[n], 1e-10))
                                    : 10.0 * std::log10(std::max(square, 1e-20));
        computed[n] = reduction_db(level_db, settings.threshold_db, settings.ratio, settings.knee_db);
    }
    const int hold = hold_frames(settings.hold_ms, sample_rate_hz);
    const double attack = one_pole(settings.attack_ms, sample_rate_hz);
    const double release = one_pole(settings.release_ms, sample_rate_hz);
    std::vector<double> result(levels.size());
    double y = 0.0;
    for (int n = 0; n < static_cast<int>(levels.size()); ++n) {
        const double x =
            *std::max_element(computed.begin() + std::max(n - hold, 0), computed.begin() + n + 1);
        y = x > y ? attack * y + (1.0 - attack) * x : release * y + (1.0 - release) * x;
        result[n] = y;
    }
    return result;
}

std::vector<double> centred_average(std::span<const double> x, int count) {
    std::vector<double> sums(x.size() + 1, 0.0);
    for (std::size_t n = 0; n < x.size(); ++n) sums[n + 1] = sums[n] + x[n];
    std::vector<double> result(x.size());
    for (int n = 0; n < static_cast<int>(x.size()); ++n) {
        const int end = std::min(n + count / 2, static_cast<int>(x.size()));
        result[n] = (sums[end] - sums[std::max(n - count / 2, 0)]) / count;
    }
    return result;
}

std::vector<double> compressor_gain(std::span<const double> audio, const CompressorInsert& settings,
                                    int sample_rate_hz) {
    const std::vector<double> levels = levels_of_own_hop(audio, settings.detector);
    std::vector<double> gain =
        centred_average(compressor_reduction_db(levels, settings, sample_rate_hz), average_frames);
    for (double& g : gain) {
        g = 1.0 - settings.mix + settings.mix * std::pow(10.0, (settings.makeup_db - g) / 20.0);
    }
    return gain;
}

std::vector<double> gate_gain(std::span<const double> levels, const GateInsert& settings,
                              int sample_rate_hz) {
    const double square_factor = one_pole(settings.rms_window_ms, sample_rate_hz);
    const double attack = one_pole(settings.attack_ms, sample_rate_hz);
    const double release = one_pole(settings.release_ms, sample_rate_hz);
    const int hold = hold_frames(settings.hold_ms, sample_rate_hz);
    std::vector<double> gain(levels.size());
    double square = 0.0;
    double attenuation_db = settings.range_db;
    bool open = false;
    int quiet_frames = 0;
    for (std::size_t n = 0; n < levels.size(); ++n) {
        square = square_factor * square + (1.0 - square_factor) * levels[n];
        const double level_db = settings.detector == Detector::peak
                                    ? 20.0 * std::log10(std::max(levels[n], 1e-10))
                                    : 10.0 * std::log10(std::max(square, 1e-20));
        quiet_frames = level_db >= settings.threshold_db - settings.hysteresis_db ? 0 : quiet_frames + 1;
        if (level_db >= settings.threshold_db) open = true;
        if (quiet_frames > hold) open = false;
        const double target_db = open ? 0.0 : settings.range_db;
        const double factor = open ? attack : release;
        attenuation_db = factor * attenuation_db + (1.0 - factor) * target_db;
        gain[n] = std::pow(10.0, -attenuation_db / 20.0);
    }
    return gain;
}

}  // namespace tutti::oracle
