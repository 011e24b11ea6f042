#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "engine/convolver_costs.hpp"
#include "engine/convolver_planner.hpp"
#include "engine/cpu/convolver_costs.hpp"
#include "tests/backends.hpp"
#include "tests/memory_store.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

ConvolverJob one_row(int chunk_frames, std::int64_t taps) { return {chunk_frames, 1, 1, {taps}, {taps}}; }

std::vector<int> sizes_of(const ConvolverCosts& costs) {
    std::vector<int> sizes;
    for (const auto& transform : costs.transforms) sizes.push_back(transform.frame_count);
    return sizes;
}

}  // namespace

TEST_CASE("every layout that the planner ranks covers the kernel and the chunk") {
    for (const int chunk : {16, 48, 1024, 1008, 65536, 1 << 18}) {
        for (const std::int64_t taps : {1LL, 2LL, 16LL, 17LL, 1000LL, 112561LL, 28'800'000LL}) {
            const auto candidates = rank_layouts(one_row(chunk, taps), cpu::usual_convolver_costs());
            CHECK(candidates.size() == cpu::usual_convolver_costs().transforms.size());
            for (const ConvolverCandidate& candidate : candidates) {
                const ConvolverLayout& layout = candidate.layout;
                CAPTURE(chunk, taps, layout.transform_frames, layout.hop_frames, layout.partition_frames,
                        layout.partition_count);
                CHECK(static_cast<std::int64_t>(layout.partition_frames) * layout.partition_count >= taps);
                // A block of hop_frames is free of wrapped frames behind the reach of a partition.
                const std::int64_t reach = std::min<std::int64_t>(layout.partition_frames, taps) - 1;
                CHECK(layout.hop_frames + reach <= layout.transform_frames);
                CHECK(layout.hop_frames % 16 == 0);
                CHECK(layout.hop_frames <= chunk);
                const bool on_grid =
                    layout.partition_count == 1 ||
                    (chunk % layout.hop_frames == 0 && layout.partition_frames % layout.hop_frames == 0);
                CHECK(on_grid);
                CHECK(candidate.seconds > 0.0);
                CHECK(candidate.bytes > 0);
            }
        }
    }
}

TEST_CASE("with hop steps, kernels of unlike lengths share their layouts") {
    ConvolverCosts costs = cpu::usual_convolver_costs();
    std::set<int> hops;
    for (int taps = 600; taps < 1000; taps += 7) {
        hops.insert(choose_layout(one_row(65536, taps), costs, 4096).layout.hop_frames);
    }
    CHECK(hops.size() > 1);
    costs.hop_steps = 8;
    hops.clear();
    for (int taps = 600; taps < 1000; taps += 7) {
        const ConvolverLayout layout = choose_layout(one_row(65536, taps), costs, 4096).layout;
        CHECK(layout.hop_frames + taps - 1 <= 4096);
        hops.insert(layout.hop_frames);
    }
    CHECK(hops == std::set<int>{3072});
}

TEST_CASE("the planner takes one partition where a chunk has room for it, and many for kernels of minutes") {
    const ConvolverCosts& costs = cpu::usual_convolver_costs();
    CHECK(choose_layout(one_row(131072, 112561), costs).layout.partition_count == 1);
    CHECK(choose_layout(one_row(65536, 5000), costs).layout.partition_count == 1);
    CHECK(choose_layout(one_row(65536, 28'800'000), costs).layout.partition_count > 10);
}

TEST_CASE("the planner's best is the cheapest of its candidates, and a size asked for is kept to") {
    const ConvolverCosts& costs = cpu::usual_convolver_costs();
    const ConvolverJob job = one_row(65536, 112561);
    const auto candidates = rank_layouts(job, costs);
    CHECK(std::is_sorted(candidates.begin(), candidates.end(),
                         [](const auto& a, const auto& b) { return a.seconds < b.seconds; }));
    CHECK(choose_layout(job, costs).layout == candidates.front().layout);
    CHECK(choose_layout(job, costs, 8192).layout.transform_frames == 8192);
}

TEST_CASE("a transform that costs nothing is taken, one that costs a fortune is not") {
    ConvolverCosts costs = cpu::usual_convolver_costs();
    for (auto& transform : costs.transforms) transform.seconds = transform.frame_count == 24576 ? 1e-12 : 1.0;
    CHECK(choose_layout(one_row(65536, 3000), costs).layout.transform_frames == 24576);
}

TEST_CASE(
    "hops that share a reading of kernels and past spectra make many partitions cheaper, never dearer") {
    const ConvolverCosts& apart = cpu::usual_convolver_costs();
    ConvolverCosts together = apart;
    together.hops_at_once = 8;
    const ConvolverJob job = one_row(65536, 112561);
    for (const ConvolverCandidate& candidate : rank_layouts(job, apart)) {
        const int size = candidate.layout.transform_frames;
        const double shared = choose_layout(job, together, size).seconds;
        CAPTURE(size);
        CHECK(shared <= candidate.seconds);
        if (size == 4096) CHECK(shared < 0.6 * candidate.seconds);  // 32 hops, 55 partitions
    }
}

TEST_CASE("inputs come in batches that have room, and what sums cost beside them is counted") {
    ConvolverJob job{65536, 64, 2, std::vector<std::int64_t>(128, 5000), {5000, 5000}};
    CHECK(job.inputs_at_once(8192) == 64);
    job.batch_bytes = 1 << 20;
    CHECK(job.inputs_at_once(512) == 16);
    CHECK(job.inputs_at_once(32768) == 8);
    CHECK(job.inputs_at_once(1 << 22) == 2);
    const ConvolverCosts& costs = cpu::usual_convolver_costs();
    ConvolverJob at_once = job;
    at_once.batch_bytes = 0;
    const auto extra_bins = [&](int size) {
        const double extra_s =
            choose_layout(job, costs, size).seconds - choose_layout(at_once, costs, size).seconds;
        return extra_s / costs.streamed_bin_s;
    };
    // Spectra and sums stay near, but two kernels come 8 times; 3 hops.
    CHECK(extra_bins(32768) == Approx(3 * 16384 * 7 * 2));
    // Nothing stays near: 64 inputs, and for each of 32 batches two sums, are written and read; one hop.
    CHECK(extra_bins(1 << 19) == Approx((1 << 18) * (2 * (64 + 32 * 2) + 31 * 2)));
}

TEST_CASE("one sum of many convolutions is forecast to take less time than as many rows, and its memory") {
    const auto backend = make_cpu_backend();
    ConvolverPlan rows{.kernels = {room(5000, 41)}, .paths = {}};
    ConvolverPlan sum = rows;
    for (int row = 0; row < 64; ++row) {
        rows.paths.push_back({row, 0, 64 + row});
        sum.paths.push_back({row, 0, 64});
    }
    const RowsShape shape = shape_of(128, 65536);
    const ConvolverForecast one_by_one = backend->forecast_convolver(shape, rows);
    const ConvolverForecast summed = backend->forecast_convolver(shape, sum);
    CHECK(summed.seconds < 0.8 * one_by_one.seconds);
    REQUIRE(summed.choices.size() == 1);
    CHECK(summed.choices[0].row_count == 1);
    // The tail of one output, a kernel, and sums of at least two shares.
    const ConvolverLayout& layout = summed.choices[0].layout;
    const std::uint64_t spectrum_bytes = layout.transform_frames * sizeof(float);
    CHECK(summed.bytes >= layout.partition_frames * sizeof(float) + 3 * spectrum_bytes);
}

TEST_CASE("a convolver's result does not depend on the transforms it is planned with") {
    on_every_backend([](Backend& backend) {
        ConvolverPlan plan;
        for (const int taps : {1, 700, 5000, 9001}) {
            plan.kernels.push_back(room(taps, 31 + taps));
            const int row = static_cast<int>(plan.kernels.size()) - 1;
            plan.paths.push_back({row, row, 4 + row});
        }
        plan.paths.push_back({0, 2, 5});
        const RowsShape shape = shape_of(8, 2048);
        const Signals inputs = noise_rows(4, 16000, 32);
        const Signals expected = run_convolver(*oracle::make_backend(), shape, plan, inputs);
        std::vector<ConvolverCandidate> candidates = backend.forecast_convolver(shape, plan).candidates;
        REQUIRE(candidates.size() > 1);
        for (const ConvolverCandidate& candidate : candidates) {
            // Larger transforms than that are the same code, and slow for so short a chunk.
            if (candidate.layout.transform_frames > 65536) continue;
            plan.transform_frames = candidate.layout.transform_frames;
            const Difference error = difference(expected, run_convolver(backend, shape, plan, inputs));
            CAPTURE(candidate.layout.transform_frames, candidate.layout.partition_count, error.rms_db);
            CHECK(below_promised(error));
        }
    });
}

TEST_CASE("a forecast adds up what its parts cost, and says how many rows go each way") {
    ForecastSum sum;
    const ConvolverCosts& costs = cpu::usual_convolver_costs();
    sum.add(one_row(65536, 100), costs, 0);
    sum.add(one_row(65536, 100), costs, 0);
    sum.add(one_row(65536, 112561), costs, 0);
    const ConvolverForecast forecast = sum.forecast();
    REQUIRE(forecast.choices.size() == 2);
    CHECK(forecast.choices[0].row_count == 1);
    CHECK(forecast.choices[1].row_count == 2);
    const double expected = 2.0 * choose_layout(one_row(65536, 100), costs).seconds +
                            choose_layout(one_row(65536, 112561), costs).seconds;
    CHECK(forecast.seconds == Approx(expected));
}

TEST_CASE("measured costs are positive, about as usual, and the same again from a store") {
    MemoryStore store;
    const ConvolverCosts measured = cpu::stored_convolver_costs(store, "this processor");
    CHECK(store.put_count == 1);
    CHECK(sizes_of(measured) == sizes_of(cpu::usual_convolver_costs()));
    for (const auto& transform : measured.transforms) CHECK(transform.seconds > 0.0);
    const ConvolverCosts again = cpu::stored_convolver_costs(store, "this processor");
    CHECK(store.put_count == 1);
    CHECK(again.product_s == Approx(measured.product_s));
    CHECK(again.transforms.back().seconds == Approx(measured.transforms.back().seconds));
}

TEST_CASE("costs that are not what would be measured are not taken from a store") {
    const ConvolverCosts& good = cpu::usual_convolver_costs();
    const std::vector<int> sizes = sizes_of(good);
    const std::vector<std::byte> bytes = to_bytes(good);
    REQUIRE(convolver_costs_from(bytes, sizes));
    const auto taken = [&](std::string text) {
        return convolver_costs_from(std::as_bytes(std::span(text)), sizes).has_value();
    };
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    REQUIRE(taken(text));
    CHECK_FALSE(taken(""));
    CHECK_FALSE(taken(text.substr(0, text.size() - 1)));
    CHECK_FALSE(taken(text.substr(0, text.find('\n') + 1)));
    CHECK_FALSE(taken(text + "1e-3\n"));
    CHECK_FALSE(taken("-" + text));
    CHECK_FALSE(taken("nan" + text.substr(text.find('\n'))));
    CHECK_FALSE(taken("inf" + text.substr(text.find('\n'))));
    CHECK_FALSE(taken("0" + text.substr(text.find('\n'))));
    CHECK_FALSE(convolver_costs_from(bytes, std::vector<int>{512}));
}
