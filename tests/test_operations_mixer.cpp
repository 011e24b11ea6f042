#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "tests/backends.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

/// Routes from rows 0 ... inputs - 1 into rows inputs ... inputs + outputs - 1, with gains of either sign,
/// delays over the whole history and a curve for every other one.
MixerPlan random_plan(int inputs, int outputs, int route_count, int history_count, std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto below = [&](int end) { return static_cast<int>(random() % static_cast<unsigned>(end)); };
    MixerPlan plan{.routes = {}, .curve_count = 3};
    for (int i = 0; i < route_count; ++i) {
        plan.routes.push_back({.input_row = below(inputs),
                               .output_row = inputs + i % outputs,
                               .gain = static_cast<float>(below(4000) - 2000) * 0.001F,
                               .delay_frames = i < 2 ? i * history_count : below(history_count + 1),
                               .curve = i % 2 == 0 ? below(3) : -1});
    }
    return plan;
}

/// Gains in 0 ... 1 for a run of frame_count frames.
Signals random_curves(int count, int frame_count, std::uint32_t seed) {
    Signals curves = noise_rows(count, frame_count / control_hop + 1, seed);
    for (Signal& curve : curves) {
        for (float& gain : curve) gain = 0.5F + 0.5F * gain;
    }
    return curves;
}

}  // namespace

TEST_CASE("A mixer equals the textbook for any routes, gains, delays and curves") {
    on_every_backend([](Backend& backend) {
        struct Case {
            int chunk_frames, history_count, frames;
        };
        for (const Case c : {Case{16, 16, 320}, Case{16, 144, 640}, Case{48, 16, 960}, Case{64, 1008, 4096},
                             Case{1024, 16, 4096}, Case{1024, 512, 4096}, Case{4096, 8192, 16384}}) {
            const RowsShape shape = shape_of(12, c.chunk_frames, c.history_count);
            const MixerPlan plan = random_plan(7, 5, 60, c.history_count, 11);
            const Signals inputs = noise_rows(7, c.frames, 12);
            const Signals curves = random_curves(3, c.frames, 13);
            const Difference error =
                difference(run_mixer(*oracle::make_backend(), shape, plan, inputs, curves),
                           run_mixer(backend, shape, plan, inputs, curves));
            CAPTURE(c.chunk_frames, c.history_count, error.rms_db, error.peak_db);
            CHECK(below_promised(error));
        }
    });
}

TEST_CASE("A neutral mix is the plain float sum in the order of the routes, to the last bit") {
    on_every_backend([](Backend& backend) {
        constexpr int rows = 100, frames = 700;
        Signals inputs = noise_rows(rows, frames, 21);
        // Levels far apart make every order round differently.
        for (int row = 0; row < rows; ++row) {
            for (float& x : inputs[row]) x *= static_cast<float>(1 << (row * 7 % 12));
        }
        MixerPlan plan;
        Signal there(frames, 0.0F), back(frames, 0.0F);
        for (int i = 0; i < rows; ++i) {
            plan.routes.push_back({.input_row = i, .output_row = rows});
            plan.routes.push_back({.input_row = rows - 1 - i, .output_row = rows + 1});
            for (int n = 0; n < frames; ++n) {
                there[n] += inputs[i][n];
                back[n] += inputs[rows - 1 - i][n];
            }
        }
        REQUIRE(there != back);
        const Signals found = run_mixer(backend, shape_of(rows + 2, 256), plan, inputs);
        CHECK(first_unequal({there, back}, found) == "");
    });
}

TEST_CASE("A flat curve of ones changes no bit") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signals inputs = noise_rows(2, 700, 31);
        MixerPlan without{.routes = {{0, 2, 0.7F, 3, -1}, {1, 2, -0.3F, 0, -1}, {1, 3, 1.0F, 0, -1}},
                          .curve_count = 1};
        MixerPlan with = without;
        for (MixRoute& route : with.routes) route.curve = 0;
        const Signals ones{Signal(700 / control_hop + 2, 1.0F)};
        CHECK(first_unequal(run_mixer(backend, shape_of(4, 256), without, inputs, ones),
                            run_mixer(backend, shape_of(4, 256), with, inputs, ones)) == "");
    });
}

TEST_CASE("A curve is a straight line from each gain to the next") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signals inputs{Signal(96, 1.0F)};
        const MixerPlan plan{.routes = {{0, 1, 1.0F, 0, 1}, {0, 2, 1.0F, 0, 0}}, .curve_count = 2};
        const Signals curves{{0, 1, 1, 0.5F, 0.5F, 2, 0}, {8, 0, 4, 4, 4, 0, 1}};
        const Signals found = run_mixer(backend, shape_of(3, 32), plan, inputs, curves);
        for (int n = 0; n < 96; ++n) {
            for (const int curve : {0, 1}) {
                // Sixteenths of small powers of two are exact in float.
                const float a = curves[curve][n / control_hop], b = curves[curve][n / control_hop + 1];
                CAPTURE(n, curve);
                CHECK(found[1 - curve][n] == a + (b - a) * static_cast<float>(n % control_hop) / control_hop);
            }
        }
    });
}

TEST_CASE("A delay of any length moves every frame by it, over the edges of chunks") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        struct Case {
            int chunk_frames, history_count;
        };
        for (const Case c : {Case{16, 64}, Case{48, 48}, Case{48, 16}, Case{256, 80}}) {
            const Signal x = noise(600, 41);
            std::vector<int> delays;
            for (int delay = 0; delay <= c.history_count; ++delay) delays.push_back(delay);
            MixerPlan plan;
            Signals expected;
            for (const int delay : delays) {
                plan.routes.push_back({.input_row = 0, .output_row = 1 + delay, .delay_frames = delay});
                expected.push_back(delayed(x, delay));
            }
            const RowsShape shape = shape_of(c.history_count + 2, c.chunk_frames, c.history_count);
            CAPTURE(c.chunk_frames, c.history_count);
            CHECK(first_unequal(expected, run_mixer(backend, shape, plan, {x})) == "");
        }
    });
}

TEST_CASE("A row shaped in place equals one shaped into another row") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signals inputs = noise_rows(3, 700, 51);
        const Signals curves = random_curves(2, 1024, 52);
        const MixerPlan in_place{.routes = {{0, 0, 0.8F, 0, 0}, {1, 1, 1.0F, 0, 1}, {2, 2, 0.5F, 0, -1}},
                                 .curve_count = 2};
        const MixerPlan apart{.routes = {{0, 3, 0.8F, 0, 0}, {1, 4, 1.0F, 0, 1}, {2, 5, 0.5F, 0, -1}},
                              .curve_count = 2};
        CHECK(first_unequal(run_mixer(backend, shape_of(6, 256), apart, inputs, curves),
                            run_mixer(backend, shape_of(6, 256), in_place, inputs, curves)) == "");
    });
}

TEST_CASE("Silence mixed is silence, and a mixer leaves rows alone that it does not write") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const RowsShape shape = shape_of(4, 64);
        const Signals inputs{Signal(300, 0.0F), noise(300, 61), noise(300, 62), noise(300, 63)};
        const auto rows = backend.make_rows(shape);
        const auto mixer = backend.make_mixer(shape, {.routes = {{0, 2, 3.0F, 5, 0}}, .curve_count = 1});
        const Signal gains(shape.hop_count() + 1, 0.5F);
        const Signals found =
            run_chunks(*rows, inputs, {0, 1, 2, 3}, [&](int) { mixer->process(*rows, gains); });
        CHECK(first_unequal({inputs[0], inputs[1], inputs[0], inputs[3]}, found) == "");
    });
}

TEST_CASE("Mixing is linear") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signal x = noise(700, 71), y = noise(700, 72);
        Signal sum(700);
        for (int n = 0; n < 700; ++n) sum[n] = 0.5F * x[n] - 0.25F * y[n];
        MixerPlan plan{.routes = {}, .curve_count = 1};
        for (int row = 0; row < 3; ++row) {
            plan.routes.push_back({row, 3 + row, 0.7F, 0, 0});
            plan.routes.push_back({row, 3 + row, -0.4F, 13, -1});
        }
        const Signals found =
            run_mixer(backend, shape_of(6, 256), plan, {x, y, sum}, random_curves(1, 1024, 73));
        Signal expected(700);
        for (int n = 0; n < 700; ++n) expected[n] = 0.5F * found[0][n] - 0.25F * found[1][n];
        CHECK(below_promised(difference({expected}, {found[2]})));
    });
}

TEST_CASE("A mix does not depend on the chunk size") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const MixerPlan plan = random_plan(7, 5, 60, 96, 81);
        const Signals inputs = noise_rows(7, 4096, 82);
        const Signals curves = random_curves(3, 4096, 83);
        const Signals whole = run_mixer(backend, shape_of(12, 4096, 96), plan, inputs, curves);
        for (const int chunk_frames : {16, 48, 1024}) {
            const Difference change =
                difference(whole, run_mixer(backend, shape_of(12, chunk_frames, 96), plan, inputs, curves));
            CAPTURE(chunk_frames, change.rms_db, change.peak_db);
            CHECK(below_promised(change));
        }
    });
}
