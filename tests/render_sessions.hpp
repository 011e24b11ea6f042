#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/session_folder.hpp"

/// Sessions that renders are held against each other with, and by how much two mixes differ.
namespace tutti::tests {

inline constexpr std::size_t second = test_rate_hz;

/// RMS of found - expected over RMS of expected, in decibels, over both channels.
inline double error_db(const Channels& expected, const Channels& found) {
    REQUIRE(found.size() == expected.size());
    double error = 0.0;
    double power = 0.0;
    for (std::size_t c = 0; c < expected.size(); ++c) {
        REQUIRE(found[c].size() == expected[c].size());
        for (std::size_t i = 0; i < expected[c].size(); ++i) {
            error += std::pow(found[c][i] - expected[c][i], 2.0);
            power += std::pow(expected[c][i], 2.0);
        }
    }
    return 10.0 * std::log10(error / power);
}

/// A reverb-like impulse response.
inline std::vector<double> tail(std::size_t frames, std::uint32_t seed) {
    std::vector<double> samples = noise(frames, 0.3, seed);
    for (std::size_t i = 0; i < frames; ++i) {
        samples[i] *= std::exp(-6.9 * static_cast<double>(i) / static_cast<double>(frames));
    }
    return samples;
}

/// Tracks, nested buses, sends and a reverb, without dynamics.
inline void write_linear_session(const SessionFolder& folder) {
    folder.add_stem("a.wav", {noise(2 * second, 0.2, 1)});
    folder.add_stem("b.wav", {noise(2 * second + 777, 0.2, 2), noise(2 * second + 777, 0.2, 3)});
    folder.add_stem("hall.wav", {tail(30001, 4), tail(30001, 5)});
    folder.write_session(R"(
[[track]]
name = "A"
file = "a.wav"
pan = -0.4
output = "Group"
  [[track.insert]]
  type = "eq"
  phase = "linear"
  bands = [ { shape = "highpass", freq_hz = 80, slope_db_per_oct = 24 }, { shape = "bell", freq_hz = 900, gain_db = 4, q = 2 } ]
  [[track.send]]
  to = "Hall"
  gain_db = -6

[[track]]
name = "B"
file = "b.wav"
start_s = 0.25
gain_db = -2
  [[track.insert]]
  type = "eq"
  bands = [ { shape = "high_shelf", freq_hz = 6000, gain_db = -3, q = 0.7 } ]

[[bus]]
name = "Group"
gain_db = -1.5

[[bus]]
name = "Hall"
  [[bus.insert]]
  type = "convolution"
  file = "hall.wav"
  predelay_ms = 11
)");
}

/// The same with dynamics of every kind, a side-chain among them.
inline void write_dynamic_session(const SessionFolder& folder) {
    folder.add_stem("kick.wav", {tail(second, 6)});
    folder.add_stem("bass.wav", {noise(2 * second, 0.5, 7)});
    folder.add_stem("keys.wav", {noise(2 * second, 0.4, 8), noise(2 * second, 0.1, 9)});
    folder.write_session(R"(
[[track]]
name = "Kick"
file = "kick.wav"
start_s = 0.5
  [[track.insert]]
  type = "gate"
  threshold_db = -40

[[track]]
name = "Bass"
file = "bass.wav"
  [[track.insert]]
  type = "compressor"
  threshold_db = -20
  sidechain = "Kick"
  key_lowpass_hz = 200
  [[track.insert]]
  type = "eq"
  phase = "linear"
  bands = [ { shape = "low_shelf", freq_hz = 120, gain_db = 3, q = 0.7 } ]

[[track]]
name = "Keys"
file = "keys.wav"
  [[track.insert]]
  type = "compressor"
  detector = "rms"
  stereo_link = false
  lookahead_ms = 2
  threshold_db = -24
  mix = 0.7

[master]
  [[master.insert]]
  type = "limiter"
  ceiling_dbtp = -3
  gain_db = 6
)");
}
}  // namespace tutti::tests
