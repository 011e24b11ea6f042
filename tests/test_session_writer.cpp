#include <catch2/catch.hpp>

#include <filesystem>
#include <limits>

#include "host/session_writer.hpp"
#include "tests/session_text.hpp"

using namespace tutti;

TEST_CASE("a session is written as a person would write it") {
    Session session;
    session.name = "Demo";
    Track kick;
    kick.name = "Kick \"In\"";
    kick.file = "mixes/stems/kick.wav";
    kick.gain_db = -3.0;
    kick.pan = -0.2;
    kick.output = "Drums";
    kick.inserts.push_back(
        {EqInsert{EqPhase::minimum, {{EqShape::highpass, 30.0}, {EqShape::bell, 62.0, 3.5, 1.1}}},
         false,
         {}});
    CompressorInsert compressor;
    compressor.ratio = 8.0;
    kick.inserts.push_back({compressor, true, {}});
    kick.sends.push_back({"Drums", -12.0, true, 0.0, {}});
    Bus drums;
    drums.name = "Drums";
    drums.gain_db = -std::numeric_limits<double>::infinity();
    session.tracks.push_back(kick);
    session.buses.push_back(drums);
    session.master.inserts.push_back({LimiterInsert{}, false, {}});

    CHECK(write_session(session, "mixes", {"Made by hand.\nTwice.", {{"Drums", "all of them"}}}) ==
          R"(# Made by hand.
# Twice.

[session]
name = "Demo"
sample_rate = 48000

[[track]]
name = "Kick \"In\""
file = "stems/kick.wav"
gain_db = -3.0
pan = -0.2
output = "Drums"

  [[track.insert]]
  type = "eq"
  bands = [ { shape = "highpass", freq_hz = 30 },
            { shape = "bell", freq_hz = 62, gain_db = 3.5, q = 1.1 } ]

  [[track.insert]]
  type = "compressor"
  bypass = true
  ratio = 8

  [[track.send]]
  to = "Drums"
  gain_db = -12.0
  tap = "pre"

# all of them
[[bus]]
name = "Drums"
gain_db = -inf

[master]

  [[master.insert]]
  type = "limiter"
)");
}

namespace {

/// Every field of the session at a value that is not its default.
Session whole_session() {
    Session session;
    session.path = "/mix/s.toml";
    session.name = "ü \"quoted\" \\ back";
    session.sample_rate_hz = 96000;
    session.pan_law_db = -6.0;
    session.tail_s = 1.0 / 3.0;
    session.tempo_bpm = 127.3;
    session.beats_per_bar = 7;
    Track track;
    track.name = "T/1 🥁";
    track.file = "/mix/stems/t 1.wav";
    track.start_s = 0.1;
    track.trim_db = -0.30000000000000004;
    track.invert_polarity = true;
    track.gain_db = -std::numeric_limits<double>::infinity();
    track.pan = 1e-9;
    track.pan_law_db = -4.5;
    track.mute = true;
    track.solo = true;
    track.group = "G";
    track.output = "B";
    EqInsert eq{EqPhase::linear, {}};
    for (const EqShape shape :
         {EqShape::bell, EqShape::low_shelf, EqShape::high_shelf, EqShape::notch, EqShape::bandpass}) {
        const bool has_gain = shape != EqShape::notch && shape != EqShape::bandpass;
        eq.bands.push_back({shape, 123.456, has_gain ? -7.5 : 0.0, 3.25});
    }
    eq.bands.push_back({EqShape::tilt, 650.0, 2.0});
    eq.bands.push_back({EqShape::highpass, 20.5, 0.0, 0.7071, 24});
    eq.bands.push_back({EqShape::lowpass, 47999.0, 0.0, 0.7071, 6});
    const Key key{"Other", 10.0, 47000.0};
    track.inserts = {
        {eq, true, {}},
        {ConvolutionInsert{"/elsewhere/ir.wav", 1.0, 0.5, -6.0, 2.0, 3.0, IrNormalize::energy}, false, {}},
        {DelayInsert{12.5}, false, {}},
        {GainInsert{-1.5, true}, false, {}},
        {CompressorInsert{-20.0, 3.0, 1.0, 50.0, 2.0, 0.0, 4.0, 5.0, 0.5, Detector::rms, 25.0, false, key},
         false,
         {}},
        {LimiterInsert{-0.5, 6.0, 60.0, 2.0, false}, false, {}},
        {GateInsert{-45.0, 3.0, 30.0, 0.5, 15.0, 70.0, 1.0, Detector::rms, 5.0, false, key}, false, {}}};
    track.sends = {{"B", -std::numeric_limits<double>::infinity(), true, -0.5, {}},
                   {"Master", 0.0, false, 0.0, {}}};
    Track other;
    other.name = "Other";
    other.file = "/mix/../outside.wav";
    other.pan_law_db = -6.0;
    Bus bus;
    bus.name = "B";
    bus.channels = 1;
    bus.pan_law_db = 0.0;
    bus.inserts = {{DelayInsert{}, false, {}}};
    session.tracks = {track, other};
    session.buses = {bus};
    session.master.gain_db = 0.1;
    session.master.pan_law_db = -6.0;
    session.master.inserts = {{EqInsert{}, false, {}}};
    return session;
}

}  // namespace

TEST_CASE("a session that is written and read again is the same session") {
    const Session session = whole_session();
    const std::string text = write_session(session, "/mix");
    CAPTURE(text);
    CHECK(parse_session(text, "/mix/s.toml", false) == session);

    const Session defaults = parse_session(one_track, "/mix/s.toml", false);
    CHECK(parse_session(write_session(defaults, "/mix"), "/mix/s.toml", false) == defaults);
}

TEST_CASE("sessions compare by what they say, not where they say it") {
    CHECK(parse(one_track) == parse("\n\n" + one_track));
    CHECK_FALSE(parse(one_track) == parse(one_track + "pan = 0.1\n"));
}

TEST_CASE("paths are written relative to the session's folder, unless they share nothing with it") {
    const auto written = [](const std::filesystem::path& file, const std::filesystem::path& folder) {
        Session session;
        session.tracks.emplace_back().name = "T";
        session.tracks[0].file = file;
        return parse_session(write_session(session, folder), "s.toml", false).tracks[0].file.string();
    };
    const std::string here = std::filesystem::current_path().string();
    CHECK(written("/a/b/stems/x.wav", "/a/b") == "stems/x.wav");
    CHECK(written("/a/b/stems/x.wav", "/a/b/") == "stems/x.wav");
    CHECK(written("/a/stems/x.wav", "/a/b") == "../stems/x.wav");
    CHECK(written("/c/x.wav", "/a/b") == "/c/x.wav");
    CHECK(written("stems/x.wav", "") == "stems/x.wav");
    CHECK(written("stems/x.wav", ".") == "stems/x.wav");
    CHECK(written("mix/stems/x.wav", "mix") == "stems/x.wav");
    CHECK(written("stems/x.wav", "mix") == "../stems/x.wav");
    CHECK(written(here + "/stems/x.wav", "") == "stems/x.wav");
    CHECK(written("stems/x.wav", here) == "stems/x.wav");
    CHECK(written("../mix/stems/x.wav", "../mix") == "stems/x.wav");
    CHECK(written("x.wav", "../elsewhere") ==
          "../" + std::filesystem::path(here).filename().string() + "/x.wav");
}

TEST_CASE("what cannot stand in a session file is an error, not a broken file") {
    Session session = parse(one_track);
    session.tracks[0].name = "\xFC";
    CHECK_THROWS_AS(write_session(session, ""), InputError);
    session.tracks[0].name = "A";
    session.tracks[0].file = "\xE4.wav";
    CHECK_THROWS_AS(write_session(session, ""), InputError);
}

TEST_CASE("a path or a comment may hold any character and still is one line of the file") {
    Session session = parse(one_track);
    session.tracks[0].file = "a\nb\t\"c\" \\.wav";
    const std::string text =
        write_session(session, "", {"bad \xFF byte, \x1B and\r", {{"A", "two\n\nlines"}}});
    CHECK(text.substr(0, 31) == "# bad \\xFF byte, \\u001B and\\u00");
    CHECK(text.find("# two\n#\n# lines\n[[track]]\n") != std::string::npos);
    CHECK(parse(text) == session);
}
