#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "tests/backends.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"
#include "tests/silences.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

void check_plan(const RowsShape& shape, const ConvolverPlan& plan, int input_count, int chunk_count) {
    on_every_backend([&](Backend& backend) {
        const Signals inputs = rows_with_silences(input_count, shape.frame_count, chunk_count, 301);
        const Signals found = run_convolver(backend, shape, plan, inputs);
        CHECK(are_equal(run_convolver(backend, shape, plan, never_silent(inputs)), found));
        CHECK(below_promised(difference(run_convolver(*oracle::make_backend(), shape, plan, inputs), found)));
    });
}

}  // namespace

TEST_CASE("Rows that fall silent and come back sound as if nothing were left out") {
    SECTION("through kernels of their own, in place, with tails over several chunks") {
        ConvolverPlan plan;
        for (int row = 0; row < 12; ++row) {
            plan.kernels.push_back(room(40 + 250 * row, 310 + row));
            plan.paths.push_back({row, row, row});
        }
        check_plan(shape_of(12, 512), plan, 12, 18);
    }
    SECTION("through one kernel that they share") {
        ConvolverPlan plan{.kernels = {room(700, 330)}, .paths = {}};
        for (int row = 0; row < 22; ++row) plan.paths.push_back({row, 0, row});
        check_plan(shape_of(22, 512), plan, 22, 15);
    }
    SECTION("in many partitions") {
        ConvolverPlan plan{.kernels = {room(3000, 331), room(5, 332)}, .paths = {}, .transform_frames = 512};
        for (int row = 0; row < 9; ++row) plan.paths.push_back({row, row % 2, 9 + row});
        check_plan(shape_of(18, 256), plan, 9, 30);
    }
    SECTION("in several blocks a chunk") {
        ConvolverPlan plan{
            .kernels = {room(1800, 333), room(200, 334)}, .paths = {}, .transform_frames = 1024};
        for (int row = 0; row < 9; ++row) plan.paths.push_back({row, row % 2, row});
        check_plan(shape_of(9, 2048), plan, 9, 12);
    }
    SECTION("summed into few, and true stereo") {
        ConvolverPlan plan{.kernels = {room(600, 335), room(90, 336), room(1500, 337), room(600, 338)},
                           .paths = {{0, 0, 16}, {0, 1, 17}, {3, 2, 16}, {3, 3, 17}}};
        for (int row = 0; row < 16; ++row)
            plan.paths.push_back({row, row % 4, 18 + row % 2, 0.1F * (row - 5)});
        plan.paths.push_back({1, 0, 20});
        plan.paths.push_back({5, 2, 20});
        check_plan(shape_of(21, 512), plan, 16, 16);
    }
    SECTION("after a pre-delay of chunks") {
        ConvolverPlan plan{
            .kernels = {delayed(room(4000, 339), 2500)}, .paths = {}, .transform_frames = 1024};
        for (int row = 0; row < 8; ++row) plan.paths.push_back({row, 0, 8 + row});
        check_plan(shape_of(16, 512), plan, 8, 24);
    }
    SECTION("in transforms too long for a workgroup") {
        ConvolverPlan plan{.kernels = {room(9000, 340)}, .paths = {}, .transform_frames = 32768};
        for (int row = 0; row < 7; ++row) plan.paths.push_back({row, 0, row});
        check_plan(shape_of(7, 16384), plan, 7, 7);
    }
}

TEST_CASE("What becomes of silent rows in one operation is known to the next, from chunk to chunk") {
    on_every_backend([](Backend& backend) {
        // Rows through a kernel, into delayed sums, through another kernel; chunks in two Rows in turn.
        const RowsShape shape = shape_of(14, 512, 1040);
        const ConvolverPlan first{
            .kernels = {room(900, 350)},
            .paths = {{0, 0, 0}, {1, 0, 1}, {2, 0, 2}, {3, 0, 3}, {4, 0, 4}, {5, 0, 5}}};
        const MixerPlan sums{.routes = {{0, 6, 0.5F, 16},
                                        {1, 6, -0.5F, 1040},
                                        {1, 7, 1.0F, 1000},
                                        {2, 8, 1.0F, 700},
                                        {4, 8, 1.0F, 0},
                                        {2, 9, -1.0F, 1024},
                                        {3, 9, 0.25F, 513},
                                        {5, 5, 0.7F, 0}}};
        const ConvolverPlan second{.kernels = {room(40, 351), room(1400, 352)},
                                   .paths = {{6, 0, 10}, {7, 1, 11}, {8, 0, 12}, {8, 1, 13}, {9, 1, 13}}};
        const auto run = [&](const Signals& inputs) {
            const std::vector<std::unique_ptr<Rows>> both = [&] {
                std::vector<std::unique_ptr<Rows>> made;
                for (int i = 0; i < 2; ++i) made.push_back(backend.make_rows(shape));
                return made;
            }();
            const auto past = backend.make_past(shape, std::vector<int>{0, 1, 2, 3, 5});
            const auto one = backend.make_convolver(shape, first);
            const auto mixer = backend.make_mixer(shape, sums);
            const auto other = backend.make_convolver(shape, second);
            Signals outputs(5);
            Signal samples(static_cast<std::size_t>(shape.frame_count));
            for (std::size_t begin = 0; begin < inputs[0].size(); begin += samples.size()) {
                const std::size_t chunk = begin / samples.size();
                Rows& rows = *both[chunk % 2];
                if (chunk > 0) past->process(*both[1 - chunk % 2], rows);
                for (int row = 0; row < 6; ++row) {
                    std::copy_n(inputs[row].begin() + static_cast<std::ptrdiff_t>(begin), samples.size(),
                                samples.begin());
                    rows.write(row, samples);
                }
                one->process(rows);
                mixer->process(rows, {});
                other->process(rows);
                for (std::size_t i = 0; i < outputs.size(); ++i) {
                    rows.read(i < 4 ? static_cast<int>(10 + i) : 5, samples);
                    outputs[i].insert(outputs[i].end(), samples.begin(), samples.end());
                }
            }
            return outputs;
        };
        const Signals inputs = rows_with_silences(6, shape.frame_count, 24, 353);
        CHECK(are_equal(run(never_silent(inputs)), run(inputs)));
    });
}

TEST_CASE("A chunk of silence ends what was in an output row before") {
    on_every_backend([](Backend& backend) {
        const RowsShape shape = shape_of(3, 256);
        const ConvolverPlan plan{.kernels = {Signal{1.0F}}, .paths = {{0, 0, 1}, {0, 0, 2}}};
        const auto rows = backend.make_rows(shape);
        const auto convolver = backend.make_convolver(shape, plan);
        Signal found(256);
        for (int chunk = 0; chunk < 4; ++chunk) {
            rows->write(0, chunk == 0 ? noise(256, 360) : Signal(256, 0.0F));
            rows->write(2, noise(256, 361));  // something else each time
            convolver->process(*rows);
            for (const int row : {1, 2}) {
                rows->read(row, found);
                CAPTURE(chunk, row);
                const bool is_silent =
                    std::all_of(found.begin(), found.end(), [](float x) { return x == 0.0F; });
                // A transform may leave rounding errors in the chunk that it reaches into.
                if (chunk != 1) CHECK(is_silent == (chunk > 1));
            }
            rows->advance();
        }
    });
}
