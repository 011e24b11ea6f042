// Plans whose convolvers add up what their mixes would.
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <random>

#include "host/plan.hpp"
#include "host/plan_sums.hpp"
#include "tests/backends.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/signals.hpp"
#include "tests/small_session.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

constexpr int chunk_frames = 256;

int count_paths(const RenderPlan& plan) {
    int count = 0;
    for (const Step& step : plan.steps) {
        if (const auto* s = std::get_if<ConvolveStep>(&step))
            count += static_cast<int>(s->convolver.paths.size());
    }
    return count;
}

int count_routes(const RenderPlan& plan) {
    int count = 0;
    for (const Step& step : plan.steps) {
        if (const auto* s = std::get_if<MixStep>(&step)) count += static_cast<int>(s->mixer.routes.size());
    }
    return count;
}

RenderPlan summed(RenderPlan plan) {
    sum_in_convolvers(plan);
    return plan;
}

/// Each of the rows through a kernel of its own of so many taps in place, then all of them into two rows.
RenderPlan tracks_into_a_bus(const std::vector<int>& tap_counts) {
    const int count = static_cast<int>(tap_counts.size());
    RenderPlan plan;
    plan.sample_rate_hz = 48000;
    plan.shape = {.row_count = count + 2, .frame_count = chunk_frames, .history_count = 64};
    plan.source_row_count = count;
    ConvolveStep convolve;
    MixStep mix;
    for (int row = 0; row < count; ++row) {
        convolve.convolver.kernels.push_back(room(tap_counts[row], 10 + row));
        convolve.convolver.paths.push_back({row, row, row});
        mix.mixer.routes.push_back({row, count, 0.1F * static_cast<float>(row + 1), 0, -1});
        mix.mixer.routes.push_back({row, count + 1, 0.9F, 0, -1});
    }
    plan.steps = {convolve, mix};
    plan.output_rows = {count, count + 1};
    return plan;
}

void check_same_sound(Backend& backend, const RenderPlan& plan) {
    const Signals sources = noise_rows(plan.source_row_count, 4 * chunk_frames, 5);
    const Signals expected = render(*oracle::make_backend(), plan, sources);
    const Difference change = difference(expected, render(backend, summed(plan), sources));
    CAPTURE(change.rms_db, change.peak_db);
    CHECK(below_promised(change));
}

/// On the oracle rows are NaN until they are written: nothing is read that is no longer made.
void check_sounds_the_same(const RenderPlan& plan) {
    on_every_backend_and_the_oracle([&](Backend& backend) { check_same_sound(backend, plan); });
}

/// A plan at random, as a lowered session may be: tracks in place, measured or not, into buses and a send,
/// those through kernels, and all into an output.
RenderPlan random_plan(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto chance = [&](int percent) { return static_cast<int>(random() % 100) < percent; };
    const int tracks = 3 + static_cast<int>(random() % 8);
    const int buses = tracks;  // rows tracks ... tracks + 5: three stereo buses; then the output
    RenderPlan plan;
    plan.sample_rate_hz = 48000;
    plan.source_row_count = tracks;
    plan.shape = {.row_count = tracks + 8, .frame_count = chunk_frames, .history_count = 64};
    ConvolveStep inserts, late;
    MeasureStep measure;
    MixStep sums, settle, out;
    for (int row = 0; row < tracks; ++row) {
        ConvolveStep& step = chance(20) ? late : inserts;
        if (chance(85)) {
            step.convolver.paths.push_back({row, static_cast<int>(step.convolver.kernels.size()), row, 0.5F});
            step.convolver.kernels.push_back(room(chance(30) ? 1500 : 40 + 3 * row, seed + row));
        }
        if (chance(10)) measure.taps.push_back({row, LevelKind::peak});
        if (chance(10)) settle.mixer.routes.push_back({row, row, 0.7F, 0, -1});
        const int bus = buses + 2 * static_cast<int>(random() % 3);
        const int delay = chance(10) ? 7 : 0;
        sums.mixer.routes.push_back({row, bus, 0.3F, delay, -1});
        if (chance(80)) sums.mixer.routes.push_back({row, bus + 1, 0.6F, delay, -1});
        if (chance(20)) sums.mixer.routes.push_back({row, buses, -0.2F, 0, -1});
    }
    for (int row = buses; row < buses + 6; ++row) {
        const auto feeds = [&](const MixRoute& route) { return route.output_row == row; };
        if (std::none_of(sums.mixer.routes.begin(), sums.mixer.routes.end(), feeds))
            sums.mixer.routes.push_back({0, row, 0.0F, 0, -1});
        out.mixer.routes.push_back({row, buses + 6 + row % 2, 1.0F, 0, -1});
    }
    ConvolveStep rooms;
    rooms.convolver.kernels = {room(300, seed + 50), room(310, seed + 51)};
    for (int row = buses; row < buses + 2 * static_cast<int>(1 + random() % 3); ++row)
        rooms.convolver.paths.push_back({row, row % 2, row});
    plan.steps = {inserts};
    if (!late.convolver.paths.empty()) plan.steps.emplace_back(late);
    plan.level_count = static_cast<int>(measure.taps.size());
    if (!measure.taps.empty()) plan.steps.emplace_back(measure);
    if (!settle.mixer.routes.empty()) plan.steps.emplace_back(settle);
    plan.steps.emplace_back(sums);
    plan.steps.emplace_back(rooms);
    plan.steps.emplace_back(out);
    plan.output_rows = {buses + 6, buses + 7};
    if (chance(30)) plan.output_rows.push_back(static_cast<int>(random() % tracks));
    return plan;
}

}  // namespace

TEST_CASE("Tracks that are only summed are summed by the convolver, and need no rows and no mix") {
    const RenderPlan plan = tracks_into_a_bus({300, 200, 100, 290, 280});
    const RenderPlan found = summed(plan);
    REQUIRE(found.steps.size() == 1);
    CHECK(count_paths(found) == 10);
    CHECK(found.shape.row_count == 7);
    CHECK(found.output_rows == std::vector<int>{5, 6});
    check_sounds_the_same(plan);
}

TEST_CASE("What else goes into a sum is added to what the convolver makes of the rest") {
    RenderPlan plan = tracks_into_a_bus({300, 200, 100, 290});
    auto& convolver = std::get<ConvolveStep>(plan.steps[0]).convolver;
    convolver.paths.pop_back();  // the last track goes into the sum as it is
    const RenderPlan found = summed(plan);
    REQUIRE(found.steps.size() == 2);
    CHECK(count_paths(found) == 6);
    CHECK(count_routes(found) == 4);
    check_sounds_the_same(plan);
}

TEST_CASE("Kernels of unlike lengths are summed apart") {
    const RenderPlan plan = tracks_into_a_bus({3000, 30, 2900, 32, 2800, 33});
    const RenderPlan found = summed(plan);
    CHECK(count_paths(found) == 12);
    CHECK(count_routes(found) == 4);
    check_sounds_the_same(plan);
}

TEST_CASE("A row that is read for itself is made for itself") {
    const RenderPlan plain = tracks_into_a_bus({300, 200, 100, 290, 280});
    RenderPlan measured = plain, heard = plain, delayed = plain, settled = plain;
    measured.steps.insert(measured.steps.begin() + 1, MeasureStep{{{2, LevelKind::peak}}, 0});
    measured.level_count = 1;
    heard.output_rows.push_back(2);
    std::get<MixStep>(delayed.steps[1]).mixer.routes[4].delay_frames = 3;
    settled.steps.insert(settled.steps.begin() + 1, MixStep{{{{2, 2, 0.5F, 0, -1}}, 0}, 0});
    const std::vector<RenderPlan> plans{measured, heard, delayed, settled};
    for (const RenderPlan& plan : plans) {
        const RenderPlan found = summed(plan);
        CHECK(count_paths(found) == 9);
        // Beside the two of the row and, in one plan, its own, one from each sum.
        CHECK(count_routes(found) == 4 + count_routes(plan) - count_routes(plain));
    }
    on_every_backend_and_the_oracle([&](Backend& backend) {
        for (const RenderPlan& plan : plans) check_same_sound(backend, plan);
    });
}

TEST_CASE("Where there are as many sums as rows, nothing changes") {
    for (const std::vector<int>& tap_counts : {std::vector<int>{300}, std::vector<int>{300, 200}}) {
        const RenderPlan plan = tracks_into_a_bus(tap_counts);
        const RenderPlan found = summed(plan);
        CHECK(count_paths(found) == count_paths(plan));
        CHECK(count_routes(found) == count_routes(plan));
        CHECK(found.shape.row_count == plan.shape.row_count);
    }
}

TEST_CASE("Plans of all kinds sound the same when their convolvers add up") {
    int changed = 0;
    const auto textbook = oracle::make_backend();
    const auto cpu = make_cpu_backend();
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        const RenderPlan plan = random_plan(seed);
        const RenderPlan found = summed(plan);
        const Signals sources = noise_rows(plan.source_row_count, 3 * chunk_frames, seed);
        const Signals expected = render(*textbook, plan, sources);
        CAPTURE(seed);
        CHECK(below_promised(difference(expected, render(*textbook, found, sources))));
        CHECK(below_promised(difference(expected, render(*cpu, found, sources))));
        changed += count_routes(found) < count_routes(plan) ? 1 : 0;
    }
    CHECK(changed > 10);
}
