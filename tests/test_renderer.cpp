#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <memory>
#include <span>
#include <vector>

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

/// The gain at the end of a hop is the hop's level; at rest it is zero.
class LevelAsGain : public GainShape {
  public:
    explicit LevelAsGain(int count) : count_(count) {}
    int tap_count() const override { return count_; }
    int curve_count() const override { return count_; }
    Taps taps_of(int curve) const override { return {curve, 1}; }
    std::shared_ptr<const GainShape> part(std::span<const int> curves) const override {
        return std::make_shared<LevelAsGain>(static_cast<int>(curves.size()));
    }
    std::unique_ptr<GainShaper> start(int hop_count) const override {
        return std::make_unique<Running>(count_, hop_count);
    }

  private:
    class Running : public GainShaper {
      public:
        Running(int count, int hop_count) : hop_count_(hop_count), last_(count, 0.0F) {}
        void process(std::span<const float> levels, std::span<float> gains) override {
            for (std::size_t curve = 0; curve < last_.size(); ++curve) {
                float* const out = gains.data() + curve * (hop_count_ + 1);
                out[0] = last_[curve];
                std::copy_n(levels.data() + curve * hop_count_, hop_count_, out + 1);
                last_[curve] = out[hop_count_];
            }
        }
        std::vector<GainReport> reports() const override { return std::vector<GainReport>(last_.size()); }

      private:
        int hop_count_;
        std::vector<float> last_;
    };

    int count_;
};

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

TEST_CASE("A rendering has the same bytes with one chunk under way as with two") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Signals in = sources(8192);
        for (const int chunk_frames : {64, 240, 1024, 8192}) {
            CAPTURE(chunk_frames);
            CHECK(first_unequal(render(backend, small_session(chunk_frames), in, 1),
                                render(backend, small_session(chunk_frames), in, 2)) == "");
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
        for (int k = 0; k < 4 + one.late_chunks(); ++k) {
            for (int row = 0; k < 4 && row < small_session_source_count; ++row) {
                std::copy_n(in[row].begin() + k * chunk_frames, chunk_frames,
                            chunk.begin() + row * chunk_frames);
            }
            k < 4 ? one.process(chunk, out) : one.finish(out);
            other.process(louder, ignored);
            const int found = k - one.late_chunks();
            for (int row = 0; found >= 0 && row < 4; ++row) {
                CAPTURE(found, row);
                CHECK(std::equal(out.begin() + row * chunk_frames, out.begin() + (row + 1) * chunk_frames,
                                 expected[row].begin() + found * chunk_frames));
            }
        }
    });
}

TEST_CASE("Steps find their levels and curves where the plan puts them") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        RenderPlan plan;
        plan.sample_rate_hz = 48000;
        plan.shape = {.row_count = 9, .frame_count = 64, .history_count = control_hop};
        plan.source_row_count = 5;
        plan.level_count = 4;
        plan.curve_count = 4;
        plan.steps = {
            MeasureStep{{{0, LevelKind::peak}, {1, LevelKind::peak}}, 2},
            MeasureStep{{{2, LevelKind::peak}, {3, LevelKind::mean_square}}, 0},
            ShapeStep{std::make_shared<LevelAsGain>(1), 3, 0},  // row 1
            ShapeStep{std::make_shared<LevelAsGain>(3), 0, 1},  // rows 2, 3, 0
            MixStep{{.routes = {{4, 5, 1.0F, 0, 1}, {4, 6, 1.0F, 0, 0}}, .curve_count = 2},
                    2},  // by rows 0, 3
            MixStep{{.routes = {{4, 7, 1.0F, 0, 0}, {4, 8, 2.0F, 0, 1}}, .curve_count = 2},
                    0},  // by rows 1, 2
        };
        plan.output_rows = {5, 6, 7, 8};
        // Small powers of two: every product is exact. The first hop comes up from rest.
        const Signals in{Signal(192, -2.0F), Signal(192, 4.0F), Signal(192, 8.0F), Signal(192, 0.5F),
                         Signal(192, 1.0F)};
        Signals expected;
        for (const float gain : {2.0F, 0.25F, 4.0F, 16.0F}) {
            expected.emplace_back(192, gain);
            for (int n = 0; n < control_hop; ++n)
                expected.back()[n] = gain * static_cast<float>(n) / control_hop;
        }
        CHECK(first_unequal(expected, render(backend, plan, in)) == "");
    });
}

TEST_CASE("A chunk's levels shape that very chunk, and the chunk before is its past") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        RenderPlan plan;
        plan.sample_rate_hz = 48000;
        plan.shape = {.row_count = 3, .frame_count = 32, .history_count = 48};
        plan.source_row_count = 1;
        plan.level_count = 1;
        plan.curve_count = 1;
        plan.steps = {
            MeasureStep{{{0, LevelKind::peak}}, 0},
            ShapeStep{std::make_shared<LevelAsGain>(1), 0, 0},
            MixStep{{.routes = {{0, 1, 1.0F, 0, 0}}, .curve_count = 1}, 0},
            MixStep{{.routes = {{0, 2, 1.0F, 48, -1}}, .curve_count = 0}, 0},
        };
        plan.output_rows = {1, 2};
        Signal in(160, 0.0F);
        for (int n = 0; n < 160; ++n) in[n] = static_cast<float>(1 << (n / control_hop));
        Signal shaped(160);
        for (int n = 0; n < 160; ++n) {
            const float before = n < control_hop ? 0.0F : in[n - control_hop];
            shaped[n] =
                in[n] * (before + (in[n] - before) * static_cast<float>(n % control_hop) / control_hop);
        }
        CHECK(first_unequal({shaped, delayed(in, 48)}, render(backend, plan, {in})) == "");
    });
}

TEST_CASE("A plan without steps gives back its sources, in the order of its outputs") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        RenderPlan plan;
        plan.sample_rate_hz = 48000;
        plan.shape = {.row_count = 4, .frame_count = 64, .history_count = control_hop};
        plan.source_row_count = 4;
        plan.output_rows = {2, 3, 0, 1, 1, 3};
        const Signals in = noise_rows(4, 200, 3);
        CHECK(first_unequal({in[2], in[3], in[0], in[1], in[1], in[3]}, render(backend, plan, in)) == "");
    });
}

TEST_CASE("A renderer reports every curve at its place and times every step") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        Renderer renderer(backend, small_session(512));
        Signal out(4 * 512);
        for (int k = 0; k < 4; ++k) renderer.process(noise(small_session_source_count * 512, 4 + k), out);
        renderer.finish(out);
        const std::vector<GainReport> reports = renderer.gain_reports();
        REQUIRE(reports.size() == std::size(small_session_reports));
        for (std::size_t curve = 0; curve < reports.size(); ++curve) {
            CAPTURE(curve);
            CHECK(reports[curve].max_reduction_db == small_session_reports[curve]);
        }
        const std::vector<double> seconds = renderer.step_seconds();
        REQUIRE(seconds.size() == small_session(512).steps.size() + 2);
        for (const double time : seconds) CHECK(time > 0.0);
    });
}

TEST_CASE("A renderer allocates nothing while it processes") {
    on_every_backend_without_validation([](Backend& backend) {
        Renderer renderer(backend, small_session(512));
        const Signal in = noise(small_session_source_count * 512, 5);
        Signal out(4 * 512);
        render(backend, small_session(512), sources(512));  // starts the threads
        // A Vulkan driver compiles each variant of a shader when this pipeline first meets it: not ours to
        // count.
        const int unmeasured = backend.info().kind == DeviceKind::cpu ? 0 : 4;
        for (int repeat = 0; repeat < unmeasured; ++repeat) renderer.process(in, out);
        const AllocationCount allocations;
        for (int repeat = 0; repeat < 20; ++repeat) renderer.process(in, out);
        const long count = allocations.count();
        CHECK(count == 0);
    });
}
