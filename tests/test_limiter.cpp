#include <ebur128.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

#include "host/dynamics.hpp"
#include "tests/oracle/true_peak.hpp"
#include "tests/shaping.hpp"

using namespace tutti;

namespace {

constexpr int rate_hz = 48000;

double to_db(double gain) { return 20.0 * std::log10(gain); }

std::vector<float> true_peak_levels(std::span<const double> audio) {
    const std::vector<double> levels = oracle::true_peaks_per_hop(audio);
    return {levels.begin(), levels.end()};
}

struct Limited {
    std::vector<double> audio;
    Shaped shaped;
};

Limited limit(std::vector<double> audio, const LimiterInsert& settings) {
    const int delay = lookahead_frames(settings, rate_hz);
    audio.resize((audio.size() + delay + 3 * control_hop) / control_hop * control_hop, 0.0);
    Shaped shaped =
        run_shape(*make_limiter_shape({{settings, 0, 1}}, 1, rate_hz), {true_peak_levels(audio)}, 256);
    std::vector<double> out = apply_gains(audio, shaped.gains[0], delay);
    return {std::move(out), std::move(shaped)};
}

double ebur128_true_peak(std::span<const double> audio) {
    ebur128_state* state = ebur128_init(1, rate_hz, EBUR128_MODE_TRUE_PEAK);
    ebur128_add_frames_double(state, audio.data(), audio.size());
    double peak = 0.0;
    ebur128_true_peak(state, 0, &peak);
    ebur128_destroy(&state);
    return peak;
}

std::vector<double> sine(double hz, double phase, double amplitude) {
    std::vector<double> audio(rate_hz / 2);
    for (std::size_t n = 0; n < audio.size(); ++n) {
        audio[n] =
            amplitude * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(n) / rate_hz + phase);
    }
    return audio;
}

struct LoudSignal {
    std::string name;
    std::vector<double> audio;
};

/// Everything that drives a limiter hard.
std::vector<LoudSignal> loud_signals() {
    std::vector<LoudSignal> signals;
    const std::vector<std::string> names = {"kick", "snare", "hi-hat", "bass", "chord"};
    std::vector<std::vector<double>> instruments = make_instruments();
    std::vector<double> sum(instruments[0].size(), 0.0);
    for (std::size_t i = 0; i < instruments.size(); ++i) {
        for (std::size_t n = 0; n < sum.size(); ++n) {
            instruments[i][n] *= 2.0;
            sum[n] += instruments[i][n];
        }
        signals.push_back({names[i], instruments[i]});
    }
    signals.push_back({"the whole band", sum});
    signals.push_back({"white noise", make_noise(rate_hz / 2, 3)});
    std::vector<double> bursts = make_noise(rate_hz / 2, 4);
    for (std::size_t n = 0; n < bursts.size(); ++n) bursts[n] *= n / 700 % 2 == 0 ? 1.0 : 0.02;
    signals.push_back({"noise bursts", bursts});
    signals.push_back(
        {"full-scale fs/4 sine at 45 degrees", sine(rate_hz / 4.0, std::numbers::pi / 4.0, 1.0)});
    signals.push_back({"fs/4 sine at 45 degrees, samples at full scale",
                       sine(rate_hz / 4.0, std::numbers::pi / 4.0, std::numbers::sqrt2)});
    for (const double hz : {61.0, 997.0, 4801.0, 11997.0}) {
        std::vector<double> square = sine(hz, 0.3, 20.0);
        for (double& x : square) x = std::clamp(x, -1.0, 1.0);
        signals.push_back({"clipped square wave of " + std::to_string(hz) + " Hz", square});
    }
    std::vector<double> impulses(rate_hz / 2, 0.0);
    for (std::size_t n = 100; n < impulses.size(); n += 1237) impulses[n] = n % 2 == 0 ? 4.0 : -4.0;
    signals.push_back({"impulses", impulses});
    return signals;
}

}  // namespace

TEST_CASE("No true peak passes a limiter's ceiling by more than 0.1 dB") {
    for (const LoudSignal& signal : loud_signals()) {
        for (const double gain_db : {0.0, 6.0, 18.0}) {
            for (const double lookahead_ms : {1.0, 3.0}) {
                LimiterInsert settings;
                settings.ceiling_dbtp = -1.0;
                settings.gain_db = gain_db;
                settings.lookahead_ms = lookahead_ms;
                settings.release_ms = 40.0;
                const Limited limited = limit(signal.audio, settings);
                CAPTURE(signal.name, gain_db, lookahead_ms);
                CHECK(to_db(oracle::true_peak(limited.audio)) < -1.0 + 0.1);
            }
        }
    }
}

TEST_CASE("libebur128 agrees that a limited signal keeps the ceiling") {
    // Its interpolator is another (49 taps), so that it may read a little more near the Nyquist frequency
    // than Annex 2. The material here has little up there; noise and squares are left to the Annex 2 meter.
    for (const LoudSignal& signal : loud_signals()) {
        if (signal.name == "hi-hat" || signal.name == "impulses" ||
            signal.name.find("noise") != std::string::npos ||
            signal.name.find("square") != std::string::npos) {
            continue;
        }
        LimiterInsert settings;
        settings.gain_db = 6.0;
        const Limited limited = limit(signal.audio, settings);
        CAPTURE(signal.name);
        CHECK(to_db(ebur128_true_peak(limited.audio)) < -1.0 + 0.1);
    }
}

TEST_CASE("A limiter's gain is exactly its input gain where nothing is over") {
    for (std::vector<double> audio : make_instruments()) {
        LimiterInsert settings;
        settings.ceiling_dbtp = -1.0;
        const Limited limited = limit(audio, settings);
        const auto& gains = limited.shaped.gains[0];
        CHECK(std::all_of(gains.begin(), gains.end(), [](float gain) { return gain == 1.0F; }));
        CHECK(limited.shaped.reports[0].max_reduction_db == 0.0);
        const int delay = lookahead_frames(settings, rate_hz);
        CHECK(std::equal(audio.begin(), audio.end() - delay, limited.audio.begin() + delay));
    }
}

TEST_CASE("A limiter recovers from a peak to exactly 1, by 63 % in the release time") {
    std::vector<double> audio(rate_hz, 0.0);
    audio[4800] = 2.0;
    LimiterInsert settings;
    settings.ceiling_dbtp = 0.0;
    settings.release_ms = 50.0;
    const Limited limited = limit(audio, settings);
    const std::vector<float>& gains = limited.shaped.gains[0];
    const auto lowest = std::min_element(gains.begin(), gains.end());
    CHECK(*lowest == Approx(0.5).margin(0.001));
    auto last_low = lowest;
    while (*(last_low + 1) <= *lowest + 1e-6F) ++last_low;
    auto recovered = last_low;
    while (*recovered < 1.0F - 0.5F * std::exp(-1.0F)) ++recovered;
    // The window that smooths the gain is 8 hops long; the release begins somewhere inside it.
    CHECK(std::abs(static_cast<double>(recovered - last_low) - 50.0 * 3.0) <= 8.0);
    CHECK(gains.back() == 1.0F);
    CHECK(gains.front() == 1.0F);
}

TEST_CASE("A limiter's whole look-ahead is the user's, rounded up to control hops, at least two") {
    LimiterInsert settings;
    settings.lookahead_ms = 3.0;
    CHECK(lookahead_frames(settings, rate_hz) == 144);
    settings.lookahead_ms = 3.1;
    CHECK(lookahead_frames(settings, rate_hz) == 160);
    settings.lookahead_ms = 0.0;
    CHECK(lookahead_frames(settings, rate_hz) == 32);
}

TEST_CASE("A limiter's gains depend neither on the chunks nor on the other lanes, bit for bit") {
    std::vector<std::vector<float>> levels;
    std::vector<DynamicsLane<LimiterInsert>> lanes;
    for (int i = 0; i < 19; ++i) {
        std::vector<float>& level = levels.emplace_back();
        for (const double x : make_noise(500, 50 + i))
            level.push_back(static_cast<float>(std::pow(10.0, 2.0 * x - 1.5)));
        LimiterInsert settings;
        settings.ceiling_dbtp = -0.5 * i;
        settings.gain_db = i - 9.0;
        settings.lookahead_ms = 0.7 * i;
        settings.release_ms = 10.0 * i;
        lanes.push_back({settings, i, i < 18 ? 2 : 1});
    }
    const auto shape = make_limiter_shape(lanes, 19, rate_hz);
    const Shaped whole = run_shape(*shape, levels, 500);
    for (const int chunk_hops : {1, 5, 64, 201})
        CHECK(run_shape(*shape, levels, chunk_hops).gains == whole.gains);
    for (int i = 0; i < 19; ++i) {
        CHECK(run_shape(*make_limiter_shape({lanes[i]}, 19, rate_hz), levels, 500).gains[0] ==
              whole.gains[i]);
    }
}

TEST_CASE("The Annex 2 meter of the oracle reads the true peak of a sine between its frames") {
    // BS.1770-4 Annex 2 gives 0.69 dB as the greatest error at 4x for fs/4 ... fs/2; at fs/4 and 45 degrees
    // the peak lies half way between two frames, an eighth of a frame from the nearest value: 20 log10 cos(pi
    // / 16) = -0.17 dB.
    const std::vector<double> audio = sine(rate_hz / 4.0, std::numbers::pi / 4.0, 1.0);
    const std::vector<double> steady(audio.begin() + 1000, audio.end());
    double peak = 0.0;
    const std::vector<double> between = oracle::at_four_times_the_rate(steady);
    for (std::size_t i = 400; i + 400 < between.size(); ++i) peak = std::max(peak, std::abs(between[i]));
    CHECK(to_db(peak) > -0.17 - 0.1);
    CHECK(to_db(peak) < 0.1);
}
