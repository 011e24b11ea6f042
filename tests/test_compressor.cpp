#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

#include "host/dynamics.hpp"
#include "tests/oracle/dynamics.hpp"
#include "tests/shaping.hpp"

using namespace tutti;

namespace {

constexpr int rate_hz = 48000;

double to_db(double gain) { return 20.0 * std::log10(gain); }

std::vector<float> hop_levels(std::span<const double> audio, Detector detector) {
    const std::vector<double> per_frame = oracle::levels_of_own_hop(audio, detector);
    std::vector<float> levels(audio.size() / control_hop);
    for (std::size_t hop = 0; hop < levels.size(); ++hop)
        levels[hop] = static_cast<float>(per_frame[hop * control_hop]);
    return levels;
}

Shaped compress(std::span<const double> audio, const CompressorInsert& settings) {
    return run_shape(*make_compressor_shape({{settings, 0, 1}}, 1, rate_hz),
                     {hop_levels(audio, settings.detector)}, 512);
}

/// The gain that frame n of the undelayed audio gets.
double gain_at(const Shaped& shaped, int n, const CompressorInsert& settings) {
    const int at = n + lookahead_frames(settings, rate_hz);
    const double from = shaped.gains[0].at(at / control_hop);
    const double to = shaped.gains[0].at(at / control_hop + 1);
    return from + (to - from) * (at % control_hop) / control_hop;
}

CompressorInsert heavy(Detector detector) {
    CompressorInsert settings;
    settings.threshold_db = -30.0;
    settings.ratio = 8.0;
    settings.knee_db = 0.0;
    settings.detector = detector;
    return settings;
}

}  // namespace

TEST_CASE("A compressor settles on its static curve within 0.05 dB, for constant levels and sines") {
    for (const Detector detector : {Detector::peak, Detector::rms}) {
        for (const double knee_db : {0.0, 6.0, 12.0}) {
            CompressorInsert settings = heavy(detector);
            settings.knee_db = knee_db;
            settings.hold_ms =
                detector == Detector::peak ? 20.0 : 0.0;  // from one crest of the sine to the next
            for (double level_db = -50.0; level_db <= 6.0; level_db += 3.5) {
                for (const bool sine : {false, true}) {
                    std::vector<double> audio(rate_hz);
                    for (int n = 0; n < rate_hz; ++n) {
                        audio[n] = std::pow(10.0, level_db / 20.0) *
                                   (sine ? std::sin(2.0 * std::numbers::pi * 997.0 * n / rate_hz) : 1.0);
                    }
                    const bool half_power = sine && detector == Detector::rms;
                    const double heard_db = level_db - (half_power ? 10.0 * std::log10(2.0) : 0.0);
                    const double expected_db = -oracle::reduction_db(heard_db, -30.0, 8.0, knee_db);
                    const double found_db =
                        to_db(gain_at(compress(audio, settings), rate_hz - 200, settings));
                    CAPTURE(knee_db, level_db, sine, detector == Detector::rms, expected_db, found_db);
                    CHECK(std::abs(found_db - expected_db) < 0.05);
                }
            }
        }
    }
}

TEST_CASE("Attack and release reach 63 % of a step's gain change in their time, within one control hop") {
    constexpr int up = 4800;
    constexpr int down = 48000;
    for (const int offset : {0, 7, 15}) {
        for (const double attack_ms : {0.1, 1.0, 5.0, 30.0}) {
            for (const double release_ms : {20.0, 80.0, 400.0}) {
                CompressorInsert settings = heavy(Detector::peak);
                settings.attack_ms = attack_ms;
                settings.release_ms = release_ms;
                std::vector<double> audio(3 * rate_hz, 1e-3);
                std::fill(audio.begin() + up + offset, audio.begin() + down + offset, 0.5);
                const Shaped shaped = compress(audio, settings);
                const double full_db = oracle::reduction_db(to_db(0.5), -30.0, 8.0, 0.0);

                int attacked = up - 200;
                while (-to_db(gain_at(shaped, attacked, settings)) < full_db * (1.0 - std::exp(-1.0)))
                    ++attacked;
                int released = down - 200;
                while (-to_db(gain_at(shaped, released, settings)) > full_db * std::exp(-1.0)) ++released;
                CAPTURE(offset, attack_ms, release_ms);
                CHECK(std::abs(attacked - (up + offset + attack_ms * 48.0)) <= control_hop);
                CHECK(std::abs(released - (down + offset + release_ms * 48.0)) <= control_hop);
            }
        }
    }
}

TEST_CASE("A compressor's gain is within 0.1 dB of the frame-by-frame oracle for attacks from 1 ms on") {
    int instrument = 0;
    for (const std::vector<double>& audio : make_instruments()) {
        for (const Detector detector : {Detector::peak, Detector::rms}) {
            for (const double attack_ms : {1.0, 2.0, 5.0, 10.0}) {
                CompressorInsert settings = heavy(detector);
                settings.attack_ms = attack_ms;
                settings.knee_db = attack_ms == 2.0 ? 6.0 : 0.0;
                settings.hold_ms = attack_ms == 5.0 ? 12.0 : 0.0;
                settings.makeup_db = attack_ms == 10.0 ? 9.0 : 0.0;
                settings.mix = attack_ms == 10.0 ? 0.6 : 1.0;
                const std::vector<double> expected = oracle::compressor_gain(audio, settings, rate_hz);
                const Shaped shaped = compress(audio, settings);
                const int end =
                    static_cast<int>(audio.size()) - lookahead_frames(settings, rate_hz) - control_hop;
                double worst_db = 0.0;
                double deepest_db = 0.0;
                for (int n = 0; n < end; ++n) {
                    worst_db =
                        std::max(worst_db, std::abs(to_db(gain_at(shaped, n, settings) / expected[n])));
                    deepest_db = std::max(deepest_db, -to_db(expected[n]));
                }
                CAPTURE(instrument, attack_ms, detector == Detector::rms, worst_db);
                CHECK(worst_db < 0.1);
                CHECK((settings.mix < 1.0 || deepest_db > 6.0));  // there was something to compare
            }
        }
        ++instrument;
    }
}

TEST_CASE(
    "A peak compressor reduces no less than one that hears single frames, no more than one that hears 31") {
    // A level belongs to its whole control hop: at least the frame itself, at most the 15 frames to either
    // side. Ballistics and average are monotonic in the level, so the gains keep that order. 0.1 dB is for
    // the straight lines.
    for (const std::vector<double>& audio : make_instruments()) {
        const CompressorInsert settings = [] {
            CompressorInsert s = heavy(Detector::peak);
            s.attack_ms = 1.0;
            return s;
        }();
        const auto reduction_db = [&](int reach) {
            const auto levels = oracle::sliding_peaks(audio, reach, reach);
            return oracle::centred_average(oracle::compressor_reduction_db(levels, settings, rate_hz), 96);
        };
        const std::vector<double> least_db = reduction_db(0);
        const std::vector<double> most_db = reduction_db(control_hop - 1);
        const Shaped shaped = compress(audio, settings);
        double below_db = 0.0;
        double above_db = 0.0;
        for (int n = 0; n < static_cast<int>(audio.size()) - 200; ++n) {
            const double found_db = -to_db(gain_at(shaped, n, settings));
            below_db = std::max(below_db, least_db[n] - found_db);
            above_db = std::max(above_db, found_db - most_db[n]);
        }
        CHECK(below_db < 0.1);
        CHECK(above_db < 0.1);
    }
}

TEST_CASE("A compressor's gains depend neither on the chunks nor on the other lanes, bit for bit") {
    constexpr int lane_total = 37;
    constexpr int hop_total = 700;
    std::vector<std::vector<float>> levels;
    std::vector<DynamicsLane<CompressorInsert>> lanes;
    for (int i = 0; i < lane_total; ++i) {
        std::vector<float>& level = levels.emplace_back();
        for (const double x : make_noise(hop_total, 100 + i))
            level.push_back(static_cast<float>(std::pow(10.0, 2.0 * x - 2.0)));
        CompressorInsert settings;
        settings.threshold_db = -40.0 + i;
        settings.ratio = 1.5 + i;
        settings.attack_ms = 0.3 * i;
        settings.release_ms = 10.0 + 7.0 * i;
        settings.hold_ms = i % 3 == 0 ? 4.0 * i : 0.0;
        settings.detector = i % 4 == 1 ? Detector::rms : Detector::peak;
        settings.mix = i % 5 == 0 ? 0.7 : 1.0;
        settings.makeup_db = i % 2;
        lanes.push_back({settings, i, i + 1 < lane_total && i % 6 == 0 ? 2 : 1});
    }
    const auto shape = make_compressor_shape(lanes, lane_total, rate_hz);
    const Shaped whole = run_shape(*shape, levels, hop_total);
    for (const int chunk_hops : {1, 7, 64, 129}) {
        CAPTURE(chunk_hops);
        CHECK(run_shape(*shape, levels, chunk_hops).gains == whole.gains);
    }
    for (int i = 0; i < lane_total; ++i) {
        CAPTURE(i);
        const auto alone = make_compressor_shape({lanes[i]}, lane_total, rate_hz);
        CHECK(run_shape(*alone, levels, hop_total).gains[0] == whole.gains[i]);
    }
}

TEST_CASE("Linked channels share the gain that the louder one asks for") {
    const std::vector<std::vector<double>> instruments = make_instruments();
    const std::vector<float> left = hop_levels(instruments[0], Detector::peak);
    const std::vector<float> right = hop_levels(instruments[1], Detector::peak);
    std::vector<float> louder(left.size());
    for (std::size_t i = 0; i < left.size(); ++i) louder[i] = std::max(left[i], right[i]);
    const CompressorInsert settings = heavy(Detector::peak);
    const auto linked = run_shape(*make_compressor_shape({{settings, 0, 2}}, 2, rate_hz), {left, right}, 100);
    const auto expected = run_shape(*make_compressor_shape({{settings, 0, 1}}, 1, rate_hz), {louder}, 100);
    CHECK(linked.gains[0] == expected.gains[0]);
}

TEST_CASE("Under the threshold a compressor's gain is exactly 1, and never more than the make-up") {
    const std::vector<std::vector<double>> instruments = make_instruments();
    CompressorInsert settings;
    settings.threshold_db = 6.0;
    settings.mix = 0.3;
    const Shaped idle = compress(instruments[1], settings);
    CHECK(std::all_of(idle.gains[0].begin(), idle.gains[0].end(), [](float gain) { return gain == 1.0F; }));

    settings = heavy(Detector::peak);
    settings.attack_ms = 0.0;
    settings.makeup_db = 6.0;
    const auto makeup = static_cast<float>(std::pow(10.0, 0.3));
    const Shaped shaped = compress(instruments[1], settings);
    CHECK(shaped.gains[0].front() == makeup);
    CHECK(*std::max_element(shaped.gains[0].begin(), shaped.gains[0].end()) <= makeup);
}

TEST_CASE("A compressor reports its reduction without make-up and mix") {
    std::vector<double> audio(rate_hz, 0.0);
    std::fill(audio.begin() + rate_hz / 2, audio.end(), 1.0);
    CompressorInsert settings = heavy(Detector::peak);
    settings.attack_ms = 0.1;
    settings.makeup_db = 12.0;
    settings.mix = 0.5;
    const GainReport report = compress(audio, settings).reports.at(0);
    CHECK(report.max_reduction_db == Approx(30.0 * 7.0 / 8.0).margin(0.01));
    CHECK(report.mean_reduction_db == Approx(30.0 * 7.0 / 8.0).margin(0.1));
    CHECK(report.active_share == Approx(0.5).margin(0.01));
}
