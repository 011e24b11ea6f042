#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "engine/cpu/rows.hpp"
#include "tests/backends.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

TEST_CASE("Rows are zero when made") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const auto rows = backend.make_rows(shape_of(5, 48));
        Signal samples(5 * 48, 1.0F);
        rows->read(0, samples);
        CHECK(first_unequal({Signal(5 * 48, 0.0F)}, {samples}) == "");
    });
}

TEST_CASE("Rows give back what was written, some rows or all") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const auto rows = backend.make_rows(shape_of(6, 48));
        const Signal written = noise(6 * 48, 11);
        rows->write(0, written);
        const Signal two_rows = noise(2 * 48, 12);
        rows->write(3, two_rows);
        Signal expected = written;
        std::copy(two_rows.begin(), two_rows.end(), expected.begin() + 3 * 48);
        Signal found(6 * 48);
        rows->read(0, found);
        CHECK(first_unequal({expected}, {found}) == "");
        Signal last(48);
        rows->read(5, last);
        CHECK(first_unequal({Signal(expected.end() - 48, expected.end())}, {last}) == "");
    });
}

TEST_CASE("Writing after a process() waits for it: what it reads is what was there") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const RowsShape shape = shape_of(2, 4096);
        const auto rows = backend.make_rows(shape);
        const auto mixer = backend.make_mixer(shape, {.routes = {{0, 1, 1.0F, 0, -1}}, .curve_count = 0});
        for (std::uint32_t seed = 0; seed < 8; ++seed) {
            const Signal written = noise(4096, seed);
            rows->write(0, written);
            mixer->process(*rows, {});
            rows->write(0, Signal(4096, 9.0F));
            Signal found(4096);
            rows->read(1, found);
            CAPTURE(seed);
            CHECK(first_unequal({written}, {found}) == "");
            rows->advance();
        }
    });
}

TEST_CASE("Rows that fill more than one binding of a device are one matrix to every operation") {
    on_every_backend([](Backend& backend) {
        // 160 MB; Vulkan promises storage buffer bindings of 128 MiB only.
        constexpr int row_count = 40, chunk_frames = 1000000;
        const RowsShape shape = shape_of(row_count, chunk_frames);
        const std::vector<int> ends{0, 33, 38};  // on either side of 128 MiB, which falls into row 33
        const auto rows = backend.make_rows(shape);
        const Signals inputs = noise_rows(3, chunk_frames, 21);
        for (std::size_t i = 0; i < ends.size(); ++i) rows->write(ends[i], inputs[i]);

        std::vector<LevelTap> taps;
        MixerPlan mixer_plan;
        for (const int row : ends) {
            taps.push_back({row, LevelKind::peak});
            mixer_plan.routes.push_back({.input_row = row, .output_row = 39});
        }
        Signal levels(taps.size() * shape.hop_count());
        backend.make_level_meter(shape, taps)->process(*rows, levels);
        backend.make_mixer(shape, mixer_plan)->process(*rows, {});
        Signal sum(chunk_frames);
        rows->read(39, sum);
        Signal expected_levels(levels.size(), 0.0F), expected_sum(chunk_frames, 0.0F);
        for (std::size_t i = 0; i < ends.size(); ++i) {
            for (int n = 0; n < chunk_frames; ++n) {
                float& level = expected_levels[i * shape.hop_count() + n / control_hop];
                level = std::max(level, std::abs(inputs[i][n]));
                expected_sum[n] += inputs[i][n];
            }
        }
        CHECK(first_unequal({expected_levels, expected_sum}, {levels, sum}) == "");

        const ConvolverPlan convolver_plan{.kernels = {room(99, 22)},
                                           .paths = {{0, 0, 34}, {33, 0, 33}, {38, 0, 1}}};
        const Signals expected = run_convolver(
            *oracle::make_backend(), shape_of(6, chunk_frames),
            {.kernels = convolver_plan.kernels, .paths = {{0, 0, 3}, {1, 0, 4}, {2, 0, 5}}}, inputs);
        backend.make_convolver(shape, convolver_plan)->process(*rows);
        Signals found;
        for (const int row : {34, 33, 1}) {
            found.emplace_back(chunk_frames);
            rows->read(row, found.back());
        }
        CHECK(below_promised(difference(expected, found)));
    });
}

TEST_CASE("Making and dropping a Vulkan backend leaves nothing for the validation layer to say") {
    on_every_backend([](Backend& backend) {
        const std::string id = backend.info().id;
        if (!id.starts_with("vulkan:")) return;
        {
            const auto own = make_vulkan_backend(std::stoi(id.substr(7)), true);
            const auto rows = own->make_rows(shape_of(2, 64));
            const auto convolver =
                own->make_convolver(shape_of(2, 64), {.kernels = {{1.0F}}, .paths = {{0, 0, 1}}});
            rows->write(0, Signal(128, 1.0F));
            convolver->process(*rows);
        }
        CHECK(vulkan_validation_message_count() == 0);
    });
}

TEST_CASE("Rows in main memory are known to be silent until somebody may have changed them") {
    cpu::CpuRows rows(shape_of(2, 256));
    const cpu::CpuRows& only_read = rows;
    CHECK(only_read.is_known_silent(1));
    rows.write(0, noise(512, 181));
    CHECK_FALSE(only_read.is_known_silent(1));
    rows.write(1, Signal(256, -0.0F));
    rows.advance();
    CHECK(only_read.frames(1)[255] == 0.0F);
    CHECK(only_read.is_known_silent(1));
    CHECK_FALSE(only_read.is_known_silent(0));
    rows.frames(1)[255] = 0.0F;
    CHECK_FALSE(only_read.is_known_silent(1));
}
