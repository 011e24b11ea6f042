#include <catch2/catch.hpp>

#include <cmath>

#include "host/dynamics.hpp"
#include "tests/oracle/dynamics.hpp"
#include "tests/shaping.hpp"

using namespace tutti;

namespace {

constexpr int rate_hz = 48000;

double to_db(double gain) { return 20.0 * std::log10(gain); }

Shaped gate(const std::vector<float>& levels, const GateInsert& settings) {
    return run_shape(*make_gate_shape({{settings, 0, 1}}, 1, rate_hz), {levels}, 64);
}

/// One level per hop from levels in decibels, each for some hops.
std::vector<float> steps(const std::vector<std::pair<double, int>>& level_db_and_hops) {
    std::vector<float> levels;
    for (const auto& [level_db, hops] : level_db_and_hops) {
        levels.insert(levels.end(), hops, static_cast<float>(std::pow(10.0, level_db / 20.0)));
    }
    return levels;
}

}  // namespace

TEST_CASE("At the end of every hop a gate's gain is the frame-by-frame oracle's") {
    for (const std::vector<double>& audio : make_instruments()) {
        for (const Detector detector : {Detector::peak, Detector::rms}) {
            for (const double hold_ms : {0.0, 15.0}) {
                GateInsert settings;
                settings.threshold_db = -20.0;
                settings.hysteresis_db = 6.0;
                settings.hold_ms = hold_ms;
                settings.release_ms = 30.0;
                settings.detector = detector;
                const std::vector<double> per_frame = oracle::levels_of_own_hop(audio, detector);
                const std::vector<double> expected = oracle::gate_gain(per_frame, settings, rate_hz);
                std::vector<float> levels;
                for (std::size_t n = 0; n < audio.size(); n += control_hop)
                    levels.push_back(static_cast<float>(per_frame[n]));
                const Shaped shaped = gate(levels, settings);
                double worst_db = 0.0;
                for (std::size_t hop = 0; hop < levels.size(); ++hop) {
                    const double end = expected[hop * control_hop + control_hop - 1];
                    worst_db = std::max(worst_db, std::abs(to_db(shaped.gains[0][hop + 1] / end)));
                }
                CAPTURE(detector == Detector::rms, hold_ms, worst_db);
                // Of a mean square, a threshold may be crossed within the hop; the range is then left or
                // approached with the release's or the attack's factor for up to one hop more. Peaks change
                // at hops only.
                const double one_hop_db =
                    settings.range_db * (1.0 - std::exp(-control_hop / 48.0 / settings.attack_ms));
                CHECK(worst_db < (detector == Detector::peak ? 0.001 : one_hop_db));
            }
        }
    }
}

TEST_CASE("A gate rests closed, opens at the threshold and not under it, and closes under the hysteresis") {
    GateInsert settings;
    settings.threshold_db = -30.0;
    settings.hysteresis_db = 6.0;
    settings.range_db = 40.0;
    settings.hold_ms = 0.0;
    settings.release_ms = 5.0;
    const std::vector<std::pair<double, int>> plan = {{-30.5, 300}, {-29.5, 300}, {-35.5, 300}, {-36.5, 300}};
    const std::vector<float> gains = gate(steps(plan), settings).gains[0];
    CHECK(to_db(gains[0]) == Approx(-40.0).margin(0.001));
    CHECK(to_db(gains[300]) == Approx(-40.0).margin(0.001));
    CHECK(gains[600] == 1.0F);
    CHECK(gains[900] == 1.0F);
    CHECK(to_db(gains[1200]) == Approx(-40.0).margin(0.001));
}

TEST_CASE("A gate holds, then releases and attacks by 63 % of the range in their time within one hop") {
    GateInsert settings;
    settings.threshold_db = -30.0;
    settings.range_db = 60.0;
    settings.attack_ms = 4.0;
    settings.hold_ms = 20.0;
    settings.release_ms = 50.0;
    const std::vector<float> gains =
        gate(steps({{-90.0, 100}, {-10.0, 400}, {-90.0, 1000}}), settings).gains[0];
    int attacked = 100;
    while (to_db(gains[attacked]) < -60.0 * std::exp(-1.0)) ++attacked;
    int released = 500;
    while (to_db(gains[released]) > -60.0 * (1.0 - std::exp(-1.0))) ++released;
    CHECK(std::abs(attacked - 100 - 4.0 * 3.0) <= 1.0);
    CHECK(std::abs(released - 500 - (20.0 + 50.0) * 3.0) <= 1.0);
    for (int hop = 400; hop <= 500 + 60; ++hop) REQUIRE(gains[hop] == Approx(1.0F).epsilon(1e-4));
    CHECK(gains[500 + 61] < 1.0F);
}

TEST_CASE("A gate's look-ahead delays the audio by whole hops, and nothing does without it") {
    GateInsert settings;
    CHECK(lookahead_frames(settings, rate_hz) == 0);
    settings.lookahead_ms = 2.0;
    CHECK(lookahead_frames(settings, rate_hz) == 96);
    settings.lookahead_ms = 2.1;
    CHECK(lookahead_frames(settings, rate_hz) == 96);
}

TEST_CASE("A gate's gains depend neither on the chunks nor on the other lanes, bit for bit") {
    std::vector<std::vector<float>> levels;
    std::vector<DynamicsLane<GateInsert>> lanes;
    for (int i = 0; i < 21; ++i) {
        std::vector<float>& level = levels.emplace_back();
        for (const double x : make_noise(400, 7 + i))
            level.push_back(static_cast<float>(std::pow(10.0, 2.0 * x - 2.0)));
        GateInsert settings;
        settings.threshold_db = -10.0 - 2.0 * i;
        settings.hold_ms = i;
        settings.release_ms = 5.0 * i;
        settings.detector = i % 2 == 0 ? Detector::peak : Detector::rms;
        lanes.push_back({settings, i, 1});
    }
    const auto shape = make_gate_shape(lanes, 21, rate_hz);
    const Shaped whole = run_shape(*shape, levels, 400);
    for (const int chunk_hops : {1, 33, 64, 150})
        CHECK(run_shape(*shape, levels, chunk_hops).gains == whole.gains);
    for (int i = 0; i < 21; ++i) {
        CHECK(run_shape(*make_gate_shape({lanes[i]}, 21, rate_hz), levels, 400).gains[0] == whole.gains[i]);
    }
}

TEST_CASE("A gate reports how far it closed") {
    GateInsert settings;
    settings.threshold_db = -30.0;
    settings.range_db = 25.0;
    const GainReport report = gate(steps({{-90.0, 600}}), settings).reports.at(0);
    CHECK(report.max_reduction_db == Approx(25.0).margin(0.001));
    CHECK(report.mean_reduction_db == Approx(25.0).margin(0.001));
    CHECK(report.active_share == 1.0);
}
