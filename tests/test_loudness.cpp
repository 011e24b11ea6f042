#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "host/loudness.hpp"

using namespace tutti;

namespace {

constexpr int rate_hz = 48000;

/// Stereo, both channels alike, in calls of odd length.
Loudness measure(const std::vector<float>& signal, int sample_rate_hz = rate_hz) {
    LoudnessMeter meter(2, sample_rate_hz);
    const int step = 7919;
    for (std::size_t start = 0; start < signal.size(); start += step) {
        const auto count = static_cast<int>(std::min<std::size_t>(step, signal.size() - start));
        std::vector<float> planes(2 * step);
        for (int i = 0; i < count; ++i)
            planes[i] = planes[step + i] = signal[start + static_cast<std::size_t>(i)];
        meter.add(planes, count, step);
    }
    return meter.result();
}

void append_sine(std::vector<float>& signal, double freq_hz, double peak_db, double seconds,
                 double phase = 0.0, int sample_rate_hz = rate_hz) {
    const double peak = std::pow(10.0, peak_db / 20.0);
    const auto frames = static_cast<std::size_t>(seconds * sample_rate_hz);
    for (std::size_t i = 0; i < frames; ++i) {
        const double turns = freq_hz * static_cast<double>(i) / sample_rate_hz;
        signal.push_back(static_cast<float>(peak * std::sin(2.0 * std::numbers::pi * turns + phase)));
    }
}

}  // namespace

// The cases and tolerances of EBU Tech 3341 (2016), table 1: integrated and short-term loudness within 0.1
// LU.
TEST_CASE("EBU Tech 3341 cases 1 and 2: a stereo sine of 1 kHz at -23 and -33 dBFS reads -23 and -33 LUFS") {
    const double level_db = GENERATE(-23.0, -33.0);
    std::vector<float> signal;
    append_sine(signal, 1000.0, level_db, 20.0);
    const Loudness loudness = measure(signal);
    CHECK(loudness.integrated_lufs == Approx(level_db).margin(0.1));
    CHECK(loudness.max_short_term_lufs == Approx(level_db).margin(0.1));
}

TEST_CASE("EBU Tech 3341 case 3: quiet beginnings and ends are gated") {
    std::vector<float> signal;
    append_sine(signal, 1000.0, -36.0, 10.0);
    append_sine(signal, 1000.0, -23.0, 60.0);
    append_sine(signal, 1000.0, -36.0, 10.0);
    CHECK(measure(signal).integrated_lufs == Approx(-23.0).margin(0.1));
}

// EBU Tech 3342 (2016), table 1, case 1: loudness range within 1 LU.
TEST_CASE("EBU Tech 3342 case 1: 20 s at -20 dBFS and 20 s at -30 dBFS have a loudness range of 10 LU") {
    std::vector<float> signal;
    append_sine(signal, 1000.0, -20.0, 20.0);
    append_sine(signal, 1000.0, -30.0, 20.0);
    CHECK(measure(signal).range_lu == Approx(10.0).margin(1.0));
}

// EBU Tech 3341, table 1, cases 15 to 19: true peak within +0.2 and -0.4 dB.
TEST_CASE("EBU Tech 3341 cases 15 to 19: true peaks between the samples are found") {
    struct Case {
        double divisor;
        double phase_deg;
        double peak_db;
        double wanted_dbtp;
    };
    const Case each = GENERATE(Case{4.0, 0.0, -6.0206, -6.0}, Case{4.0, 45.0, -6.0206, -6.0},
                               Case{6.0, 60.0, -6.0206, -6.0}, Case{8.0, 67.5, -6.0206, -6.0},
                               Case{4.0, 45.0, 2.9826, 3.0});
    std::vector<float> signal;
    append_sine(signal, rate_hz / each.divisor, each.peak_db, 1.0, each.phase_deg * std::numbers::pi / 180.0);
    // The cases are about steady sines; one that starts at once overshoots between its first samples.
    const std::size_t fade_frames = rate_hz / 10;
    for (std::size_t i = 0; i < fade_frames; ++i) {
        const auto gain = static_cast<float>(i) / static_cast<float>(fade_frames);
        signal[i] *= gain;
        signal[signal.size() - 1 - i] *= gain;
    }
    const double found = measure(signal).true_peak_dbtp;
    CAPTURE(each.divisor, each.phase_deg, found);
    CHECK(found < each.wanted_dbtp + 0.2);
    CHECK(found > each.wanted_dbtp - 0.4);
}

TEST_CASE("Silence has no loudness: minus infinity") {
    const Loudness loudness = measure(std::vector<float>(10 * rate_hz, 0.0F));
    CHECK(loudness.integrated_lufs == -INFINITY);
    CHECK(loudness.max_short_term_lufs == -INFINITY);
    CHECK(loudness.true_peak_dbtp == -INFINITY);
    CHECK(loudness.range_lu == 0.0);
}

TEST_CASE("A loud passage shows in the greatest short-term loudness") {
    std::vector<float> signal;
    append_sine(signal, 1000.0, -40.0, 10.0);
    append_sine(signal, 1000.0, -20.0, 3.5);
    append_sine(signal, 1000.0, -40.0, 10.0);
    CHECK(measure(signal).max_short_term_lufs == Approx(-20.0).margin(0.1));
}
