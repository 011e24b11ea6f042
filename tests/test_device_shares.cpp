// Who of several devices does how much, and the threads they do it on.
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "engine/threads.hpp"
#include "host/device_shares.hpp"
#include "tests/session_folder.hpp"

using namespace tutti;
using namespace tutti::tests;

TEST_CASE("devices that are alike share equal tracks equally, in their order") {
    const DeviceWork work{std::vector<double>(12, 1.0), 0.0};
    const std::vector<DeviceWork> three(3, work);
    CHECK(share_out(three) == std::vector<int>{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2});
}

TEST_CASE("the first device has less of the tracks for what it alone does, and a slow one has less") {
    const DeviceWork busy{std::vector<double>(8, 1.0), 4.0};
    CHECK(share_out(std::vector<DeviceWork>{busy, busy}) == std::vector<int>{0, 0, 1, 1, 1, 1, 1, 1});
    const DeviceWork fast{std::vector<double>(8, 1.0), 0.0};
    const DeviceWork slow{std::vector<double>(8, 3.0), 0.0};
    CHECK(share_out(std::vector<DeviceWork>{fast, slow}) == std::vector<int>{0, 0, 0, 0, 0, 0, 1, 1});
    CHECK(share_out(std::vector<DeviceWork>{slow, fast}) == std::vector<int>{0, 0, 1, 1, 1, 1, 1, 1});
    const DeviceWork hopeless{std::vector<double>(8, 100.0), 0.0};
    CHECK(share_out(std::vector<DeviceWork>{fast, hopeless}) == std::vector<int>(8, 0));
    CHECK(share_out(std::vector<DeviceWork>{{{}, 1.0}, {{}, 1.0}}).empty());
}

TEST_CASE("what a track takes is predicted from its kernels and rows, and the same for any chunk") {
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    const Session session = parse_session(
        "[session]\nsample_rate = 48000\n[[track]]\nname = \"A\"\nfile = \"a.wav\"\n[[track]]\nname = "
        "\"B\"\nfile = \"b.wav\"\n[[track.insert]]\ntype = \"eq\"\nbands = [ { shape = \"bell\", freq_hz = "
        "900 "
        ", gain_db = 3 } ]\n",
        "session.toml", false);
    const auto plan_of = [&](const std::vector<int>& channels, int chunk) {
        PlanOptions options;
        options.chunk_frames = chunk;
        options.sums_in_convolvers = false;
        return make_plan(session, channels, options, [](const std::string&) {});
    };
    const auto work_of = [&](const std::vector<int>& channels, int chunk) {
        return predict_work(*backend, plan_of(channels, chunk));
    };
    const DeviceWork mono = work_of({1, 1}, 1024);
    REQUIRE(mono.sources.size() == 2);
    CHECK(mono.sources[0] > 0.0);
    // The one with an equalizer takes its convolution more, of which every core does a part.
    const MixPlan plan = plan_of({1, 1}, 65536);
    double convolver_s = 0.0;
    for (const Step& step : plan.render.steps) {
        const auto* const convolve = std::get_if<ConvolveStep>(&step);
        if (convolve != nullptr)
            convolver_s += backend->forecast_convolver(plan.render.shape, convolve->convolver).seconds;
    }
    CHECK(convolver_s > 0.0);
    const double core_count = static_cast<double>(sysconf(_SC_NPROCESSORS_CONF));
    CHECK(mono.sources[1] == Approx(mono.sources[0] + convolver_s / core_count));
    CHECK(work_of({2, 1}, 1024).sources[0] > mono.sources[0]);
    CHECK(work_of({1, 1}, 65536).sources == mono.sources);
}

TEST_CASE(
    "a side thread works beside its caller, also where there is one thread, and throws what its work "
    "throws") {
    set_thread_count(1);
    std::atomic<int> sum = 0;
    {
        SideThread first("first", [&] { parallel_for(100, [&](int i) { sum += i; }); });
        SideThread second("second", [&] { parallel_for(100, [&](int i) { sum += i; }); });
        // Inside a loop of the only thread, which waits for them.
        parallel_for(1, [&](int /*i*/) {
            for (int run = 0; run < 3; ++run) {
                first.start();
                second.start();
                first.finish();
                second.finish();
            }
        });
    }
    set_thread_count(0);
    CHECK(sum == 3 * 2 * 4950);

    // Each waits until the other has begun.
    std::atomic<int> begun = 0;
    const auto meet = [&] {
        for (++begun; begun < 2;) std::this_thread::yield();
    };
    SideThread one("one", meet);
    SideThread other("other", meet);
    one.start();
    other.start();
    one.finish();
    other.finish();

    int runs = 0;
    SideThread failing("failing", [&] {
        if (++runs == 1) throw std::runtime_error("the first");
    });
    failing.start();
    CHECK_THROWS_WITH(failing.finish(), "the first");
    failing.start();
    failing.finish();
    CHECK(runs == 2);
}

TEST_CASE("a branch that takes from one device alone is made there, and the mix on the first") {
    const auto one = make_cpu_backend();
    const auto two = make_cpu_backend();
    const std::vector<Backend*> devices{one.get(), two.get()};
    std::vector<Branch> branches(8);
    for (int track = 0; track < 4; ++track) {
        branches[track].plan.sources = {{track, 0, 1}};
        branches[track].plan.render.source_row_count = 1;
        branches[track].plan.render.shape = {1, 1024, 16};
    }
    branches[4].inputs = {{0, 0}, {1, 0}};
    branches[5].inputs = {{2, 0}, {3, 0}};
    branches[6].inputs = {{1, 0}, {5, 0}};  // of both
    branches[7].inputs = {{5, 0}};          // the mix
    CHECK(share_branches(devices, branches) == std::vector<int>{0, 0, 1, 1, 0, 1, 0, 0});
}
