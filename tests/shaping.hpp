#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "engine/gain_shaper.hpp"

namespace tutti {

struct Shaped {
    std::vector<std::vector<float>> gains;  ///< [curve][hop_count + 1]
    std::vector<GainReport> reports;        ///< [curve]
};

/// Runs a shape from rest over `levels`: [tap][hop_count], in chunks of chunk_hops (the last one shorter).
inline Shaped run_shape(const GainShape& shape, const std::vector<std::vector<float>>& levels,
                        int chunk_hops) {
    const auto hop_count = static_cast<int>(levels.front().size());
    const auto shaper = shape.start(chunk_hops);
    Shaped result;
    result.gains.resize(shape.curve_count());
    for (int first = 0; first < hop_count; first += chunk_hops) {
        const int count = std::min(chunk_hops, hop_count - first);
        std::vector<float> chunk_levels;
        for (const auto& tap : levels) {
            chunk_levels.insert(chunk_levels.end(), tap.begin() + first, tap.begin() + first + count);
        }
        std::vector<float> chunk_gains(std::size_t(shape.curve_count()) * (count + 1));
        shaper->process(chunk_levels, chunk_gains);
        for (int curve = 0; curve < shape.curve_count(); ++curve) {
            const auto begin = chunk_gains.begin() + curve * (count + 1);
            auto& gains = result.gains[curve];
            gains.insert(gains.end(), begin + (first == 0 ? 0 : 1), begin + count + 1);
        }
    }
    result.reports = shaper->reports();
    return result;
}

/// What a Mixer makes of one row: `audio` delayed, times the straight lines between the gains.
inline std::vector<double> apply_gains(std::span<const double> audio, std::span<const float> gains,
                                       int delay_frames) {
    std::vector<double> result((gains.size() - 1) * control_hop, 0.0);
    for (int n = 0; n < static_cast<int>(result.size()); ++n) {
        const double from = gains[n / control_hop];
        const double to = gains[n / control_hop + 1];
        const int source = n - delay_frames;
        if (source < 0 || source >= static_cast<int>(audio.size())) continue;
        result[n] = audio[source] * (from + (to - from) * (n % control_hop) / control_hop);
    }
    return result;
}

/// Uniform noise in [-1, 1], the same on every platform.
inline std::vector<double> make_noise(int frame_count, unsigned seed) {
    std::mt19937 engine(seed);
    std::vector<double> noise(frame_count);
    for (double& x : noise) x = engine() / 2147483648.0 - 1.0;
    return noise;
}

/// A drummer, a bass and a held chord, 2 s at 48 kHz, one instrument each: kick and snare with attacks of 1
/// ms, hi-hats of 0.5 ms, a plucked string of 2 ms.
inline std::vector<std::vector<double>> make_instruments() {
    constexpr int frame_count = 48000;
    constexpr double rate = 48000.0;
    constexpr double pi = std::numbers::pi;
    const std::vector<double> noise = make_noise(frame_count, 1);
    std::vector<std::vector<double>> result(5, std::vector<double>(frame_count, 0.0));
    const auto strike = [&](std::vector<double>& out, double at_s, double rise_s, const auto& voice) {
        for (int n = static_cast<int>(at_s * rate); n < frame_count; ++n) {
            const double t = n / rate - at_s;
            const double rise = t < rise_s ? 0.5 - 0.5 * std::cos(pi * t / rise_s) : 1.0;
            out[n] += rise * voice(t, n);
        }
    };
    for (int beat = 0; beat < 2; ++beat) {
        const double at_s = 0.021 + 0.4703 * beat;
        strike(result[0], at_s, 0.001, [&](double t, int) {
            return std::exp(-t / 0.12) * std::sin(2.0 * pi * (55.0 * t + 4.0 * (1.0 - std::exp(-t / 0.02))));
        });
        strike(result[1], at_s + 0.2353, 0.001, [&](double t, int n) {
            return std::exp(-t / 0.06) * (noise[n] + std::sin(2.0 * pi * 187.0 * t));
        });
        strike(result[3], at_s, 0.002, [&](double t, int) {
            double sum = 0.0;
            for (int k = 1; k <= 12; ++k)
                sum += std::sin(2.0 * pi * 82.4 * k * t) * std::exp(-t * k / 0.4) / k;
            return sum;
        });
    }
    for (int eighth = 0; eighth < 8; ++eighth) {
        strike(result[2], 0.013 + 0.1176 * eighth, 0.0005, [&](double t, int n) {
            return (eighth % 4 == 2 ? 0.5 : 0.25) * std::exp(-t / 0.025) *
                   (noise[n] - noise[n > 0 ? n - 1 : 0]) * 0.7;
        });
    }
    strike(result[4], 0.05, 0.03, [&](double t, int) {
        double sum = 0.0;
        for (const double hz : {220.0, 277.2, 329.6, 440.0}) {
            sum += std::sin(2.0 * pi * hz * t + 0.9 * std::sin(2.0 * pi * 5.3 * t));
        }
        return sum * (1.0 + 0.3 * std::sin(2.0 * pi * 3.1 * t));
    });
    for (std::vector<double>& audio : result) {
        double peak = 0.0;
        for (const double x : audio) peak = std::max(peak, std::abs(x));
        for (double& x : audio) x *= 0.5 / peak;
    }
    return result;
}

}  // namespace tutti
