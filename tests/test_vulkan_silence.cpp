#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/vulkan/silence.hpp"
#include "tests/runs.hpp"
#include "tests/silences.hpp"
#include "tests/vulkan_device.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

/// Bytes of each stage of a chunk in which the first of 32 rows sound, after one of the same.
std::map<std::string, std::uint64_t> bytes_with_sounding(int sounding_count) {
    constexpr int row_count = 32;
    const RowsShape shape{row_count, 1024, 16};
    ConvolverPlan plan{.kernels = {test::noise(700, 1)}, .paths = {}, .transform_frames = 2048};
    for (int row = 0; row < row_count; ++row) plan.paths.push_back({row, 0, row});
    const auto backend = test::validated_vulkan();
    const auto rows = backend->make_rows(shape);
    const auto convolver = backend->make_convolver(shape, plan);
    for (int chunk = 0; chunk < 2; ++chunk) {
        for (int row = 0; row < sounding_count; ++row) rows->write(row, test::noise(1024, 2U + row));
        backend->set_profiling(chunk == 1);
        convolver->process(*rows);
    }
    std::map<std::string, std::uint64_t> bytes;
    for (const StageReport& report : backend->stage_reports()) bytes[report.name] = report.bytes;
    return bytes;
}

}  // namespace

TEST_CASE("On a Vulkan device silent rows move no bytes in any stage of a convolver") {
    const auto all = bytes_with_sounding(32);
    REQUIRE(all.size() == 6);
    const auto quarter = bytes_with_sounding(8);
    REQUIRE(quarter.size() == all.size());
    for (const auto& [stage, bytes] : all) {
        CAPTURE(stage);
        CHECK(bytes > 0);
        // All but the kernel, which is read for each tile of outputs: 4 of them, then 1.
        CHECK(quarter.at(stage) * 4 == bytes);
    }
    CHECK(bytes_with_sounding(0).empty());
    CHECK(vulkan_validation_message_count() == 0);
}

TEST_CASE("Silent rows are left out of spectra that fill several buffers") {
    constexpr std::uint64_t spectrum = 513 * 8;
    ConvolverPlan plan;
    plan.transform_frames = 1024;
    std::uint64_t tile_bytes = 0;
    int row_count = 0;
    SECTION("many inputs with a past, in tiles both ways") {
        for (int i = 0; i < 4; ++i) {
            plan.kernels.push_back(test::noise(1500, 70U + i));
            plan.paths.push_back({i, i, 4});
        }
        row_count = 5;
        tile_bytes = 2 * spectrum;
    }
    SECTION("more inputs of an output than all buffers hold, which are summed in its row") {
        for (int i = 0; i < 21; ++i) {
            plan.kernels.push_back(test::noise(400 + 50 * (i % 5), 50U + i));
            plan.paths.push_back({i, i, 20, 0.1F * static_cast<float>(i + 1)});
            if (i % 3 == 0) plan.paths.push_back({i, i, 3});
        }
        row_count = 21;
        tile_bytes = 3 * spectrum;
    }
    SECTION("more rows than a buffer holds, in several groups") {
        for (int i = 0; i < 6; ++i) {
            plan.kernels.push_back(test::noise(100, 50U + i));
            plan.paths.push_back({i, i, i});
            plan.paths.push_back({5 - i, 2, i});
        }
        row_count = 6;
        tile_bytes = 2 * spectrum;
    }
    const auto backend = test::validated_vulkan(tile_bytes);
    const Signals inputs = rows_with_silences(row_count, 512, 16, 401);
    const RowsShape shape{row_count, 512, 16};
    CHECK(are_equal(run_convolver(*backend, shape, plan, never_silent(inputs)),
                    run_convolver(*backend, shape, plan, inputs)));
    CHECK(vulkan_validation_message_count() == 0);
}

TEST_CASE("What is known of silence in rows moves into the past with them") {
    const RowsShape shape{2, 64, 160};
    vulkan::Silence rows(shape);
    CHECK(rows.holds(0, 160));
    rows.set(0, false);
    CHECK_FALSE(rows.holds(0));
    CHECK(rows.holds(1, 160));
    rows.advance();
    rows.set(0, true);
    CHECK(rows.holds(0));
    CHECK_FALSE(rows.holds(0, 1));
    rows.advance();
    CHECK(rows.holds(0, 64));
    CHECK_FALSE(rows.holds(0, 65));
    vulkan::Silence others(shape);
    others.set(1, false);
    others.carry(0, rows);
    CHECK(others.holds(0, 128));
    CHECK_FALSE(others.holds(0, 129));
    CHECK_FALSE(others.holds(1));
    others.carry(1, others);
    others.set(1, true);
    CHECK(others.holds(1));
    CHECK_FALSE(others.holds(1, 1));
}
