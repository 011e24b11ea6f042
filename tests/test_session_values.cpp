#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

#include "tests/session_text.hpp"

using namespace tutti;

TEST_CASE("a session file says everything there is to say about a mix") {
    const Session session = parse(R"(
[session]
name = "Démo \"1\""
sample_rate = 96000
tail_s = 2.5
tempo_bpm = 92.5
beats_per_bar = 3
pan_law_db = -4.5

[[track]]
name = "Kick / \"In\" 🥁"
file = "stems/kick.wav"
start_s = 1.5
trim_db = -2
polarity = "inverted"
gain_db = -3.0
pan = -0.25
pan_law_db = -6
mute = true
solo = true
group = "Drums"
output = "Drums"
[[track.send]]
to = "Plate"
gain_db = -12
tap = "pre"
pan = 0.5

[[track]]
name = "Vox"
file = "/stems/vox.wav"
gain_db = -inf

[[bus]]
name = "Drums"
channels = 1
[[bus]]
name = "Plate"
output = "Drums"

[master]
gain_db = 1.5
)");
    CHECK(session.path == "s.toml");
    CHECK(session.name == "Démo \"1\"");
    CHECK(session.sample_rate_hz == 96000);
    CHECK(session.tail_s == 2.5);
    CHECK(session.tempo_bpm == 92.5);
    CHECK(session.beats_per_bar == 3);
    REQUIRE(session.tracks.size() == 2);
    const Track& kick = session.tracks[0];
    CHECK(kick.name == "Kick / \"In\" 🥁");
    CHECK(kick.file == "stems/kick.wav");
    CHECK(kick.start_s == 1.5);
    CHECK(kick.trim_db == -2.0);
    CHECK(kick.invert_polarity);
    CHECK(kick.gain_db == -3.0);
    CHECK(kick.pan == -0.25);
    CHECK(kick.pan_law_db == -6.0);
    CHECK(kick.mute);
    CHECK(kick.solo);
    CHECK(kick.group == "Drums");
    CHECK(kick.output == "Drums");
    CHECK(kick.place.line == 8);
    CHECK(kick.file_place.line == 10);
    CHECK(kick.file_place.column == 8);
    REQUIRE(kick.sends.size() == 1);
    CHECK(kick.sends[0].to == "Plate");
    CHECK(kick.sends[0].gain_db == -12.0);
    CHECK(kick.sends[0].pre_fader);
    CHECK(kick.sends[0].pan == 0.5);
    CHECK(kick.sends[0].place.line == 21);
    const Track& vox = session.tracks[1];
    CHECK(vox.file == "/stems/vox.wav");
    CHECK(vox.gain_db == -std::numeric_limits<double>::infinity());
    CHECK(vox.pan_law_db == -4.5);
    CHECK(vox.output == "Master");
    REQUIRE(session.buses.size() == 2);
    CHECK(session.buses[0].channels == 1);
    CHECK(session.buses[0].pan_law_db == -4.5);
    CHECK(session.buses[1].channels == 2);
    CHECK(session.buses[1].output == "Drums");
    CHECK(session.master.name == "Master");
    CHECK(session.master.output.empty());
    CHECK(session.master.gain_db == 1.5);
    CHECK(session.master.pan_law_db == -4.5);
}

TEST_CASE("every insert reads every key it has") {
    const Session session = parse(one_track + R"(
[[track.insert]]
type = "eq"
phase = "linear"
bands = [ { shape = "bell", freq_hz = 62, gain_db = 3.5, q = 1.1 },
          { shape = "lowpass", freq_hz = 9000, slope_db_per_oct = 48 } ]
[[track.insert]]
type = "convolution"
file = "ir.wav"
predelay_ms = 12
mix = 0.25
gain_db = -6
trim_start_ms = 3
length_s = 1.5
normalize = "peak"
[[track.insert]]
type = "delay"
delay_ms = 20
[[track.insert]]
type = "gain"
gain_db = 4
polarity = "inverted"
bypass = true
[[track.insert]]
type = "compressor"
threshold_db = -20
ratio = 3
attack_ms = 1
release_ms = 50
hold_ms = 2
knee_db = 0
lookahead_ms = 4
makeup_db = 5
mix = 0.5
detector = "rms"
rms_window_ms = 25
stereo_link = false
sidechain = "B"
key_highpass_hz = 80
key_lowpass_hz = 8000
[[track.insert]]
type = "limiter"
ceiling_dbtp = -0.5
gain_db = 6
release_ms = 60
lookahead_ms = 2
stereo_link = false
[[track.insert]]
type = "gate"
threshold_db = -45
hysteresis_db = 3
range_db = 30
attack_ms = 0.5
hold_ms = 15
release_ms = 70
lookahead_ms = 1
detector = "rms"
rms_window_ms = 5
stereo_link = false
sidechain = "B"
key_highpass_hz = 90
key_lowpass_hz = 900
[[track]]
name = "B"
file = "b.wav"
)");
    const EqInsert eq{EqPhase::linear,
                      {{EqShape::bell, 62.0, 3.5, 1.1}, {EqShape::lowpass, 9000.0, 0.0, 0.7071, 48}}};
    const ConvolutionInsert convolution{"ir.wav", 12.0, 0.25, -6.0, 3.0, 1.5, IrNormalize::peak};
    const CompressorInsert compressor{
        -20.0, 3.0, 1.0, 50.0, 2.0, 0.0, 4.0, 5.0, 0.5, Detector::rms, 25.0, false, {"B", 80.0, 8000.0}};
    const LimiterInsert limiter{-0.5, 6.0, 60.0, 2.0, false};
    const GateInsert gate{
        -45.0, 3.0, 30.0, 0.5, 15.0, 70.0, 1.0, Detector::rms, 5.0, false, {"B", 90.0, 900.0}};
    const std::vector<Insert>& inserts = session.tracks[0].inserts;
    REQUIRE(inserts.size() == 7);
    CHECK(inserts[0] == Insert{eq, false, {}});
    CHECK(inserts[1] == Insert{convolution, false, {}});
    CHECK(inserts[2] == Insert{DelayInsert{20.0}, false, {}});
    CHECK(inserts[3] == Insert{GainInsert{4.0, true}, true, {}});
    CHECK(inserts[4] == Insert{compressor, false, {}});
    CHECK(inserts[5] == Insert{limiter, false, {}});
    CHECK(inserts[6] == Insert{gate, false, {}});
    CHECK(inserts[2].place.line == 19);
    CHECK(inserts[2].place.column == 1);
}

TEST_CASE("a session may be written inline, and its tables in any order") {
    const Session session = parse(
        "track = [ { name = \"A\", file = \"a.wav\", insert = [ { type = \"eq\", bands = [ "
        "{ shape = \"tilt\", freq_hz = 1e3, gain_db = 1 } ] } ] } ]\nsession.pan_law_db = 0\n");
    CHECK(session.tracks.at(0).pan_law_db == 0.0);
    CHECK(std::get<EqInsert>(session.tracks[0].inserts.at(0).processor).bands.at(0).freq_hz == 1000.0);
}

TEST_CASE("relative paths are relative to the session file, absolute ones are kept") {
    const Session session =
        parse_session(one_track + "[[track]]\nname = \"B\"\nfile = \"/x/b.wav\"\n", "mixes/s.toml", false);
    CHECK(session.tracks[0].file == "mixes/a.wav");
    CHECK(session.tracks[1].file == "/x/b.wav");
}

TEST_CASE("every value at the ends of its range is taken, and the next beyond is not") {
    struct Key {
        std::string before, name, lowest, highest, below, above;
    };
    const std::string insert = one_track + "[[track.insert]]\ntype = ";
    const std::string band = "bands = [ { shape = \"bell\", ";
    const std::vector<Key> keys{
        {one_track, "gain_db", "-144", "24", "-144.1", "24.1"},
        {one_track, "pan", "-1", "1", "-1.01", "1.01"},
        {one_track, "start_s", "0", "86400", "-0.001", "86401"},
        {one_track + "[session]\n", "sample_rate", "8000", "384000", "7999", "384001"},
        {insert + "\"compressor\"\n", "ratio", "1", "1000", "0.99", "1001"},
        {insert + "\"convolution\"\nfile = \"i.wav\"\n", "mix", "0", "1", "-0.01", "1.01"},
        {insert + "\"limiter\"\n", "ceiling_dbtp", "-60", "0", "-60.1", "0.1"},
        {insert + "\"gate\"\n", "key_highpass_hz", "10", "23999.9", "9.9", "24000"},
    };
    for (const Key& key : keys) {
        const std::string entry = key.before + key.name + " = ";
        CAPTURE(entry);
        CHECK(problems_of(entry + key.lowest) == Lines{});
        CHECK(problems_of(entry + key.highest) == Lines{});
        CHECK(problems_of(entry + key.below).size() == 1);
        CHECK(problems_of(entry + key.above).size() == 1);
        CHECK(problems_of(entry + "nan").size() == 1);
        CHECK(problems_of(entry + "inf").size() == 1);
    }
}

TEST_CASE("only faders and sends can be all the way down") {
    CHECK(problems_of(one_track + "gain_db = -inf\n[[track.send]]\nto = \"Master\"\ngain_db = -inf\n") ==
          Lines{});
    CHECK(problems_of(one_track + "trim_db = -inf\n") ==
          Lines{"s.toml:4:11: trim_db of a track: found -inf; allowed: -60 to 60 dB"});
}
