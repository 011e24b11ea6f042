#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/true_peak.hpp"
#include "tests/backends.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/oracle/true_peak.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

constexpr double rounding = 0x1p-24;  // of one operation in float, relative

const std::vector<LevelTap> all_kinds{
    {0, LevelKind::peak}, {0, LevelKind::mean_square}, {0, LevelKind::true_peak}};

Signals measure_alone(Backend& backend, int chunk_frames, LevelKind kind, const Signal& x) {
    return run_level_meter(backend, shape_of(1, chunk_frames), {{0, kind}}, {x});
}

/// Greatest sum of magnitudes of one phase: what the interpolator can make of a full-scale signal.
double interpolator_gain() {
    double greatest = 0.0;
    for (const auto& phase : oracle::annex2_taps) {
        double sum = 0.0;
        for (const double tap : phase) sum += std::abs(tap);
        greatest = std::max(greatest, sum);
    }
    return greatest;
}

}  // namespace

TEST_CASE("The engine's true-peak FIR is the table of BS.1770-4 Annex 2") {
    for (std::size_t phase = 0; phase < 4; ++phase) {
        for (std::size_t k = 0; k < true_peak_tap_count; ++k) {
            CAPTURE(phase, k);
            CHECK(true_peak_taps[phase][k] == oracle::annex2_taps[phase][k]);
        }
    }
}

TEST_CASE("Levels equal the textbook on noise") {
    on_every_backend([](Backend& backend) {
        const Signals inputs = noise_rows(3, 4000, 11);
        std::vector<LevelTap> taps;
        for (const int row : {2, 0, 1}) {
            for (const LevelKind kind : {LevelKind::true_peak, LevelKind::peak, LevelKind::mean_square}) {
                taps.push_back({row, kind});
            }
        }
        for (const int chunk_frames : {16, 48, 1024, 4000}) {
            const RowsShape shape = shape_of(3, chunk_frames);
            const Signals expected = run_level_meter(*oracle::make_backend(), shape, taps, inputs);
            const Signals found = run_level_meter(backend, shape, taps, inputs);
            for (std::size_t tap = 0; tap < taps.size(); ++tap) {
                double worst = 0.0;
                for (std::size_t hop = 0; hop < expected[tap].size(); ++hop) {
                    const double error = std::abs(static_cast<double>(found[tap][hop]) - expected[tap][hop]);
                    // A mean square: 16 roundings of squares, at most 15 of sums, one of the mean, one of the
                    // textbook. A true peak: 12 products and sums of at most full scale, and one of the
                    // textbook.
                    const double allowed = taps[tap].kind == LevelKind::peak ? 0.0
                                           : taps[tap].kind == LevelKind::mean_square
                                               ? 18 * rounding * expected[tap][hop]
                                               : 13 * rounding * interpolator_gain();
                    worst = std::max(worst, error - allowed);
                }
                CAPTURE(chunk_frames, tap, taps[tap].row, static_cast<int>(taps[tap].kind), worst);
                CHECK(worst <= 0.0);
            }
        }
    });
}

TEST_CASE("A level sees each frame of its hop and none beside it") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        constexpr int frames = 3 * 48;
        Signals inputs;
        std::vector<LevelTap> taps;
        for (int position = 0; position < frames; ++position) {
            inputs.push_back(impulse(frames, position));
            inputs.back()[position] = -0.5F;
            taps.push_back({position, LevelKind::peak});
            taps.push_back({position, LevelKind::mean_square});
        }
        const Signals levels = run_level_meter(backend, shape_of(frames, 48), taps, inputs);
        for (int position = 0; position < frames; ++position) {
            Signal peak(frames / control_hop, 0.0F), mean_square(frames / control_hop, 0.0F);
            peak[position / control_hop] = 0.5F;
            mean_square[position / control_hop] = 0.25F / control_hop;
            CAPTURE(position);
            CHECK(levels[2 * position] == peak);
            CHECK(levels[2 * position + 1] == mean_square);
        }
    });
}

TEST_CASE("A true peak sees eleven frames back, over the edge of a chunk") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        constexpr int frames = 3 * 32;
        Signals inputs;
        std::vector<LevelTap> taps;
        for (int position = 0; position < frames; ++position) {
            inputs.push_back(impulse(frames, position));
            taps.push_back({position, LevelKind::true_peak});
        }
        const Signals levels = run_level_meter(backend, shape_of(frames, 32), taps, inputs);
        for (int position = 0; position < frames; ++position) {
            for (int hop = 0; hop < frames / control_hop; ++hop) {
                // The impulse meets one tap of each phase per frame; products with one are exact.
                double expected = hop == position / control_hop ? 1.0 : 0.0;
                for (int n = hop * control_hop; n < (hop + 1) * control_hop; ++n) {
                    const int k = n - position;
                    if (k < 0 || k >= true_peak_tap_count) continue;
                    for (const auto& phase : oracle::annex2_taps)
                        expected = std::max(expected, std::abs(phase[k]));
                }
                CAPTURE(position, hop);
                CHECK(levels[position][hop] == expected);
            }
        }
    });
}

TEST_CASE("Silence has level zero, and before the first frame there was silence") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signals levels = run_level_meter(backend, shape_of(1, 64), all_kinds, {Signal(320, 0.0F)});
        CHECK(first_unequal(Signals(3, Signal(20, 0.0F)), levels) == "");
    });
}

TEST_CASE("Doubling a signal doubles its peaks and quadruples its mean squares, to the last bit") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signal x = noise(640, 21);
        Signal twice = x;
        for (float& sample : twice) sample *= 2.0F;
        const Signals once = run_level_meter(backend, shape_of(1, 64), all_kinds, {x});
        const Signals doubled = run_level_meter(backend, shape_of(1, 64), all_kinds, {twice});
        for (std::size_t hop = 0; hop < once[0].size(); ++hop) {
            CAPTURE(hop);
            CHECK(doubled[0][hop] == 2.0F * once[0][hop]);
            CHECK(doubled[1][hop] == 4.0F * once[1][hop]);
            CHECK(doubled[2][hop] == 2.0F * once[2][hop]);
        }
    });
}

TEST_CASE("Levels do not depend on the chunk size") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signal x = noise(4096, 31);
        const Signals whole = run_level_meter(backend, shape_of(1, 4096), all_kinds, {x});
        for (const int chunk_frames : {16, 48, 1024}) {
            const Difference change =
                difference(whole, run_level_meter(backend, shape_of(1, chunk_frames), all_kinds, {x}));
            CAPTURE(chunk_frames, change.rms_db, change.peak_db);
            CHECK(below_promised(change));
        }
    });
}

TEST_CASE("Measuring changes no row") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const RowsShape shape = shape_of(1, 64);
        const Signals inputs{noise(300, 41)};
        const auto rows = backend.make_rows(shape);
        const auto meter = backend.make_level_meter(shape, all_kinds);
        Signal levels(all_kinds.size() * shape.hop_count());
        const Signals found = run_chunks(*rows, inputs, {0}, [&](int) { meter->process(*rows, levels); });
        CHECK(first_unequal(inputs, found) == "");
    });
}

TEST_CASE("True peaks of the sines of EBU Tech 3341 are read within its +0.2 and -0.4 dB") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        struct Case {
            int number;  ///< of Tech 3341, table 1, cases 15 to 19
            double cycles_per_frame, phase_degrees, amplitude, true_peak_db;
        };
        for (const Case c : {Case{15, 1.0 / 4.0, 0.0, 0.5, -6.0}, Case{16, 1.0 / 4.0, 45.0, 0.5, -6.0},
                             Case{17, 1.0 / 6.0, 60.0, 0.5, -6.0}, Case{18, 1.0 / 8.0, 67.5, 0.5, -6.0},
                             Case{19, 1.0 / 4.0, 45.0, 1.41, 3.0}}) {
            const Signal x = sine(4800, c.cycles_per_frame, c.phase_degrees, c.amplitude);
            const Signal levels = measure_alone(backend, 480, LevelKind::true_peak, x)[0];
            // The first hop sees the sine begin, which is no sine.
            const double greatest_db = 20.0 * std::log10(*std::max_element(levels.begin() + 1, levels.end()));
            CAPTURE(c.number, greatest_db);
            CHECK(greatest_db <= c.true_peak_db + 0.2);
            CHECK(greatest_db >= c.true_peak_db - 0.4);
        }
    });
}

TEST_CASE("A sine of a quarter of the rate at 45 degrees reads 3.01 dB over its sample peak") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signal x = sine(4800, 0.25, 45.0, 1.0);
        const Signal peaks = measure_alone(backend, 480, LevelKind::peak, x)[0];
        const Signal true_peaks = measure_alone(backend, 480, LevelKind::true_peak, x)[0];
        for (std::size_t hop = 1; hop < peaks.size(); ++hop) {
            const double over_db = 20.0 * std::log10(true_peaks[hop] / peaks[hop]);
            CAPTURE(hop, over_db);
            CHECK(over_db <= 20.0 * std::log10(std::sqrt(2.0)) + 0.2);
            CHECK(over_db >= 20.0 * std::log10(std::sqrt(2.0)) - 0.4);
        }
    });
}
