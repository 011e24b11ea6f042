#include <catch2/catch.hpp>
#include <string>

#include "benchmarks/ffmpeg_filters.hpp"
#include "benchmarks/ffmpeg_graph.hpp"
#include "engine/errors.hpp"
#include "host/session.hpp"
#include "tests/audio_files.hpp"

using namespace tutti;
using namespace tutti::bench;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

/// A mono track through a bus to the master, in a folder with the track's file.
OpenedSession session_of(const TempFolder& folder, const std::string& inserts) {
    write_audio(folder / "flute.wav", {noise(48000, 0.1, 1)}, 48000, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    const std::string text = R"([session]
sample_rate = 48000
[[track]]
name = "Flute"
file = "flute.wav"
output = "Winds"
)" + inserts + R"(
[[bus]]
name = "Winds"
gain_db = -6.020599913279624
)";
    return {parse_session(text, folder / "mix.toml", false), {1}, {48000}, 48000};
}

}  // namespace

TEST_CASE("A highpass becomes the second-order sections of a Butterworth filter of its order") {
    const auto sections = [](int slope_db_per_oct) {
        const EqBand band{EqShape::highpass, 100.0, 0.0, 1.0, slope_db_per_oct};
        return filters_of(EqInsert{EqPhase::minimum, {band}}, 48000);
    };
    // Q of the sections: 1 / (2 cos of the pole's angle to the real axis), as in every table of Butterworth
    // filters.
    CHECK(sections(6) == "highpass=f=100:p=1");
    CHECK(sections(12) == "highpass=f=100:t=q:w=0.707106781");
    CHECK(sections(18) == "highpass=f=100:t=q:w=1,highpass=f=100:p=1");
    CHECK(sections(24) == "highpass=f=100:t=q:w=0.5411961,highpass=f=100:t=q:w=1.30656296");
}

TEST_CASE("A strip's signal goes through its inserts, its fader and its bus to the master") {
    const TempFolder folder;
    const FfmpegJob job = ffmpeg_job(session_of(folder, R"(gain_db = -6.020599913279624
  [[track.insert]]
  type = "eq"
  bands = [ { shape = "bell", freq_hz = 500, gain_db = 2, q = 1.5 } ])"),
                                     48000);
    REQUIRE(job.inputs == std::vector<std::filesystem::path>{folder / "flute.wav"});
    INFO(job.graph);
    const std::size_t eq = job.graph.find("equalizer=f=500:t=q:w=1.5:g=2");
    const std::size_t fader = job.graph.find("pan=stereo|c0=0.353553391*c0|c1=0.353553391*c0");
    const std::size_t bus = job.graph.find("pan=stereo|c0=0.5*c0|c1=0.5*c1");
    const std::size_t end = job.graph.find("atrim=end_sample=48000[mix]");
    REQUIRE(end != std::string::npos);
    CHECK(eq < fader);
    CHECK(fader < bus);
    CHECK(bus < end);
}

TEST_CASE("What ffmpeg has no like of is refused by strip and line") {
    const TempFolder folder;
    const std::string tilt = R"(
  [[track.insert]]
  type = "eq"
  bands = [ { shape = "tilt", freq_hz = 500, gain_db = 2 } ])";
    CHECK_THROWS_AS(ffmpeg_job(session_of(folder, tilt), 48000), InputError);
    CHECK_THROWS_WITH(ffmpeg_job(session_of(folder, tilt), 48000),
                      Contains("mix.toml:3: ") && Contains("\"Flute\"") && Contains("a tilt EQ"));
    CHECK_THROWS_WITH(ffmpeg_job(session_of(folder, "\n  [[track.insert]]\n  type = \"gate\""), 48000),
                      Contains("a gate"));
}
