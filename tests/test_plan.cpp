// A session lowered to steps.
#include <catch2/catch.hpp>

#include "engine/renderer.hpp"
#include "host/memory_budget.hpp"
#include "host/plan.hpp"
#include "host/render.hpp"
#include "host/routing.hpp"
#include "host/track_feed.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/session_folder.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

Session session_of(const std::string& text) {
    return parse_session("[session]\nsample_rate = 48000\n" + text, "test.toml", false);
}

MixPlan plan_of(const std::string& text, const std::vector<int>& channels) {
    const Session session = session_of(text);
    return make_plan(session, channels, {.chunk_frames = 1024}, [](const std::string& line) { FAIL(line); });
}

template <typename Kind>
int count_steps(const MixPlan& plan) {
    return static_cast<int>(
        std::count_if(plan.render.steps.begin(), plan.render.steps.end(),
                      [](const Step& step) { return std::holds_alternative<Kind>(step); }));
}

std::string track(const std::string& name, const std::string& more = "") {
    return "[[track]]\nname = \"" + name + "\"\nfile = \"a.wav\"\n" + more + "\n";
}

const char* const eq =
    "[[track.insert]]\ntype = \"eq\"\nbands = [ { shape = \"bell\", freq_hz = 500, gain_db = 6 } ]\n";
const char* const compressor = "[[track.insert]]\ntype = \"compressor\"\n";

}  // namespace

TEST_CASE("everything that can run together is one step, and equal kernels are one kernel") {
    const MixPlan plan =
        plan_of(track("A", eq) + track("B", eq) + track("C", std::string(eq) + eq), {1, 2, 1});
    REQUIRE(count_steps<ConvolveStep>(plan) == 1);
    const ConvolverPlan& convolver = std::get<ConvolveStep>(plan.render.steps[0]).convolver;
    // Mono tracks are summed into both sides of the master, each side of B into its own.
    CHECK(convolver.paths.size() == 6);
    // The two EQs of C are fused into one kernel of their own.
    CHECK(convolver.kernels.size() == 2);
    REQUIRE(describe_steps(plan).size() == 1);
    CHECK(describe_steps(plan)[0].find("convolve 4 rows with 2 kernels") == 0);
    CHECK(describe_steps(plan)[0].find(", summed into 2") != std::string::npos);
}

TEST_CASE("strips whose stems are wanted are made one by one") {
    const Session session = session_of(track("A", eq) + track("B", eq) + track("C", eq));
    const std::vector<int> channels{1, 2, 1};
    const MixPlan plan = make_plan(session, channels, {.with_stems = true, .chunk_frames = 1024},
                                   [](const std::string& line) { FAIL(line); });
    REQUIRE(count_steps<ConvolveStep>(plan) == 1);
    CHECK(std::get<ConvolveStep>(plan.render.steps[0]).convolver.paths.size() == 4);
    CHECK(describe_steps(plan)[0].find("summed") == std::string::npos);
}

TEST_CASE("dynamics part a chain, and those of all tracks at one place in their chains run together") {
    const MixPlan plan =
        plan_of(track("A", std::string(eq) + compressor + eq) + track("B", compressor), {1, 1});
    CHECK(count_steps<ConvolveStep>(plan) == 2);
    // A's compressor stands behind a kernel, B's at the front.
    CHECK(count_steps<MeasureStep>(plan) == 2);
    CHECK(plan.curves.size() == 2);
}

TEST_CASE("inserts that do nothing take no step and no row") {
    const MixPlan plain = plan_of(track("A"), {2});
    const MixPlan neutral = plan_of(track("A", R"(
[[track.insert]]
type = "gain"
[[track.insert]]
type = "delay"
delay_ms = 0
[[track.insert]]
type = "eq"
bypass = true
bands = [ { shape = "bell", freq_hz = 500, gain_db = 6 } ]
[[track.insert]]
type = "compressor"
bypass = true
)"),
                                    {2});
    CHECK(describe_steps(plain) == describe_steps(neutral));
    CHECK(plain.render.shape.row_count == neutral.render.shape.row_count);
}

TEST_CASE("what nobody hears is not computed, unless it is a key") {
    const std::string keyed =
        track("Keyed", "[[track.insert]]\ntype = \"compressor\"\nsidechain = \"Muted\"\n");
    CHECK(plan_of(track("A") + track("Muted", "mute = true"), {1, 1}).sources.size() == 1);
    CHECK(plan_of(keyed + track("Muted", "mute = true"), {1, 1}).sources.size() == 2);
    const std::string solo =
        track("A", "output = \"Bus\"") + track("B") + "[[bus]]\nname = \"Bus\"\nsolo = true\n";
    const MixPlan plan = plan_of(solo, {1, 1});
    REQUIRE(plan.sources.size() == 1);
    CHECK(plan.sources[0].track == 0);
}

TEST_CASE("keys and inputs are computed before what needs them") {
    const Session session =
        session_of(track("Ducked", "[[track.insert]]\ntype = \"compressor\"\nsidechain = \"Voices\"\n") +
                   track("Voice", "output = \"Voices\"") + "[[bus]]\nname = \"Voices\"\n");
    const Routing routing(session);
    const auto depth = [&](const char* name) { return routing.depth(routing.index_of(name)); };
    CHECK(depth("Voice") == 0);
    CHECK(depth("Voices") == 1);
    CHECK(depth("Ducked") == 2);
    CHECK(depth("Master") == 3);
}

TEST_CASE("a smaller budget gives smaller chunks, and one that is too small says what is needed") {
    const MixPlan plan = plan_of(track("A", eq), {2});
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    int last = 1 << 30;
    for (const int fitting : {1 << 15, 1 << 13, 1 << 11}) {
        const std::uint64_t budget = forecast_render(*backend, plan, fitting).bytes;
        const int chunk = choose_chunk_frames(*backend, plan, budget, 10'000'000);
        CHECK(chunk < last);
        CHECK(forecast_render(*backend, plan, chunk).bytes <= budget);
        last = chunk;
    }
    CHECK_THROWS_WITH(choose_chunk_frames(*backend, plan, 1000, 10'000'000),
                      Catch::Matchers::Contains("at least"));
}

TEST_CASE("files of PCM are planned to take less memory than those that need a decoder") {
    std::string text;
    for (int i = 0; i < 100; ++i) text += track("Track " + std::to_string(i));
    MixPlan plan = plan_of(text, std::vector<int>(100, 2));
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    const std::uint64_t coded = forecast_render(*backend, plan, 1024).bytes;
    std::vector<std::optional<PcmFormat>> formats(100, PcmFormat{});
    formats[7].reset();
    mark_pcm(plan, formats);
    // 176 KiB for each channel of 99 files.
    CHECK(coded - forecast_render(*backend, plan, 1024).bytes == std::uint64_t{198} * (176 << 10));
}

TEST_CASE("a whole session through the program equals the plan in double precision, below -120 dB") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(60000, 0.3, 1)});
    folder.add_stem("b.wav", {noise(50000, 0.3, 2), noise(50000, 0.2, 3)});
    folder.add_stem("ir.wav", {noise(7000, 0.05, 4), noise(7000, 0.05, 5)});
    folder.write_session(track("A", std::string(eq) + compressor + R"(
[[track.send]]
to = "Room"
[[track.insert]]
type = "eq"
phase = "linear"
bands = [ { shape = "highpass", freq_hz = 100 } ])") +
                         R"(
[[track]]
name = "B"
file = "b.wav"
pan = 0.3
[[track.insert]]
type = "gate"
threshold_db = -30
sidechain = "A"
[[bus]]
name = "Room"
[[bus.insert]]
type = "convolution"
file = "ir.wav"
[master]
[[master.insert]]
type = "limiter"
ceiling_dbtp = -6
)");
    const Warn fail = [](const std::string& line) { FAIL(line); };
    const OpenedSession opened = open_session(folder.session(), fail);
    const int chunk = 16384;
    const MixPlan plan = make_plan(opened.session, opened.channels, {.chunk_frames = chunk}, fail);
    TrackFeed feed(plan, opened.session, false, 0);
    const std::unique_ptr<Backend> backend = oracle::make_backend();
    Renderer renderer(*backend, plan.render);
    Signals expected(2);
    std::vector<float> sources(plan.render.source_row_count * chunk);
    std::vector<float> outputs(2 * chunk);
    for (int i = 0; i < 5; ++i) {
        feed.read(sources);
        renderer.process(sources, outputs);
        for (int c = 0; c < 2; ++c) {
            expected[c].insert(expected[c].end(), outputs.begin() + c * chunk,
                               outputs.begin() + (c + 1) * chunk);
        }
    }
    for (const std::string& device : device_words()) {
        INFO(device);
        const Signals found = to_signals(folder.render({"--device", device}));
        Signals cut;
        for (const Signal& row : expected) {
            const auto first = row.begin() + plan.render.latency_frames;
            cut.emplace_back(first, first + static_cast<std::ptrdiff_t>(found[0].size()));
        }
        const Difference d = difference(cut, found);
        CAPTURE(d.rms_db, d.peak_db);
        CHECK(d.rms_db < promised_db);
    }
}
