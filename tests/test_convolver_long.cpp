#include <catch2/catch.hpp>
#include <memory>

#include "engine/backend.hpp"
#include "engine/threads.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

TEST_CASE("a kernel of ten minutes keeps its last tap") {
    constexpr int minutes_10 = 28'800'000;
    constexpr int chunk = 65536;
    ConvolverPlan plan{.kernels = {Signal(minutes_10, 0.0F)}, .paths = {{0, 0, 1}}};
    Signal& kernel = plan.kernels[0];
    kernel[0] = 0.5F;
    kernel[12'345'678] = -0.25F;
    kernel[minutes_10 - 1] = 1.0F;
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    const RowsShape shape = shape_of(2, chunk);
    const auto rows = backend->make_rows(shape);
    const auto convolver = backend->make_convolver(shape, plan);
    const Signal burst = noise(1000, 171);
    Signal in(chunk);
    Signal out(chunk);
    Signal found(minutes_10 + 2000, 0.0F);
    for (std::size_t at = 0; at < found.size(); at += chunk) {
        std::fill(in.begin(), in.end(), 0.0F);
        if (at == 0) std::copy(burst.begin(), burst.end(), in.begin() + 500);
        rows->write(0, in);
        convolver->process(*rows);
        rows->read(1, out);
        rows->advance();
        std::copy_n(out.begin(), std::min<std::size_t>(chunk, found.size() - at), found.begin() + at);
    }
    Signal expected(found.size(), 0.0F);
    for (const auto& [tap, gain] : {std::pair(0, 0.5F), {12'345'678, -0.25F}, {minutes_10 - 1, 1.0F}}) {
        for (int n = 0; n < 1000; ++n) expected[500 + tap + n] += gain * burst[n];
    }
    const Difference error = difference({expected}, {found});
    CAPTURE(error.rms_db);
    CHECK(below_promised(error));
}

TEST_CASE(
    "large transforms give the same bits to rows in a cache and in memory, on one thread and on several") {
    constexpr int chunk = 1 << 18;
    const Signal signal = noise(chunk + 5000, 172);
    ConvolverPlan alone{.kernels = {room(60'000, 173)}, .paths = {{0, 0, 0}}};
    ConvolverPlan among{.kernels = {room(700, 174), alone.kernels[0]}, .paths = {}};
    Signals inputs;
    for (int row = 0; row < 16; ++row) {
        among.paths.push_back({row, 1 - row % 2, row});
        inputs.push_back(row == 6 ? signal : noise(chunk + 5000, 175));
    }
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    for (const int transform_frames : {5 << 16, 15 << 17}) {
        alone.transform_frames = among.transform_frames = transform_frames;
        const Signals expected = run_convolver(*backend, shape_of(1, chunk), alone, {signal});
        for (const int thread_count : {1, 2, 3}) {
            set_thread_count(thread_count);
            const Signals found = run_convolver(*backend, shape_of(16, chunk), among, inputs);
            set_thread_count(0);
            CAPTURE(transform_frames, thread_count);
            CHECK(first_unequal(expected, {found[6]}) == "");
        }
    }
}
