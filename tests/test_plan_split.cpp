// Plans that are divided among several devices.
#include <catch2/catch.hpp>
#include <random>

#include "engine/renderer.hpp"
#include "host/plan_split.hpp"
#include "host/render.hpp"
#include "tests/wide_session.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

std::string keyed_session() {
    std::string text;
    for (const char* name : {"A", "B", "C", "D"}) {
        text += "[[track]]\nname = \"" + std::string(name) + "\"\nfile = \"a.wav\"\n";
        if (name[0] == 'D') {
            text += "[[track.insert]]\ntype = \"compressor\"\nsidechain = \"A\"\n";
        } else {
            text += "[[track.send]]\nto = \"Room\"\n";
        }
    }
    return "[session]\nsample_rate = 48000\n" + text + "[[bus]]\nname = \"Room\"\n";
}

SplitMix split(const std::string& text, const std::vector<int>& device_of, int count) {
    const Session session = parse_session(text, "session.toml", false);
    const std::vector<int> channels(session.tracks.size(), 1);
    MixPlan plan = make_plan(session, channels, {.sums_in_convolvers = false},
                             [](const std::string& line) { FAIL(line); });
    return split_mix(plan, device_of, count);
}

std::vector<int> tracks_of(const MixShare& share) {
    std::vector<int> tracks;
    for (const MixPlan::Source& source : share.plan.sources) tracks.push_back(source.track);
    return tracks;
}

/// Two rows for every track, whether it has a second channel or not.
int row_of(int track, int channel) { return 2 * track + channel; }

/// Runs the shares of a mix side by side, a chunk at a time: [output row][frame].
Signals run_split(Backend& backend, SplitMix& mix, const Signals& sources, int chunk) {
    std::vector<std::unique_ptr<Renderer>> renderers;
    std::vector<std::vector<float>> outputs;
    for (MixShare& share : mix.shares) {
        share.plan.render.shape.frame_count = chunk;
        renderers.push_back(std::make_unique<Renderer>(backend, share.plan.render, 1));
        outputs.emplace_back(share.plan.render.output_rows.size() * chunk);
    }
    const auto frames = static_cast<int>(sources.front().size());
    Signals found(mix.outputs.size());
    for (int first = 0; first < frames; first += chunk) {
        // The first share comes last: it takes what the others have made.
        for (std::size_t i = 1; i <= mix.shares.size(); ++i) {
            const std::size_t number = i % mix.shares.size();
            const MixPlan& plan = mix.shares[number].plan;
            std::vector<float> rows;
            for (const MixPlan::Source& source : plan.sources) {
                for (int c = 0; c < source.channels; ++c) {
                    const Signal& signal = sources[row_of(source.track, c)];
                    rows.insert(rows.end(), signal.begin() + first, signal.begin() + first + chunk);
                }
            }
            for (const SplitMix::Output& input : mix.inputs) {
                if (number != 0) break;
                const auto from = outputs[input.share].begin() + input.output * chunk;
                rows.insert(rows.end(), from, from + chunk);
            }
            renderers[number]->process(rows, outputs[number]);
        }
        for (std::size_t o = 0; o < mix.outputs.size(); ++o) {
            const auto from = outputs[mix.outputs[o].share].begin() + mix.outputs[o].output * chunk;
            found[o].insert(found[o].end(), from, from + chunk);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("of a bus that two devices feed, the first takes one sum of the second's") {
    const SplitMix mix = split(keyed_session(), {0, 0, 1, 1}, 2);
    REQUIRE(mix.shares.size() == 2);
    CHECK(tracks_of(mix.shares[0]) == std::vector<int>{0, 1});
    // The key is made where it is listened to.
    CHECK(tracks_of(mix.shares[1]) == std::vector<int>{0, 2, 3});
    CHECK(mix.shares[0].curves.empty());
    CHECK(mix.shares[1].curves == std::vector<int>{0});
    // Two channels into the room, two into the master: of C and D together.
    CHECK(mix.inputs.size() == 4);
    CHECK(mix.shares[0].plan.render.source_row_count == 6);
    CHECK(mix.shares[1].plan.render.output_rows.size() == 4);
    REQUIRE(mix.outputs.size() == 2);
    for (const SplitMix::Output& output : mix.outputs) CHECK(output.share == 0);
}

TEST_CASE("a device without tracks has nothing to do, and a bus with one device's tracks is made there") {
    const SplitMix mix = split(keyed_session(), {1, 1, 1, 1}, 3);
    CHECK(mix.shares[0].plan.render.output_rows.empty());
    CHECK(mix.shares[2].plan.render.output_rows.empty());
    CHECK(mix.inputs.empty());
    for (const SplitMix::Output& output : mix.outputs) CHECK(output.share == 1);
}

TEST_CASE(
    "however tracks are divided among devices, mix and stems are those of the whole plan, below -120 dB") {
    const SessionFolder folder;
    write_wide_session(folder);
    const Warn fail = [](const std::string& line) { FAIL(line); };
    const OpenedSession opened = open_session(folder.session(), fail);
    constexpr int chunk = 4096;
    const PlanOptions options{.with_stems = true, .chunk_frames = chunk, .sums_in_convolvers = false};
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    Signals sources;
    for (std::size_t t = 0; t < opened.session.tracks.size(); ++t) {
        for (std::uint32_t c = 0; c < 2; ++c) {
            sources.push_back(tutti::tests::noise(5 * chunk, static_cast<std::uint32_t>(2 * t) + c + 1));
            for (float& sample : sources.back()) sample *= 0.2F;
        }
    }
    std::mt19937 random(1);
    const auto split_by = [&](int device_count) {
        MixPlan plan = make_plan(opened.session, opened.channels, options, fail);
        std::vector<int> device_of(plan.sources.size());
        for (int& device : device_of) device = static_cast<int>(random() % device_count);
        SplitMix mix = split_mix(plan, device_of, device_count);
        return run_split(*backend, mix, sources, chunk);
    };
    const Signals expected = split_by(1);
    for (int round = 0; round < 24; ++round) {
        CAPTURE(round);
        const Difference d = difference(expected, split_by(2 + round % 3));
        CAPTURE(d.rms_db, d.peak_db);
        CHECK(d.rms_db < promised_db);
    }
}

TEST_CASE("a sum that a second device also makes, for a key, is whole on the first") {
    const std::string text =
        "[session]\nsample_rate = 48000\n"
        "[[track]]\nname = \"A\"\nfile = \"a.wav\"\noutput = \"Pair\"\n"
        "[[track]]\nname = \"B\"\nfile = \"a.wav\"\noutput = \"Pair\"\n"
        "[[track]]\nname = \"C\"\nfile = \"a.wav\"\n"
        "[[track.insert]]\ntype = \"compressor\"\nsidechain = \"Pair\"\n"
        "[[bus]]\nname = \"Pair\"\n";
    constexpr int chunk = 4096;
    Signals sources(6);
    for (int track = 0; track < 3; ++track) {
        sources[row_of(track, 0)] = tutti::tests::noise(3 * chunk, static_cast<std::uint32_t>(track) + 1);
    }
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    SplitMix whole = split(text, {0, 0, 0}, 1);
    SplitMix divided = split(text, {0, 1, 1}, 2);
    // The second device listens to both of the pair, and hands over its part of it all the same.
    CHECK(tracks_of(divided.shares[1]) == std::vector<int>{0, 1, 2});
    const Difference d =
        difference(run_split(*backend, whole, sources, chunk), run_split(*backend, divided, sources, chunk));
    CAPTURE(d.rms_db, d.peak_db);
    CHECK(d.rms_db < promised_db);
}

TEST_CASE("what the first device takes is what a row held then, though it is written again") {
    constexpr int chunk = 256;
    MixPlan plan;
    plan.render.sample_rate_hz = test_rate_hz;
    plan.render.shape = {4, chunk, control_hop};
    plan.render.source_row_count = 2;
    plan.sources = {{0, 0, 1}, {1, 1, 1}};
    plan.render.steps = {
        MixStep{{{{1, 2, 0.5F, 0, -1}}, 0}, 0},
        // A convolver's sum of two devices' rows: it is taken as it is.
        ConvolveStep{{{{1.0F}}, {{0, 0, 3}, {2, 0, 3}}}},
        MixStep{{{{2, 2, 0.25F, 0, -1}}, 0}, 0},
    };
    plan.render.output_rows = {3, 2};
    const Signals sources{impulse(chunk, 3), Signal(chunk, 0.0F), impulse(chunk, 7)};
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    SplitMix mix = split_mix(plan, std::vector<int>{0, 1}, 2);
    const Signals found = run_split(*backend, mix, sources, chunk);
    REQUIRE(found.size() == 2);
    CHECK(found[0][3] == Approx(1.0F));
    CHECK(found[0][7] == Approx(0.5F));
    CHECK(found[1][7] == Approx(0.125F));
}
