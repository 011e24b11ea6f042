// What the viewer plays.
#include <catch2/catch.hpp>

#include <fstream>

#include "host/masking_report.hpp"
#include "tests/heard_scene.hpp"
#include "tests/program.hpp"
#include "tests/viewer_report.hpp"
#include "viewer/action.hpp"
#include "viewer/sound/player.hpp"

using namespace tutti;
using namespace tutti::tests;
using namespace tutti::viewer;
using Catch::Matchers::Contains;

namespace {

/// Three sounds that are constants: the mix 0.5, the target 0.25, the masker 0.125; on the right negative.
std::shared_ptr<Tape> constants(std::int64_t first, std::int64_t count, std::int64_t written) {
    auto tape = std::make_shared<Tape>(3, 48000, first, count);
    Signals rows;
    std::vector<std::span<const float>> spans;
    for (const float level : {0.5F, 0.25F, 0.125F}) {
        rows.emplace_back(static_cast<std::size_t>(written), level);
        rows.emplace_back(static_cast<std::size_t>(written), -level);
    }
    for (const Signal& row : rows) spans.emplace_back(row);
    tape->write(spans);
    return tape;
}

std::vector<float> filled(Playback& playback, int frames) {
    std::vector<float> stereo(2 * static_cast<std::size_t>(frames), 9.0F);
    playback.fill(stereo);
    return stereo;
}

}  // namespace

TEST_CASE("what is heard of a tape changes without a jump, and both channels are kept apart") {
    Playback playback;
    playback.set_tape(constants(1000, 9000, 9000));
    playback.set_way({0, 10000, false});
    playback.set_weights({1.0F, 0.0F, 0.0F});
    CHECK(filled(playback, 100) == std::vector<float>(200, 0.0F));
    playback.play_from(1000);
    std::vector<float> heard = filled(playback, 512);
    CHECK(heard[1022] == 0.5F);
    CHECK(heard[1023] == -0.5F);
    playback.set_weights({1.0F, 0.0F, -1.0F});
    const std::vector<float> changed = filled(playback, 512);
    CHECK(changed[1022] == Approx(0.375F));
    heard.insert(heard.end(), changed.begin(), changed.end());
    playback.stop();
    const std::vector<float> ended = filled(playback, 512);
    heard.insert(heard.end(), ended.begin(), ended.end());
    CHECK(heard.back() == 0.0F);
    float jump = heard[0];
    for (std::size_t n = 2; n < heard.size(); n += 2)
        jump = std::max(jump, std::abs(heard[n] - heard[n - 2]));
    CHECK(jump < 0.003F);
}

TEST_CASE("another tape at the same place is heard without a jump") {
    Playback playback;
    auto other = std::make_shared<Tape>(1, 48000, 0, 9000);
    const Signal silence(9000, 0.0F);
    other->write(std::vector<std::span<const float>>{silence, silence});
    playback.set_tape(constants(0, 9000, 9000));
    playback.set_way({0, 9000, false});
    playback.set_weights({1.0F, 0.0F, 0.0F});
    playback.play_from(0);
    std::vector<float> heard = filled(playback, 512);
    CHECK(heard[1022] == 0.5F);
    playback.set_tape(other);
    const std::vector<float> changed = filled(playback, 512);
    CHECK(changed[1022] == 0.0F);
    CHECK(changed[0] == Approx(0.5F).margin(0.003));
    heard.insert(heard.end(), changed.begin(), changed.end());
    float jump = heard[0];
    for (std::size_t n = 2; n < heard.size(); n += 2)
        jump = std::max(jump, std::abs(heard[n] - heard[n - 2]));
    CHECK(jump < 0.003F);
}

TEST_CASE("playing ends at the end, or begins anew, and waits for what is not there yet") {
    Playback playback;
    playback.set_weights({0.0F, 1.0F, 0.0F});
    playback.set_tape(constants(0, 4000, 2000));
    SECTION("the end") {
        playback.set_way({0, 1500, false});
        playback.play_from(1000);
        const std::vector<float> heard = filled(playback, 1000);
        CHECK(heard[998] == 0.25F);
        CHECK(heard[1002] == 0.0F);
        CHECK_FALSE(playback.status().is_playing);
        CHECK(playback.status().frame == 1500);
    }
    SECTION("a loop") {
        playback.set_way({1000, 1500, true});
        playback.play_from(1000);
        filled(playback, 1250);
        CHECK(playback.status().is_playing);
        CHECK(playback.status().frame == 1250);
    }
    SECTION("a tape that is still being written") {
        playback.set_way({0, 4000, false});
        playback.play_from(1500);
        filled(playback, 1000);
        CHECK(playback.status().waits);
        CHECK(playback.status().frame == 2000);
    }
}

TEST_CASE("more than full scale is cut, and said") {
    Playback playback;
    playback.set_tape(constants(0, 2000, 2000));
    playback.set_way({0, 2000, false});
    playback.set_weights({4.0F, 0.0F, 0.0F});
    playback.play_from(0);
    CHECK(filled(playback, 1000)[1998] == 1.0F);
    CHECK(playback.status().is_over);
}

TEST_CASE("a tape longer than may be held ends where it has to") {
    const Tape tape(3, 48000, 0, std::int64_t{1} << 40);
    CHECK(tape.end() * 3 * 8 <= tape_limit_bytes);
}

TEST_CASE("what is heard follows what is selected, and asks for what it needs") {
    State state;
    show_report(state, small_report());
    perform(state, {"select", "Lead Vox", "Pad 1"});
    const auto weights = [&](const char* sound) {
        perform(state, {"hear", sound});
        return sound_weights(state, 1.0F);
    };
    CHECK(weights("mix") == SoundWeights{1.0F, 0.0F, 0.0F});
    CHECK(weights("target") == SoundWeights{0.0F, 1.0F, 0.0F});
    CHECK(weights("pair") == SoundWeights{0.0F, 1.0F, 1.0F});
    CHECK(weights("difference") == SoundWeights{1.0F, 0.0F, -1.0F});
    perform(state, {"select", "Lead Vox"});
    CHECK(sound_weights(state, 1.0F) == SoundWeights{1.0F, 0.0F, 0.0F});
    CHECK_THROWS_WITH(perform(state, {"play", "pair"}), Contains("needs a masker"));
    perform(state, {"select", "-"});
    CHECK_THROWS_WITH(perform(state, {"play", "target"}), Contains("needs a target"));
    State empty;
    CHECK_THROWS_WITH(perform(empty, {"play"}), Contains("no report"));
}

TEST_CASE("loud mixes are played softer, others as they are") {
    MaskingCalibration calibration;
    CHECK(listening_gain(calibration) == 1.0F);
    calibration.mix_lufs = -30.0;
    CHECK(listening_gain(calibration) == 1.0F);
    calibration.mix_lufs = -12.0;
    CHECK(listening_gain(calibration) == Approx(0.501).margin(0.001));
}

namespace {

/// A session that was analysed, and scripts on its report.
struct Played {
    HeardScene scene;

    Played() {
        const ProgramResult made = run_tutti({"masking", scene.session(), "-o", scene.path("report"),
                                              "--quiet", "--device", "cpu", "--full-scale-spl", "100"});
        REQUIRE(made.status == 0);
    }

    std::string output(const std::string& script, std::vector<std::string> more = {}) const {
        std::ofstream(scene.path("script")) << script;
        std::vector<std::string> arguments{scene.path("report"), "--offscreen", "--script",
                                           scene.path("script"), "--validate"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const ProgramResult result = run_tutti_viewer(arguments);
        CHECK(result.errors == "");
        CHECK(result.status == 0);
        return result.output;
    }
};

}  // namespace

TEST_CASE("a script plays from the cursor as time passes, and hears what it asked for", "[vulkan]") {
    const Played played;
    // A sine of amplitude 0.01 in the middle: -43.0 dB, 3.0 dB less by the pan law.
    const std::string output = played.output(
        "select Tone Burst\ncursor 0.5 1000\nplay target\nframes 10\nprint\nstop\nprint\n"
        "region 1.7 1.8 500 2000\nloop on\nplay mix\nframes 5\nprint\nloop off\nframes 20\nprint\n");
    CHECK_THAT(output, Contains("playing: on\nsound: target\n") && Contains("level: -46.0 dB\n"));
    // The first of the frames, 1/60 s each, are drawn after the line itself.
    CHECK_THAT(output,
               Contains("playhead: 0.700 s") && Contains("playing: off") && Contains("playhead: none"));
    CHECK_THAT(output, Contains("loop: on\nplayhead: 1.717 s\n") && !Contains("not played"));
    CHECK_THAT(output.substr(output.rfind("report: ")), Contains("playing: off\n"));
}

TEST_CASE("sound that cannot be had is told, with what to do about it", "[vulkan]") {
    const Played played;
    SECTION("stems are missing") {
        std::filesystem::remove(played.scene.path("Tone.wav"));
        std::filesystem::remove(played.scene.path("Hum.wav"));
        const std::string output = played.output("play\nprint\ntrouble on\nframes 2\nprint\n");
        CHECK_THAT(output, Contains("playing: off") && Contains("not played: ") && Contains("Tone.wav") &&
                               Contains("Hum.wav") && Contains("trouble: on"));
    }
    SECTION("the session has moved, and is shown where to") {
        const std::filesystem::path moved = played.scene.path("elsewhere.toml");
        std::filesystem::rename(played.scene.session(), moved);
        const std::string output =
            played.output("play\nprint\ndrop " + moved.string() + "\nplay\nframes 3\nprint\n");
        CHECK_THAT(output, Contains("session.toml: cannot be read") && Contains("playing: on"));
        const std::string told = played.output("play\nframes 3\nprint\n", {"--session", moved});
        CHECK_THAT(told, Contains("playing: on") && !Contains("not played"));
    }
    SECTION("the session has other tracks now") {
        played.scene.write_session(track_of("Burst"));
        CHECK_THAT(played.output("select Tone\nplay\nprint\n"), Contains("no \"Tone\" any more"));
    }
}

TEST_CASE("what is tried is heard, and before and after are heard in turn", "[vulkan]") {
    const Played played;
    const auto levels = [&](const std::string& script) {
        const std::string output = played.output("select Tone Burst\ncursor 0.5 1000\n" + script);
        std::vector<std::string> found;
        for (std::size_t at = 0; (at = output.find("\nlevel: ", at)) != std::string::npos; ++at)
            found.push_back(
                output.substr(at + 8, output.find(" dB", at) - at - 8) +
                (output.find("heard with the changes", at) < output.find("splits:", at) ? " changed" : ""));
        return found;
    };
    using Levels = std::vector<std::string>;
    // A sine at -46 dB; a bell at its frequency and a fader.
    CHECK(
        levels("play target\nframes 6\nprint\nbell Tone 1000 -6 1\nframes 6\nprint\nbefore\nframes 6\nprint\n"
               "after\nframes 6\nprint\nundo\nframes 6\nprint\n") ==
        Levels{"-46.0", "-52.0 changed", "-46.0", "-52.0 changed", "-46.0"});
    CHECK(levels("gain Tone 3\nplay target\nframes 6\nprint\nwhat-if off\nframes 6\nprint\n") ==
          Levels{"-43.0 changed", "-46.0"});
    // Hard to one side, the pan law's 3 dB come back, and the other side has nothing.
    CHECK(levels("pan Tone 1\nplay target\nframes 6\nprint\n") == Levels{"-46.0 changed"});
    // While it is dragged, what was heard before goes on.
    CHECK(levels("gain Tone 3\nplay target\nbegin-drag\ngain Tone -3\nframes 6\nprint\nend-drag\nframes "
                 "6\nprint\n") == Levels{"-43.0 changed", "-49.0 changed"});
}
