#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>

#include "engine/renderer.hpp"
#include "engine/threads.hpp"
#include "tests/allocation_count.hpp"
#include "tests/backends.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/signals.hpp"
#include "tests/small_session.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

Signals sources(int frame_count) { return noise_rows(small_session_source_count, frame_count, 1); }

}  // namespace

TEST_CASE("A whole plan on any backend equals the oracle's rendering") {
    on_every_backend([](Backend& backend) {
        for (const int chunk_frames : {48, 1024, 8192}) {
            const Signals in = sources(chunk_frames == 48 ? 4800 : 16000);
            const Difference error =
                difference(render(*oracle::make_backend(), small_session(chunk_frames), in),
                           render(backend, small_session(chunk_frames), in));
            CAPTURE(chunk_frames, error.rms_db, error.peak_db);
            CHECK(below_promised(error));
        }
    });
}

TEST_CASE("A rendering does not depend on the chunk size") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signals in = sources(8192);
        const Signals whole = render(backend, small_session(8192), in);
        for (const int chunk_frames : {240, 1008, 4096}) {
            const Difference change = difference(whole, render(backend, small_session(chunk_frames), in));
            CAPTURE(chunk_frames, change.rms_db, change.peak_db);
            CHECK(below_promised(change));
        }
    });
}

TEST_CASE("A rendering has the same bytes again, on one thread or many") {
    on_every_backend([](Backend& backend) {
        const Signals in = sources(8192);
        const Signals first = render(backend, small_session(1024), in);
        for (const int count : {1, 2, 5, 0}) {
            set_thread_count(count);
            CAPTURE(count);
            CHECK(first_unequal(first, render(backend, small_session(1024), in)) == "");
        }
    });
}

TEST_CASE("Two renderers take turns on one backend") {
    on_every_backend([](Backend& backend) {
        constexpr int chunk_frames = 512;
        const Signals in = sources(4 * chunk_frames);
        const Signals expected = render(backend, small_session(chunk_frames), in);
        Renderer one(backend, small_session(chunk_frames)), other(backend, small_session(chunk_frames));
        const Signal louder = noise(small_session_source_count * chunk_frames, 2);
        Signal chunk(small_session_source_count * chunk_frames), out(4 * chunk_frames),
            ignored(4 * chunk_frames);
        for (int k = 0; k < 4; ++k) {
            for (int row = 0; row < small_session_source_count; ++row) {
                std::copy_n(in[row].begin() + k * chunk_frames, chunk_frames,
                            chunk.begin() + row * chunk_frames);
            }
            one.process(chunk, out);
            other.process(louder, ignored);
            for (int row = 0; row < 4; ++row) {
                CAPTURE(k, row);
                CHECK(std::equal(out.begin() + row * chunk_frames, out.begin() + (row + 1) * chunk_frames,
                                 expected[row].begin() + k * chunk_frames));
            }
        }
    });
}

TEST_CASE("A plan without steps gives back its sources, in the order of its outputs") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        RenderPlan plan;
        plan.sample_rate_hz = 48000;
        plan.shape = {.row_count = 4, .frame_count = 64, .history_count = control_hop};
        plan.source_row_count = 4;
        plan.output_rows = {2, 3, 0, 1, 1};
        const Signals in = noise_rows(4, 200, 3);
        CHECK(first_unequal({in[2], in[3], in[0], in[1], in[1]}, render(backend, plan, in)) == "");
    });
}

TEST_CASE("A renderer reports every curve at its place and times every step") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        Renderer renderer(backend, small_session(512));
        Signal out(4 * 512);
        for (int k = 0; k < 4; ++k) renderer.process(noise(small_session_source_count * 512, 4 + k), out);
        const std::vector<GainReport> reports = renderer.gain_reports();
        REQUIRE(reports.size() == std::size(small_session_reports));
        for (std::size_t curve = 0; curve < reports.size(); ++curve) {
            CAPTURE(curve);
            CHECK(reports[curve].max_reduction_db == small_session_reports[curve]);
        }
        const std::vector<double> seconds = renderer.step_seconds();
        REQUIRE(seconds.size() == small_session(512).steps.size() + 1);
        for (const double time : seconds) CHECK(time > 0.0);
    });
}

TEST_CASE("A renderer allocates nothing while it processes") {
    on_every_backend([](Backend& backend) {
        Renderer renderer(backend, small_session(512));
        const Signal in = noise(small_session_source_count * 512, 5);
        Signal out(4 * 512);
        // A Vulkan driver compiles a shader when it first meets it, and a thread pool starts its threads.
        renderer.process(in, out);
        const AllocationCount allocations;
        for (int repeat = 0; repeat < 20; ++repeat) renderer.process(in, out);
        const long count = allocations.count();
        CHECK(count == 0);
    });
}
