#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/backends.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

Signals by_the_textbook(const RowsShape& shape, const ConvolverPlan& plan, const Signals& inputs) {
    return run_convolver(*oracle::make_backend(), shape, plan, inputs);
}

void check_against_textbook(Backend& backend, const RowsShape& shape, const ConvolverPlan& plan,
                            const Signals& inputs) {
    const Difference error =
        difference(by_the_textbook(shape, plan, inputs), run_convolver(backend, shape, plan, inputs));
    CAPTURE(shape.row_count, shape.frame_count, inputs[0].size(), error.rms_db, error.peak_db);
    CHECK(below_promised(error));
}

/// Row i convolved with a room of lengths[i] into row i of as many outputs behind the inputs.
ConvolverPlan one_kernel_per_row(const std::vector<int>& lengths, std::uint32_t seed) {
    ConvolverPlan plan;
    const int count = static_cast<int>(lengths.size());
    for (int row = 0; row < count; ++row) {
        plan.kernels.push_back(room(lengths[row], seed + row));
        plan.paths.push_back({.input_row = row, .kernel = row, .output_row = count + row});
    }
    return plan;
}

}  // namespace

TEST_CASE("A convolver equals the textbook for a kernel of any length in chunks of any size") {
    on_every_backend([](Backend& backend) {
        struct Case {
            int chunk_frames, tap_count, frames;
        };
        for (const Case c :
             {Case{16, 1, 64}, Case{16, 17, 100}, Case{48, 1, 200}, Case{48, 47, 300}, Case{48, 1009, 2500},
              Case{64, 64, 300}, Case{64, 65, 300}, Case{1024, 1, 3000}, Case{1024, 511, 4000},
              Case{1024, 1024, 4000}, Case{1024, 1025, 4000}, Case{1024, 20011, 30000},
              Case{4096, 4095, 13000}, Case{4096, 4097, 13000}, Case{8192, 100, 20000}}) {
            INFO("kernel of " << c.tap_count << " taps, seed 11");
            check_against_textbook(backend, shape_of(2, c.chunk_frames),
                                   one_kernel_per_row({c.tap_count}, 11), {noise(c.frames, 12)});
        }
    });
}

TEST_CASE("A convolver equals the textbook for kernels of all lengths in one plan") {
    on_every_backend([](Backend& backend) {
        const std::vector<int> lengths{1,   2,    13,   31,   32,   33,   127, 128,
                                       129, 1009, 1023, 1024, 1025, 2049, 7001};
        const int count = static_cast<int>(lengths.size());
        const Signals inputs = noise_rows(count, 12000, 21);
        const ConvolverPlan plan = one_kernel_per_row(lengths, 22);
        for (const int chunk_frames : {48, 256, 1024, 8192}) {
            // A chunk costs a dispatch or more, so small chunks get a shorter run.
            Signals shorter = inputs;
            for (Signal& row : shorter) row.resize(std::min(12000, 128 * chunk_frames));
            check_against_textbook(backend, shape_of(2 * count, chunk_frames), plan, shorter);
        }
    });
}

TEST_CASE("A kernel of many chunks keeps its tail to the end") {
    on_every_backend([](Backend& backend) {
        // Flat, so that the last taps weigh as much as the first.
        const ConvolverPlan plan{.kernels = {noise(6007, 31)}, .paths = {{0, 0, 1}}};
        check_against_textbook(backend, shape_of(2, 64), plan, {noise(7000, 32)});
        check_against_textbook(backend, shape_of(2, 64), plan, {impulse(7000, 63)});
    });
}

TEST_CASE("An impulse anywhere in a chunk or a partition comes out as the kernel at its place") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        for (const int chunk_frames : {48, 1024}) {
            // A partition is nobody's business, so every power of two up to two chunks could be its edge.
            std::set<int> positions{0,
                                    chunk_frames - 1,
                                    chunk_frames,
                                    chunk_frames + 1,
                                    2 * chunk_frames - 1,
                                    2 * chunk_frames,
                                    3 * chunk_frames - 1};
            for (int edge = 2; edge <= 2 * chunk_frames; edge *= 2)
                positions.insert({edge - 1, edge, edge + 1});
            const int frames = 6 * chunk_frames;
            const int count = static_cast<int>(positions.size());
            for (const int tap_count : {1, 31, 2 * chunk_frames + 1}) {
                ConvolverPlan plan{.kernels = {room(tap_count, 41)}, .paths = {}};
                Signals inputs, expected;
                for (const int position : positions) {
                    const int row = static_cast<int>(inputs.size());
                    plan.paths.push_back({row, 0, count + row});
                    inputs.push_back(impulse(frames, position));
                    Signal kernel = plan.kernels[0];
                    kernel.resize(frames, 0.0F);
                    expected.push_back(delayed(kernel, position));
                }
                const Difference error = difference(
                    expected, run_convolver(backend, shape_of(2 * count, chunk_frames), plan, inputs));
                CAPTURE(chunk_frames, tap_count, error.rms_db, error.peak_db);
                CHECK(below_promised(error));
            }
        }
    });
}

TEST_CASE("Silence convolved is silence, to the last bit") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signals silence(3, Signal(3000, 0.0F));
        const Signals found =
            run_convolver(backend, shape_of(6, 256), one_kernel_per_row({1, 100, 1500}, 51), silence);
        CHECK(first_unequal(silence, found) == "");
    });
}

TEST_CASE("Kernels with stretches of zeros, long pre-delays and nothing but zeros are kernels as any other") {
    on_every_backend([](Backend& backend) {
        Signal late = room(2000, 55), gap = room(2000, 56);
        std::fill(late.begin(), late.begin() + 1500, 0.0F);
        std::fill(gap.begin() + 200, gap.begin() + 1700, 0.0F);
        const ConvolverPlan plan{.kernels = {late, gap, Signal(1500, 0.0F), {0.0F}},
                                 .paths = {{0, 0, 4}, {1, 1, 5}, {2, 2, 6}, {3, 3, 7}}};
        check_against_textbook(backend, shape_of(8, 256), plan, noise_rows(4, 4000, 57));
    });
}

TEST_CASE("A silent row stays silent and a soft one clean beside loud ones") {
    on_every_backend([](Backend& backend) {
        Signals inputs = noise_rows(4, 3000, 61);
        for (float& x : inputs[1]) x = 0.0F;
        for (float& x : inputs[2]) x *= 1e-5F;
        const ConvolverPlan plan = one_kernel_per_row({300, 300, 300, 300}, 62);
        check_against_textbook(backend, shape_of(8, 512), plan, inputs);
    });
}

TEST_CASE("Convolution is linear") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signal x = noise(3000, 71), y = noise(3000, 72);
        Signal sum(3000);
        // Halves and quarters are exact in float, so the sum's own rounding is all that is added.
        for (int n = 0; n < 3000; ++n) sum[n] = 0.5F * x[n] - 0.25F * y[n];
        ConvolverPlan plan{.kernels = {room(700, 73)}, .paths = {{0, 0, 3}, {1, 0, 4}, {2, 0, 5}}};
        const Signals found = run_convolver(backend, shape_of(6, 256), plan, {x, y, sum});
        Signal expected(3000);
        for (int n = 0; n < 3000; ++n) expected[n] = 0.5F * found[0][n] - 0.25F * found[1][n];
        CHECK(below_promised(difference({expected}, {found[2]})));
    });
}

TEST_CASE("Shifting what goes into a convolver shifts what comes out") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signal x = noise(3000, 81);
        const std::vector<int> delays{0, 1, 15, 16, 17, 255, 256, 257, 300};
        const int count = static_cast<int>(delays.size());
        ConvolverPlan plan{.kernels = {room(500, 82)}, .paths = {}};
        Signals inputs;
        for (int row = 0; row < count; ++row) {
            inputs.push_back(delayed(x, delays[row]));
            plan.paths.push_back({row, 0, count + row});
        }
        const Signals found = run_convolver(backend, shape_of(2 * count, 256), plan, inputs);
        Signals expected;
        for (const int delay : delays) expected.push_back(delayed(found[0], delay));
        CHECK(below_promised(difference(expected, found)));
    });
}

TEST_CASE("A convolver's result does not depend on the chunk size") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const ConvolverPlan plan = one_kernel_per_row({1, 100, 2000}, 91);
        const Signals inputs = noise_rows(3, 5000, 92);
        const Signals whole = run_convolver(backend, shape_of(6, 5008), plan, inputs);
        for (const int chunk_frames : {48, 64, 1008, 4096}) {
            const Difference change =
                difference(whole, run_convolver(backend, shape_of(6, chunk_frames), plan, inputs));
            CAPTURE(chunk_frames, change.rms_db, change.peak_db);
            CHECK(below_promised(change));
        }
    });
}

TEST_CASE("A true-stereo room is four paths summed into two rows") {
    on_every_backend([](Backend& backend) {
        ConvolverPlan plan;
        for (std::uint32_t k = 0; k < 4; ++k) plan.kernels.push_back(room(900, 101 + k));
        plan.paths = {{0, 0, 2}, {0, 1, 3}, {1, 2, 2}, {1, 3, 3}};
        check_against_textbook(backend, shape_of(4, 256), plan, noise_rows(2, 3000, 102));
    });
}

TEST_CASE("Any number of paths with kernels of unlike lengths is summed into one row") {
    on_every_backend([](Backend& backend) {
        ConvolverPlan plan;
        for (int row = 0; row < 9; ++row) {
            plan.kernels.push_back(room(1 + 150 * row, 111 + row));
            plan.paths.push_back({row, row, 9 + row % 2});
        }
        plan.paths.push_back({0, 3, 9});  // one input into the same row twice
        check_against_textbook(backend, shape_of(11, 256), plan, noise_rows(9, 2500, 112));
    });
}

TEST_CASE("Every path has a gain of its own") {
    on_every_backend([](Backend& backend) {
        ConvolverPlan plan{.kernels = {room(1, 115), room(700, 116)}, .paths = {}};
        // One kernel for many inputs with many gains; an input twice into a row; a gain of zero alone.
        for (int row = 0; row < 5; ++row) {
            plan.paths.push_back({row, 1, 5, 0.25F * static_cast<float>(row - 2)});
            plan.paths.push_back({row, row % 2, 6, 1.0F - 0.3F * static_cast<float>(row)});
        }
        plan.paths.push_back({3, 1, 6, -2.5F});
        plan.paths.push_back({1, 1, 7, 3.0F});
        plan.paths.push_back({2, 1, 8, 3.5F});
        plan.paths.push_back({4, 1, 9, 0.0F});
        check_against_textbook(backend, shape_of(10, 256), plan, noise_rows(5, 2500, 117));
    });
}

TEST_CASE("Many rows are summed into few, in transforms of any size") {
    on_every_backend([](Backend& backend) {
        constexpr int count = 50;
        ConvolverPlan plan;
        for (int row = 0; row < count; ++row) {
            plan.kernels.push_back(room(1 + 61 * row, 171 + row));
            const float gain = 0.1F * static_cast<float>(row % 7 - 3);
            plan.paths.push_back({row, row, count, gain});
            if (row % 2 == 0) plan.paths.push_back({row, row, count + 1});
            // Over an input that another thread may still want.
            if (row > 40) plan.paths.push_back({row, count - 1 - row, 49, gain});
        }
        Signals inputs = noise_rows(count, 6000, 172);
        for (int row = 0; row < count; ++row) {
            // Whole batches, shares and sums that are silent for a while, and rows that end.
            const int begin = row < 45 ? 0 : 2000;
            std::fill(inputs[row].begin() + begin, inputs[row].begin() + begin + 80 * row, 0.0F);
        }
        const RowsShape shape = shape_of(count + 2, 1024);
        const Signals expected = by_the_textbook(shape, plan, inputs);
        for (const int transform_frames : {0, 1024, 4096}) {
            plan.transform_frames = transform_frames;
            const Difference error = difference(expected, run_convolver(backend, shape, plan, inputs));
            CAPTURE(transform_frames, error.rms_db, error.peak_db);
            CHECK(below_promised(error));
        }
    });
}

TEST_CASE("Inputs of a convolver are read before its outputs are written") {
    on_every_backend([](Backend& backend) {
        const Signals inputs = noise_rows(4, 3000, 121);
        ConvolverPlan plan;
        for (std::uint32_t k = 0; k < 4; ++k) plan.kernels.push_back(room(1 + 400 * k, 122 + k));
        SECTION("in place") { plan.paths = {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {3, 3, 3}}; }
        SECTION("two rows swapped") { plan.paths = {{0, 1, 1}, {1, 2, 0}}; }
        SECTION("a row handed on, first path first") { plan.paths = {{0, 1, 1}, {1, 2, 2}, {2, 3, 3}}; }
        SECTION("a row handed on, last path first") { plan.paths = {{2, 3, 3}, {1, 2, 2}, {0, 1, 1}}; }
        SECTION("a sum over its own input") { plan.paths = {{0, 1, 1}, {1, 2, 1}, {2, 0, 1}}; }
        check_against_textbook(backend, shape_of(4, 256), plan, inputs);
    });
}

TEST_CASE("Forty rows share a kernel, in place") {
    on_every_backend([](Backend& backend) {
        ConvolverPlan plan{.kernels = {room(1300, 131)}, .paths = {}};
        for (int row = 0; row < 40; ++row) plan.paths.push_back({row, 0, row});
        check_against_textbook(backend, shape_of(40, 512), plan, noise_rows(40, 2048, 132));
    });
}

TEST_CASE("A convolver leaves rows alone that it does not write") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const RowsShape shape = shape_of(4, 64);
        const ConvolverPlan plan{.kernels = {room(100, 141)}, .paths = {{0, 0, 2}}};
        const auto rows = backend.make_rows(shape);
        const auto convolver = backend.make_convolver(shape, plan);
        const Signals inputs = noise_rows(4, 300, 142);
        const Signals found = run_chunks(*rows, inputs, {0, 1, 3}, [&](int) { convolver->process(*rows); });
        CHECK(first_unequal({inputs[0], inputs[1], inputs[3]}, found) == "");
    });
}

TEST_CASE("Convolvers that take turns on one backend keep their states apart") {
    on_every_backend([](Backend& backend) {
        const RowsShape shape = shape_of(3, 128);
        const ConvolverPlan one{.kernels = {room(500, 151)}, .paths = {{0, 0, 1}}};
        const ConvolverPlan other{.kernels = {room(500, 152)}, .paths = {{0, 0, 2}}};
        const Signals inputs{noise(1500, 153)};
        const auto rows = backend.make_rows(shape);
        const auto first = backend.make_convolver(shape, one);
        const auto second = backend.make_convolver(shape, other);
        const Signals found = run_chunks(*rows, inputs, {1, 2}, [&](int) {
            first->process(*rows);
            second->process(*rows);
        });
        const Signals expected{by_the_textbook(shape, one, inputs)[0],
                               by_the_textbook(shape, other, inputs)[0]};
        CHECK(below_promised(difference(expected, found)));
    });
}

TEST_CASE("Bursts between silences longer and shorter than a kernel's reach ring out as any sound does") {
    on_every_backend([](Backend& backend) {
        const ConvolverPlan plan{.kernels = {room(1500, 161), room(40, 162)},
                                 .paths = {{0, 0, 2}, {0, 1, 3}, {1, 0, 3}}};
        Signals inputs = noise_rows(2, 24000, 163);
        const auto silence = [](Signal& row, int from, int to) {
            std::fill(row.begin() + from, row.begin() + to, 0.0F);
        };
        silence(inputs[0], 0, 4000);
        silence(inputs[0], 4100, 5000);
        silence(inputs[0], 5001, 12000);
        silence(inputs[1], 300, 23999);
        for (const int chunk_frames : {64, 1024}) {
            check_against_textbook(backend, shape_of(4, chunk_frames), plan, inputs);
        }
    });
}
