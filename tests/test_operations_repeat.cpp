#include <catch2/catch.hpp>

#include "engine/threads.hpp"
#include "tests/allocation_count.hpp"
#include "tests/backends.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

constexpr int frames = 4096;

/// Sixteen rows through kernels of many lengths into sixteen more, and a mix with delays and curves of those
/// into two; and all forty of the inputs through kernels into two sums.
struct Work {
    RowsShape shape = shape_of(76, 512, 64);
    ConvolverPlan convolver;
    ConvolverPlan sums;
    MixerPlan mixer{.routes = {}, .curve_count = 1};
    std::vector<LevelTap> taps;
    Signals inputs = noise_rows(40, frames, 1);

    Work() {
        for (int row = 0; row < 16; ++row) {
            convolver.kernels.push_back(room(1 + 97 * row, 2 + row));
            convolver.paths.push_back({row, row, 40 + row});
            convolver.paths.push_back({row, 15 - row, 40 + row});
            mixer.routes.push_back(
                {40 + row, 56, 0.1F * static_cast<float>(row), 4 * row, row % 2 == 0 ? 0 : -1});
            mixer.routes.push_back({40 + row, 57, 0.3F, 1, 0});
            taps.push_back({row, static_cast<LevelKind>(row % 3)});
        }
        sums.kernels = convolver.kernels;
        for (int row = 0; row < 40; ++row) {
            sums.paths.push_back({row, row % 16, 74, 0.1F * static_cast<float>(row)});
            sums.paths.push_back({row, (row + 1) % 16, 75});
        }
    }
};

/// All that the work makes: rows, then levels.
Signals do_work(Backend& backend, const Work& work) {
    const auto rows = backend.make_rows(work.shape);
    const auto convolver = backend.make_convolver(work.shape, work.convolver);
    const auto sums = backend.make_convolver(work.shape, work.sums);
    const auto meter = backend.make_level_meter(work.shape, work.taps);
    const auto mixer = backend.make_mixer(work.shape, work.mixer);
    Signal levels(work.taps.size() * work.shape.hop_count());
    const Signal gains = noise(work.shape.hop_count() + 1, 3);
    Signals all_levels;
    Signals made = run_chunks(*rows, work.inputs, {40, 41, 54, 55, 56, 57, 74, 75}, [&](int) {
        convolver->process(*rows);
        sums->process(*rows);
        meter->process(*rows, levels);
        mixer->process(*rows, gains);
        all_levels.push_back(levels);
    });
    made.insert(made.end(), all_levels.begin(), all_levels.end());
    return made;
}

/// Puts the thread count back to what the machine has.
struct ThreadCount {
    explicit ThreadCount(int count) { set_thread_count(count); }
    ~ThreadCount() { set_thread_count(0); }
};

}  // namespace

TEST_CASE("The same work gives the same bytes again, on one thread or many") {
    on_every_backend([](Backend& backend) {
        const Work work;
        const Signals first = do_work(backend, work);
        CHECK(first_unequal(first, do_work(backend, work)) == "");
        for (const int count : {1, 2, 5}) {
            const ThreadCount threads(count);
            CAPTURE(count);
            CHECK(first_unequal(first, do_work(backend, work)) == "");
        }
    });
}

TEST_CASE("No operation allocates memory while it works") {
    on_every_backend_without_validation([](Backend& backend) {
        const Work work;
        const auto rows = backend.make_rows(work.shape);
        const auto convolver = backend.make_convolver(work.shape, work.convolver);
        const auto sums = backend.make_convolver(work.shape, work.sums);
        const auto meter = backend.make_level_meter(work.shape, work.taps);
        const auto mixer = backend.make_mixer(work.shape, work.mixer);
        Signal levels(work.taps.size() * work.shape.hop_count());
        const Signal gains(work.shape.hop_count() + 1, 0.5F);
        Signal samples = noise(16 * work.shape.frame_count, 4);
        const auto chunk = [&] {
            rows->write(0, samples);
            convolver->process(*rows);
            sums->process(*rows);
            meter->process(*rows, levels);
            mixer->process(*rows, gains);
            rows->read(16, samples);
            rows->advance();
        };
        do_work(backend, work);  // starts the threads
        // A Vulkan driver compiles each variant of a shader when this pipeline first meets it: not ours to
        // count.
        const int unmeasured = backend.info().kind == DeviceKind::cpu ? 0 : 4;
        for (int repeat = 0; repeat < unmeasured; ++repeat) chunk();
        const AllocationCount allocations;
        for (int repeat = 0; repeat < 20; ++repeat) chunk();
        const long count = allocations.count();
        CHECK(count == 0);
    });
}

TEST_CASE("The allocation count sees an allocation") {
    const AllocationCount allocations;
    const auto memory = std::make_unique<Signal>(100);
    const long count = allocations.count();
    CHECK(memory->size() == 100);
    CHECK(count == 2);
}
