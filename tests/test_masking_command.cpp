// `tutti masking` and `tutti render --masking` as programs.
#include <catch2/catch.hpp>

#include "host/masking_report.hpp"
#include "tests/heard_scene.hpp"
#include "tests/program.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

ProgramResult masking(const SessionFolder& folder, std::vector<std::string> more) {
    std::vector<std::string> arguments{"masking", folder.session(), "--quiet", "--device", "cpu"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_tutti(arguments);
}

}  // namespace

TEST_CASE("a render takes options of an analysis with --masking only") {
    const HeardScene scene;
    const ProgramResult result = scene.try_render({"--playback-spl", "70"});
    CHECK(result.status == 2);
    CHECK(result.errors.find("--masking") != std::string::npos);
    CHECK(!std::filesystem::exists(scene.path("mix.wav")));
}

TEST_CASE("the program writes a report, replaces it when asked again, and keeps the tempo") {
    const HeardScene scene;
    scene.write_session("tempo_bpm = 96\n" + track_of("Tone") + track_of("Burst"));
    const std::string folder = scene.path("report").string();
    for (const std::string from : {"0", "0.5"}) {
        const ProgramResult result = masking(scene, {"-o", folder, "--from", from, "--suggest", "0"});
        INFO(result.errors);
        REQUIRE(result.status == 0);
        CHECK(result.output.empty());
    }
    const MaskingResults read = read_masking_report(folder);
    CHECK(read.from_s == 0.5);
    CHECK(read.tempo_bpm == 96.0);
    CHECK(read.tracks.objects.size() == 2);
    for (const std::string& name : scene.names()) CHECK(name.find("partial") == std::string::npos);
}

TEST_CASE("bad input to an analysis is one clear line, and leaves nothing") {
    HeardScene scene;
    const auto fails = [&](const std::vector<std::string>& more, const std::string& says, int status = 2) {
        const ProgramResult result = masking(scene, more);
        INFO(says << "\n" << result.errors);
        CHECK(result.status == status);
        CHECK(result.errors.find(says) != std::string::npos);
        CHECK(result.errors.find("tutti: ") == 0);
        CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
        CHECK(!std::filesystem::exists(scene.path("report")));
    };
    const std::string report = scene.path("report").string();
    fails({}, "--output");
    fails({"-o", report, "--playback-spl", "0"}, "--playback-spl");
    fails({"-o", report, "--full-scale-spl", "nan"}, "--full-scale-spl");
    fails({"-o", report, "--mix-lufs", "-20", "--full-scale-spl", "90"}, "--mix-lufs");
    fails({"-o", report, "--hop", "0"}, "--hop");
    fails({"-o", report, "--field", "bent"}, "--field");
    fails({"-o", report, "--from", "5"}, "--from");
    fails({"-o", report, "--memory", "40MiB"}, "--memory");
    fails({"-o", scene.path("none/report").string()}, "none");
    fails({"-o", scene.session().parent_path().string()}, "no part of a masking report");
    fails({"-o", scene.path("Tone.wav").string()}, "Tone.wav");

    Samples broken = tone(scene_second, 440.0, 0.1);
    broken[1234] = NAN;
    scene.add_stem("Tone.wav", {broken});
    fails({"-o", report}, "frame 1234");
    scene.write_session(track_of("Silence"));
    scene.add_stem("Silence.wav", {Samples(scene_second, 0.0)});
    fails({"-o", report}, "silent");
    scene.write_session(track_of("Tone", "mute = true"));
    fails({"-o", report, "--full-scale-spl", "90"}, "reaches the master");
}
