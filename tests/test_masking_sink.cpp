// Tiles of an analysis collected into results.
#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

#include "host/half_float.hpp"
#include "host/masking_sink.hpp"

using namespace tutti;

namespace {

/// Three excitations, the last two of which are one object.
MaskingPlan small_plan() {
    MaskingPlan plan;
    plan.grid.display_bands = {0, 0, 1};
    plan.grid.band_groups = {0, 0, 1};
    plan.excitation_count = 3;
    plan.objects = {{0}, {1, 2}};
    plan.relatives = {{}, {}};
    plan.hop_slices = 2;
    plan.tile_slices = 4;
    return plan;
}

/// Every value tells its place.
MaskingTile numbered_tile(const MaskingPlan& plan, int hop_count, float offset) {
    MaskingTile tile(plan);
    tile.hop_count = hop_count;
    const auto number = [&](std::vector<float>& values) { std::iota(values.begin(), values.end(), offset); };
    for (std::vector<float>* values : {&tile.margin_db, &tile.loudness, &tile.clash, &tile.benefit,
                                       &tile.self_cost, &tile.partial, &tile.audibility})
        number(*values);
    std::fill(tile.excitation.begin(), tile.excitation.end(), 1.0F);
    return tile;
}

}  // namespace

TEST_CASE("tiles become heatmaps by object, and sums by section, of objects of several excitations too") {
    const MaskingPlan plan = small_plan();
    // Nine slices: tiles of two hops, two hops, and one that is half full; sections of two tiles.
    const MaskingSteps steps{2, 4, 8, 5, 2};
    MaskingCollector collector(plan, steps, true);
    collector.take(numbered_tile(plan, 2, 0.0F));
    collector.take(numbered_tile(plan, 2, 100.0F));
    collector.take(numbered_tile(plan, 1, 200.0F));
    MaskingView view;
    view.objects.resize(2);
    collector.finish(view);

    CHECK(view.objects.size() == 2);
    // [object][hop][band] of [hop][object][band]: object 1, hop 3 is the second hop of the second tile.
    CHECK(from_half(view.margin_db[(1 * 5 + 3) * 2 + 1]) == 100.0F + (1 * 2 + 1) * 2 + 1);
    CHECK(from_half(view.loudness[(0 * 5 + 4) * 2 + 0]) == 200.0F);
    // [section][group][target][masker] of [group][target][excitation]: excitations 1 and 2 add up.
    REQUIRE(view.clash.size() == 2 * 2 * 2 * 2);
    const int row = 1 * 2 + 0;  // group 1, target 0
    CHECK(view.clash[row * 2 + 0] == 2 * (row * 3) + 100.0F);
    CHECK(view.clash[row * 2 + 1] == 2 * (2 * (row * 3) + 3) + 200.0F);
    CHECK(view.benefit[8 + row * 2 + 1] == 2 * (row * 3) + 3 + 400.0F);
    CHECK(view.partial[1 * 4 + 3] == 203.0F);
    CHECK(view.self_cost[3] == 106.0F);
    CHECK(view.audibility[15] == 130.0F);
    // 10 lg 1 and 10 lg 2 over -20 dB in half decibels.
    const std::vector<std::uint8_t> excitation = collector.excitation();
    REQUIRE(excitation.size() == 2 * 2 * 5 * 2);
    CHECK(excitation[0] == 40);
    CHECK(excitation[5 * 2] == 46);
}

TEST_CASE("an hour of 128 tracks stays under 256 MiB, and a song is as fine as can be") {
    MaskingGrid grid;
    for (int band = 0; band < 150; ++band) {
        grid.display_bands.push_back(band / 2);
        grid.band_groups.push_back(band / 10);
    }
    const std::uint64_t most = 256U << 20U;
    for (const int seconds : {1, 30, 240, 600, 3600}) {
        const MaskingSteps steps = choose_masking_steps(100LL * seconds, 128, 12, grid, {}, {});
        INFO(seconds << " s: hops of " << steps.hop_slices << ", sections of " << steps.section_slices);
        CHECK(masking_results_bytes(steps, 128, 12, grid) <= most);
        CHECK(steps.tile_slices % steps.hop_slices == 0);
        CHECK(steps.section_slices % steps.tile_slices == 0);
        CHECK(steps.hop_count * steps.hop_slices >= 100 * seconds);
        CHECK(steps.section_count * steps.section_slices >= 100 * seconds);
    }
    const MaskingSteps song = choose_masking_steps(24000, 128, 12, grid, {}, {});
    CHECK(song.hop_slices == 10);
    CHECK(song.section_slices == 1000);
    const MaskingSteps asked = choose_masking_steps(24000, 128, 12, grid, 0.03, 1.0);
    CHECK(asked.hop_slices == 3);
    CHECK(asked.tile_slices == 48);
    CHECK(asked.section_slices == 144);
}
