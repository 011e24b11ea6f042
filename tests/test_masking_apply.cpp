#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "engine/errors.hpp"
#include "host/masking_apply.hpp"
#include "host/masking_compare.hpp"
#include "host/session_edit.hpp"
#include "tests/audio_files.hpp"
#include "tests/masking_scene.hpp"

namespace tutti::tests {

namespace {

namespace fs = std::filesystem;

SessionEdit bell_edit(const std::string& strip) {
    SessionEdit edit;
    edit.strip = strip;
    edit.bell.freq_hz = 2400.0;
    edit.bell.gain_db = -4.0;
    edit.bell.q = 1.8;
    edit.comment = {"because"};
    return edit;
}

SessionEdit pan_edit(const std::string& strip, double pan) {
    SessionEdit edit;
    edit.kind = SessionEdit::Kind::set_pan;
    edit.strip = strip;
    edit.pan = pan;
    edit.comment = {"because"};
    return edit;
}

std::string edited(const std::string& text, const std::vector<SessionEdit>& edits) {
    return edit_session(text, "mix/session.toml", "mix/after.toml", edits);
}

/// The text without the lines that were added; what is left is what was there.
std::string without(std::string text, const std::vector<std::string>& added) {
    for (const std::string& piece : added) {
        const std::size_t at = text.find(piece);
        INFO("looking for " << piece << " in\n" << text);
        REQUIRE(at != std::string::npos);
        text.erase(at, piece.size());
    }
    return text;
}

const std::string bands = "bands = [ { shape = \"bell\", freq_hz = 2400, gain_db = -4.0, q = 1.8 } ]";

}  // namespace

TEST_CASE("a bell goes behind a strip's other inserts, and all else stays to the byte") {
    const std::string text =
        "# my mix\n"
        "[session]   # 48 kHz\n"
        "sample_rate = 48000\n\n"
        "[[track]]  # the \xC3\xA4lteste\n"
        "  name = \"Gtr \xC3\xA4\"   # left\n"
        "  file = 'gtr.wav'\n"
        "  [[track.insert]]\n"
        "  type = \"gain\"\n"
        "  gain_db = -1   # a little\n"
        "  [[track.send]]\n"
        "  to = \"Hall\"\n\n"
        "# ---- buses ----\n"
        "[[bus]]\n"
        "name = \"Hall\"\n";
    const std::string result = edited(text, {bell_edit("Gtr \xC3\xA4"), bell_edit("Hall")});
    CHECK(without(result, {"\n  # because\n  [[track.insert]]\n  type = \"eq\"\n  " + bands + "\n",
                           "\n  # because\n  [[bus.insert]]\n  type = \"eq\"\n  " + bands + "\n"}) == text);
    CHECK(result.find(bands) < result.find("# ---- buses"));
    const Session session = parse_session(result, "mix/after.toml", false);
    REQUIRE(session.tracks[0].inserts.size() == 2);
    CHECK(std::get<EqInsert>(session.tracks[0].inserts[1].processor).bands.at(0) == bell_edit("").bell);
    CHECK(session.buses[0].inserts.size() == 1);
}

TEST_CASE("sessions are edited however they are written") {
    SECTION("with Windows line ends, a byte order mark and no end of the last line") {
        const std::string text =
            "\xEF\xBB\xBF[[track]]\r\nname = \"A\"\r\nfile = \"a.wav\"\r\n[[track]]\r\nname = \"B\"\r\nfile "
            "= "
            "\"b.wav\"";
        const std::string result = edited(text, {bell_edit("B"), pan_edit("A", 0.3)});
        CHECK(without(result, {"\r\n\r\n  # because\r\n  [[track.insert]]\r\n  type = \"eq\"\r\n  " + bands,
                               "# because\r\npan = 0.3\r\n"}) == text);
    }
    SECTION("with inserts in a list") {
        const std::string text =
            "[[track]]\nname = \"A\"\nfile = \"a.wav\"\n  insert = [ { type = \"gain\", gain_db = -1 },  # "
            "x\n"
            "  { type = \"delay\", delay_ms = 3 }, # y ]\n  ]\n";
        const std::string result = edited(text, {bell_edit("A"), bell_edit("A")});
        CHECK(without(result, {"  # because\n", "  # because\n", ", { type = \"eq\", " + bands + " }",
                               ", { type = \"eq\", " + bands + " }"}) == text);
    }
    SECTION("with an empty list of inserts") {
        const std::string text = "[[track]]\nname = \"A\"\nfile = \"a.wav\"\ninsert = []\n";
        CHECK(without(edited(text, {bell_edit("A")}),
                      {"# because\n", " { type = \"eq\", " + bands + " } "}) == text);
    }
    SECTION("with tracks in a list") {
        const std::string text =
            "track = [ { name = \"A\", file = \"a.wav\" },\n  { file = \"b.wav\", pan = -0.1, name = \"B\" } "
            "]\n"
            "[master]\ngain_db = -1\n";
        const std::string result = edited(text, {bell_edit("A"), pan_edit("A", -0.6), pan_edit("B", 0.3)});
        CHECK(without(result, {"# because\n", "# because\n", "# because\n",
                               ", insert = [ { type = \"eq\", " + bands + " } ]", ", pan = -0.6"}) ==
              std::string(text).replace(text.find("-0.1"), 4, "0.3"));
    }
    SECTION("with bands under headers of their own") {
        const std::string text =
            "[[track]]\nname = \"A\"\nfile = \"a.wav\"\n[[track.insert]]\ntype = \"eq\"\n"
            "[[track.insert.bands]]\nshape = \"notch\"\nfreq_hz = 50\n\n[[track]]\nname = \"B\"\nfile = "
            "\"b.wav\"\n";
        CHECK(without(edited(text, {bell_edit("A")}),
                      {"\n# because\n[[track.insert]]\ntype = \"eq\"\n" + bands + "\n"}) == text);
    }
}

TEST_CASE("a pan is changed where it stands, or put under the name") {
    const std::string text =
        "[[track]]\nname = \"A\"\nfile = \"a.wav\"\npan = 0.0   # middle\ngain_db = -3\n"
        "[[track]]\n  name = \"B\"  # b\n  file = \"b.wav\"\n";
    const std::string result = edited(text, {pan_edit("A", -0.3), pan_edit("B", 0.6)});
    CHECK(result ==
          "[[track]]\nname = \"A\"\nfile = \"a.wav\"\n# because\npan = -0.3   # middle\ngain_db = -3\n"
          "[[track]]\n  name = \"B\"  # b\n  # because\n  pan = 0.6\n  file = \"b.wav\"\n");
}

TEST_CASE("in another folder the same files are found") {
    const std::string text =
        "[[track]]\nname = \"A\"\nfile = \"stems/a.wav\" # here\n[[track.insert]]\ntype = \"convolution\"\n"
        "file = \"/irs/hall.wav\"\n[master]\n[[master.insert]]\ntype = \"convolution\"\nfile = "
        "'../room.wav'\n";
    const std::string result = edit_session(text, "/mixes/one/session.toml", "/elsewhere/after.toml",
                                            std::vector{pan_edit("A", 0.3)});
    CHECK(result.find("file = \"../mixes/one/stems/a.wav\" # here\n") != std::string::npos);
    CHECK(result.find("file = \"/irs/hall.wav\"\n") != std::string::npos);
    CHECK(result.find("file = \"../mixes/room.wav\"\n") != std::string::npos);
}

TEST_CASE("nothing is edited that is not there, or is no session") {
    CHECK_THROWS_AS(edited("[[track]]\nname = \"A\"\nfile = \"a.wav\"\n", {bell_edit("B")}), InputError);
    CHECK_THROWS_AS(edited("[[track]]\nname = \"A\"\n", {bell_edit("A")}), InputError);
}

TEST_CASE("suggestions are written into another file than the session, with their reasons") {
    const TempFolder folder;
    const fs::path file = folder / "session.toml";
    const fs::path after = folder / "after.toml";
    std::ofstream(file)
        << "[[track]]\nname = \"Lead Vox\"\nfile = \"v.wav\"\n[[track]]\nname = \"Snare\"\nfile = "
           "\"s.wav\"\n[[bus]]\nname = \"Plate\"\n";
    std::ofstream(folder / "v.wav") << "-";
    std::ofstream(folder / "s.wav") << "-";
    MaskingScene scene({"Lead Vox", "Snare"}, 1);
    scene.results.tracks.objects[1].strips = {"Snare", "Plate"};  // a plate that hears only the snare
    Suggestion suggestion;
    suggestion.object = 1;
    suggestion.other = 0;
    suggestion.strips = {"Snare", "Plate"};
    suggestion.bell = bell_edit("").bell;
    suggestion.to_s = 10.0;
    suggestion.gains = {{0, 1.42, 0.08}};
    suggestion.own_change = -0.2;
    suggestion.total_change = 1.2;
    const Suggestions suggestions{{suggestion}, 1.2};

    write_suggested_session(scene.results, read_session(file), suggestions, after);
    std::ifstream stream(after);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    INFO(text);
    CHECK(text.find(
              "  # Suggested by tutti masking: it hides Lead Vox there, mostly 0:00-0:10. Expected: Lead "
              "Vox +1.4\n  # (+8 %), itself -0.20, everybody together +1.2 sone s.\n  [[track.insert]]\n") !=
          std::string::npos);
    Session expected = read_session(file);
    expected.path = after;
    expected.tracks[1].inserts.emplace_back().processor.emplace<EqInsert>().bands.push_back(suggestion.bell);
    CHECK(read_session(after) == expected);  // the plate hears the snare with the bell already

    CHECK_THROWS_WITH(check_suggested_session(file, folder / "./session.toml", true),
                      Catch::Contains("found the session itself"));
    CHECK_THROWS_WITH(check_suggested_session(file, after, false), Catch::Contains("--force replaces it"));
    CHECK_NOTHROW(check_suggested_session(file, after, true));
    CHECK_NOTHROW(check_suggested_session(file, folder / "new.toml", false));
}

TEST_CASE("a second analysis is held against what the first expected") {
    MaskingScene before({"Lead Vox", "Snare", "Hat"}, 2);
    MaskingScene after({"Hat", "Lead Vox", "Snare"}, 2);
    before.play(0, {0, 15, 0, 2});
    after.play(1, {0, 15, 0, 2});
    before.hide(0, 1, {7, 8, 0, 2}, {0.5, 0.0, 1.0, 0.1});
    after.hide(1, 2, {7, 8, 0, 2}, {0.5, 0.0, 0.25, 0.1});
    // 0.7 sone s more of the vocal in band group 7, and 5 less of something else elsewhere.
    after.results.tracks.partial[7 * 3 + 1] += 0.7F;
    after.results.tracks.partial[2 * 3 + 0] -= 5.0F;

    Suggestion suggestion;
    suggestion.object = 1;
    suggestion.other = 0;
    suggestion.bell = bell_edit("").bell;
    suggestion.first_group = 7;
    suggestion.group_count = 1;
    suggestion.gains = {{0, 0.9, 0.1}};
    suggestion.expected = 0.9;
    const Suggestions suggestions{{suggestion}, 0.8};
    const MaskingComparison comparison = compare_masking(before.results, suggestions, after.results);
    REQUIRE(comparison.lines.size() == 1);
    CHECK(comparison.lines[0].expected == 0.9);
    CHECK(comparison.lines[0].measured == Approx(0.7).epsilon(1e-5));
    CHECK(comparison.measured_total == Approx(-4.3).epsilon(1e-5));
    CHECK(comparison.names == std::vector<std::string>{"Lead Vox", "Snare", "Hat"});
    CHECK(comparison.clash_difference[0 * 3 + 1] == Approx(-1.5));
    const std::string text = comparison_text(before.results, suggestions, comparison);
    INFO(text);
    CHECK(text.find("Snare: cut 4 dB at 2.4 kHz (bell, Q 1.8), for Lead Vox") != std::string::npos);
    CHECK(text.find("    +0.90     +0.70\n") != std::string::npos);
    CHECK(text.find("-1.5  Lead Vox hidden by Snare\n") != std::string::npos);

    SECTION("what is made of other strips is not compared") {
        after.results.tracks.objects[1].strips.push_back("Lead Vox Double");
        CHECK(compare_masking(before.results, suggestions, after.results).left_out ==
              std::vector<std::string>{"Lead Vox"});
    }
    SECTION("another time or level cannot be compared") {
        after.results.from_s = 10.0;
        CHECK_THROWS_WITH(compare_masking(before.results, suggestions, after.results),
                          Catch::Contains("allowed: the same time"));
        after.results.from_s = 0.0;
        after.results.calibration.full_scale_spl_db = 1.0;
        CHECK_THROWS_WITH(compare_masking(before.results, suggestions, after.results),
                          Catch::Contains("--full-scale-spl"));
    }
}

}  // namespace tutti::tests
