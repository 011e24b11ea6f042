#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "benchmarks/ardour_plugins.hpp"
#include "benchmarks/ardour_project.hpp"
#include "benchmarks/ardour_responses.hpp"
#include "benchmarks/ardour_session.hpp"
#include "engine/errors.hpp"
#include "host/session.hpp"
#include "tests/audio_files.hpp"

using namespace tutti;
using namespace tutti::bench;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

OpenedSession session_of(const TempFolder& folder, const std::string& inserts, int channels = 2) {
    const Channels stem(static_cast<std::size_t>(channels), noise(4800, 0.1, 1));
    write_audio(folder / "flute.wav", stem, 48000, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    const std::string text = R"([session]
sample_rate = 48000
[[track]]
name = "Flute"
file = "flute.wav"
output = "Winds"
trim_db = -6.020599913279624
)" + inserts + R"(
[[bus]]
name = "Winds"
)";
    return {parse_session(text, folder / "mix.toml", false), {channels}, {4800}, 4800};
}

/// The parts of a session file that matter here, as Ardour 7.3 writes them.
constexpr const char* project = R"xml(<Session>
  <Sources/>
  <Regions/>
  <Locations/>
  <Routes>
    <Route version="7002" id="161" name="track 1" default-type="audio">
      <Processor id="5" name="ACE Compressor (stereo)" active="1" type="lv2" unique-id="urn:ardour:a-comp#stereo" count="1">
      </Processor>
      <Processor id="6" name="ACE EQ" active="1" type="lv2" unique-id="urn:ardour:a-eq" count="2">
      </Processor>
      <PannerShell bypassed="0" user-panner="" linked-to-route="1"/>
    </Route>
  </Routes>
  <Playlists>
    <Playlist id="223" name="T 1" type="audio" orig-track-id="161" frozen="0" combine-ops="0"/>
  </Playlists>
</Session>
)xml";

}  // namespace

TEST_CASE("A strip of an Ardour session has its plug-ins, trim, output and sends in the script") {
    const TempFolder folder;
    const std::string script = ardour_script(session_of(folder, R"(  [[track.insert]]
  type = "eq"
  bands = [ { shape = "low_shelf", freq_hz = 90, gain_db = 2 },
            { shape = "bell", freq_hz = 500, gain_db = -3, q = 1.2 } ]
  [[track.insert]]
  type = "compressor"
  threshold_db = -24
  [[track.send]]
  to = "Winds"
  gain_db = -6.020599913279624)"),
                                             folder.path());
    INFO(script);
    const std::size_t eq = script.find(
        R"lua(plugin(strips["track 1"], 0, "urn:ardour:a-eq", "", {[0] = 90, [1] = 2, [2] = 500, [3] = -3, )lua");
    const std::size_t compressor =
        script.find(R"lua(plugin(strips["track 1"], 1, "urn:ardour:a-comp#stereo")lua");
    CHECK(eq < compressor);
    CHECK(compressor != std::string::npos);
    CHECK_THAT(script, Contains(R"lua(strip(strips["track 1"], 0.5, 1, 0.5, strips["bus 1"]))lua"));
    CHECK_THAT(script, Contains(R"lua(strip(strips["bus 1"], 1, 1, 0.5, master))lua"));
    CHECK_THAT(script, Contains(R"lua(send(strips["track 1"], 0, strips["bus 1"], 0.5))lua"));
}

TEST_CASE("What Ardour has no like of is refused by strip and line") {
    const TempFolder folder;
    const auto script = [&](const std::string& insert, int channels = 2) {
        return ardour_script(session_of(folder, "  [[track.insert]]\n  " + insert, channels), folder.path());
    };
    CHECK_THROWS_WITH(script("type = \"gate\""),
                      Contains("mix.toml:3: ") && Contains("\"Flute\"") && Contains("a gate"));
    CHECK_THROWS_WITH(script("type = \"eq\"\n  bands = [ { shape = \"highpass\", freq_hz = 30 } ]"),
                      Contains("neither bell nor shelf"));
    CHECK_THROWS_WITH(script("type = \"compressor\"", 1), Contains("a mono stem"));
}

TEST_CASE("The bells of ACE EQ get the bandwidth that has the Q") {
    for (const double q : {0.5, 0.7, 1.0, 1.5, 4.0}) {
        const double bandwidth = ace_eq_bandwidth(q);
        CHECK(std::exp2(1.0 / bandwidth) / (std::exp2(bandwidth) - 1.0) == Approx(q));
    }
}

TEST_CASE("Ardour's balance turns the far side down as far as ours") {
    CHECK(ardour_balance(0.0) == Approx(0.5));
    CHECK(ardour_balance(-1.0) == Approx(0.0).margin(1e-12));
    CHECK(ardour_balance(1.0) == Approx(1.0));
    // The left side of a balance to the right is 2 (1 - position).
    CHECK(2.0 * (1.0 - ardour_balance(0.4)) == Approx(std::cos(0.4 * std::acos(0.0))));
}

TEST_CASE("A stem becomes a region of its track, with both channels, from the session's start") {
    const std::string text = with_regions(project, {{"track 1", "stem1.wav", 100}}, 150, 48000);
    INFO(text);
    const std::size_t playlist = text.find("<Playlist id=\"223\"");
    const std::size_t region = text.find("<Region name=\"track 1\"", playlist);
    CHECK(playlist < region);
    CHECK(region < text.find("</Playlist>"));
    CHECK_THAT(text, Contains("length=\"a588000@a0\""));  // 100 frames of 282240000 / 48000 ticks
    CHECK_THAT(text, Contains("end=\"a882000\""));
    CHECK_THAT(text, Contains("name=\"stem1.wav\"") && Contains("channel=\"1\""));
    CHECK_THAT(text, Contains("panner_balance"));
    CHECK_THROWS_WITH(with_regions(project, {{"track 2", "stem2.wav", 100}}, 150, 48000),
                      Contains("track 2"));
    CHECK_THROWS_WITH(with_regions("<Session/>", {}, 150, 48000), Contains("<Sources/>"));
}

TEST_CASE("Plug-ins are switched off by their kind") {
    const std::string text = without_plugins(project, {"urn:ardour:a-comp#stereo"});
    CHECK_THAT(text, Contains(R"xml(name="ACE Compressor (stereo)" active="0")xml"));
    CHECK_THAT(text, Contains(R"(name="ACE EQ" active="1")"));
}

TEST_CASE("A response for Ardour's convolver has the dry part, the gain and the pre-delay in it") {
    const TempFolder folder;
    write_audio(folder / "ir.wav", {{0.5, 0.25}}, 48000, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
    ConvolutionInsert convolution;
    convolution.file = folder / "ir.wav";
    convolution.mix = 0.25;
    convolution.predelay_ms = 1.0;
    Session session;
    session.master.inserts = {{convolution, false, {}}};
    write_ardour_presets(session, folder / "presets.lv2");
    const std::string preset = ardour_preset(convolution);
    CHECK_THAT(read_bytes(folder / "presets.lv2" / "manifest.ttl"),
               Contains("rdfs:label \"" + preset + "\""));
    const Channels made = read_audio(folder / "presets.lv2" / (preset + ".wav"));
    REQUIRE(made.size() == 2);
    REQUIRE(made[1].size() == 50);
    CHECK(made[1][0] == Approx(0.75));
    CHECK(made[1][48] == Approx(0.125));
    CHECK(made[1][49] == Approx(0.0625));
    convolution.file = folder / "other.wav";
    CHECK(ardour_preset(convolution) != preset);
}
