#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/session_text.hpp"

using namespace tutti;
namespace fs = std::filesystem;

namespace {

/// A folder of its own, gone at the end.
class Folder {
  public:
    Folder() : path(fs::temp_directory_path() / (numbered("tutti-session-", ::getpid()))) {
        fs::create_directories(path);
    }
    ~Folder() { fs::remove_all(path); }
    fs::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path / name, std::ios::binary) << text;
        return path / name;
    }
    const fs::path path;
};

std::string error_of_reading(const fs::path& file) {
    try {
        read_session(file);
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE(
    "all problems of a file are reported in one go, by place, with what is allowed and the nearest word") {
    const Lines problems = problems_of(R"([session]
colour = 3
[[track]]
name = "Kick In"
file = ""
gain_db = "loud"
mute = 1
output = "Drms"
  [[track.insert]]
  type = "eq"
  phase = "minimun"
  bands = [ { shape = "highpass", freq_hz = 30, slope_db_per_oct = 13 },
            { shape = "notch", freq_hz = 24000, gain_db = 3.5 } ]
  [[track.insert]]
  type = "compressor"
  threshhold_db = -18
  attack = 3
  rms_window_ms = 3
  [[track.insert]]
  type = "compresor"
  ratio = "never looked at, as nobody knows what this insert is"
[[track]]
[[bus]]
name = "Drums"
channels = 3
)");
    CHECK(
        problems ==
        Lines{
            "s.toml:2:1: unknown key 'colour' in [session]; allowed: name, sample_rate, tail_s, pan_law_db, "
            "tempo_bpm or beats_per_bar",
            "s.toml:5:8: file of a track: found a string (\"\"); allowed: a file's path",
            "s.toml:6:11: gain_db of a track: found a string (\"loud\"); allowed: -144 to 24 dB, or -inf",
            "s.toml:7:8: mute of a track: found 1; allowed: true or false",
            "s.toml:8:10: output of \"Kick In\": found \"Drms\", which is no strip's name; did you mean "
            "\"Drums\"?",
            "s.toml:11:11: phase of an eq: found a string (\"minimun\"); allowed: \"minimum\" or \"linear\"; "
            "did you mean "
            "\"minimum\"?",
            "s.toml:12:68: slope_db_per_oct of an eq band: found 13; allowed: 6, 12, 18, 24, 30, 36, 42 or "
            "48 dB/oct",
            "s.toml:13:42: freq_hz of an eq band: found 24000; allowed: 10 to under 24000 Hz (half the "
            "sample rate)",
            "s.toml:13:49: gain_db of an eq band: found with shape = \"notch\"; allowed: with bell, "
            "low_shelf, high_shelf or "
            "tilt",
            "s.toml:16:3: unknown key 'threshhold_db' in a compressor; did you mean 'threshold_db'?",
            "s.toml:17:3: unknown key 'attack' in a compressor; did you mean 'attack_ms'?",
            "s.toml:18:3: rms_window_ms of a compressor: found with detector = \"peak\"; allowed: with rms",
            "s.toml:20:10: type of an insert: found a string (\"compresor\"); allowed: \"eq\", "
            "\"convolution\", \"delay\", "
            "\"gain\", \"compressor\", \"limiter\" or \"gate\"; did you mean \"compressor\"?",
            "s.toml:22:1: missing key 'name' in a track; allowed: a text, not empty, without control "
            "characters",
            "s.toml:22:1: missing key 'file' in a track; allowed: a file's path",
            "s.toml:25:12: channels of a bus: found 3; allowed: 1 or 2",
        });
}

TEST_CASE("a wrong type is called by its name") {
    const auto found = [](const std::string& value) {
        const Lines problems = problems_of(one_track + "pan = " + value);
        REQUIRE(problems.size() == 1);
        const std::string start = "s.toml:4:7: pan of a track: found ";
        const std::string end = "; allowed: -1 to 1";
        REQUIRE(problems[0].size() > start.size() + end.size());
        CHECK(problems[0].substr(0, start.size()) == start);
        CHECK(problems[0].substr(problems[0].size() - end.size()) == end);
        return problems[0].substr(start.size(), problems[0].size() - start.size() - end.size());
    };
    CHECK(found("\"left\"") == "a string (\"left\")");
    CHECK(found("true") == "true");
    CHECK(found("[ 1 ]") == "a list");
    CHECK(found("[]") == "an empty list");
    CHECK(found("{ x = 1 }") == "a table");
    CHECK(found("1979-05-27") == "a date or time");
    CHECK(found("2") == "2");
    CHECK(found("-2.5") == "-2.5");
    CHECK(found("nan") == "nan");
    const std::string cut(80, 'x');
    CHECK(found("\"" + cut + cut + "\"") == "a string (\"" + cut + "\" …)");
    CHECK(problems_of(one_track + "[session]\nsample_rate = 48000.0") ==
          Lines{"s.toml:5:15: sample_rate of [session]: found 48000.0; allowed: a whole number from 8000 to "
                "384000 Hz"});
    CHECK(problems_of(one_track + "[session]\nsample_rate = 9223372036854775807").size() == 1);
}

TEST_CASE("tables that are written as something else are pointed out") {
    CHECK(problems_of("[track]\nname = \"A\"\n") ==
          Lines{"s.toml:1:1: track: found a table; allowed: a list of tables, [[track]]"});
    CHECK(problems_of(one_track + "[[master]]\n") ==
          Lines{"s.toml:4:1: master: found a list; allowed: a table, [master]"});
    CHECK(problems_of("session = 4\n" + one_track) ==
          Lines{"s.toml:1:11: session: found 4; allowed: a table, [session]"});
    CHECK(problems_of(one_track + "insert = [ 1 ]\n") ==
          Lines{"s.toml:4:12: insert: found 1; allowed: a list of tables, [[….insert]]"});
    CHECK(problems_of(one_track + "[[tracks]]\n") ==
          Lines{"s.toml:4:3: unknown key 'tracks' in a session file; did you mean 'track'?"});
    CHECK(problems_of(one_track + "[master]\noutput = \"B\"\n").size() == 1);
}

TEST_CASE("a session without tracks is an error") {
    const Lines at_the_start{"s.toml:1:1: found no track; allowed: one [[track]] or more"};
    CHECK(problems_of("") == at_the_start);
    CHECK(problems_of("# nothing\n") == at_the_start);
    CHECK(problems_of("[[bus]]\nname = \"B\"\n") == at_the_start);
    CHECK(problems_of("track = []\n") == Lines{"s.toml:1:9: found no track; allowed: one [[track]] or more"});
}

TEST_CASE("names may hold anything that can be printed") {
    for (const std::string name : {"ü 太鼓 🥁", "a/b\\\\c", "\\\"x\\\"", " ", "[[track]]", "a.b", "'"}) {
        CAPTURE(name);
        CHECK(problems_of("[[track]]\nname = \"" + name + "\"\nfile = \"a.wav\"\n") == Lines{});
    }
    for (const std::string name : {"a\\nb", "a\\tb", "\\u0000", "\\u007F", "\\u0085"}) {
        CAPTURE(name);
        const Lines problems = problems_of("[[track]]\nname = \"" + name + "\"\nfile = \"a.wav\"\n");
        CHECK(problems == Lines{"s.toml:2:8: name of a track: found a string (\"" + name +
                                "\"); allowed: a text, not empty, without control characters"});
    }
}

TEST_CASE("text that is not TOML is one line with its place") {
    for (const std::string text : {"[$rack]\n", "[[track]\n", "a = \n", "a = 1\na = 2\n", "a = \"x\n", "= 1",
                                   "a = [1, 2", "[[track]]\n[track]\n", "a = 1 ü\n", "a = \"\"\"\\ ü\"\"\" x",
                                   "\x01", "a = 99999999999999999999"}) {
        CAPTURE(text);
        const Lines problems = problems_of(text);
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].find("s.toml:") == 0);
        CHECK(problems[0].find(": not TOML: ") != std::string::npos);
    }
    CHECK(problems_of("[$rack]\n")[0].find("s.toml:1:2: ") == 0);
    CHECK(problems_of("a = 1\nä = 2\n")[0].find("s.toml:2:1: ") == 0);
}

TEST_CASE("text that is not UTF-8 is one line with the place of the byte") {
    const std::string ending = "found a byte that is not UTF-8; allowed: TOML, which is UTF-8 text";
    CHECK(problems_of(one_track + "group = \"\xFC\"\n") == Lines{"s.toml:4:10: " + ending});
    CHECK(problems_of("# äö\xE4\n") == Lines{"s.toml:1:5: " + ending});
    CHECK(problems_of("\xFF\xFE[\0s\0") == Lines{"s.toml:1:1: " + ending});
    CHECK(problems_of("# \xED\xA0\x80 a surrogate\n") == Lines{"s.toml:1:3: " + ending});
}

TEST_CASE("a byte order mark and Windows line ends are no matter") {
    const Lines problems =
        problems_of("\xEF\xBB\xBF[[track]]\r\nname = \"A\"\r\nfile = \"a.wav\"\r\npan = 3\r\n");
    CHECK(problems == Lines{"s.toml:4:7: pan of a track: found 3; allowed: -1 to 1"});
}

TEST_CASE("documents nested deeper than any session are refused, however they nest") {
    CHECK(problems_of("a = " + std::string(100000, '[')).size() == 1);
    std::string dotted = "a";
    for (int i = 0; i < 100000; ++i) dotted += ".a";
    CHECK(problems_of(dotted + " = 1\n").size() == 1);
    CHECK(problems_of('[' + dotted + "]\n").size() == 1);

    // As deep as both limits let it be: the stack must hold it.
    std::string most = "a";
    for (int i = 0; i < 999; ++i) most += ".a";
    std::string nested = '[' + most + "]\n";
    for (int i = 0; i < 7; ++i) nested += most + " = [\n{ ";
    nested += "a = 1";
    for (int i = 0; i < 7; ++i) nested += " } ]";
    CHECK(problems_of(nested + '\n').size() == 2);
}

TEST_CASE("a hundred problems are printed, and how many more there are") {
    std::string text = one_track;
    for (int i = 0; i < 250; ++i) {
        text += numbered("[[track]]\nname = \"T", i) + "\"\nfile = \"a.wav\"\noutput = \"T0\"\n";
    }
    const Lines problems = problems_of(text);
    REQUIRE(problems.size() == 101);
    CHECK(problems[0] ==
          "s.toml:7:10: output of \"T0\": found \"T0\", which is a track; allowed: a bus or \"Master\"");
    CHECK(problems[100] == "s.toml: and 150 more problems");
}

TEST_CASE("a session of fifty thousand lines is read, and so is one that is wrong all over") {
    std::string good;
    std::string bad;
    for (int i = 0; i < 5000; ++i) {
        const std::string name = numbered("Track ", i);
        const std::string track = "[[track]]\nname = \"" + name + "\"\nfile = \"a.wav\"\ngain_db = -3.0\n";
        good += track + "output = \"Bus 0\"\n  [[track.insert]]\n  type = \"compressor\"\n  ratio = 3\n\n\n";
        bad += track + "output = \"Bis 0\"\n  [[track.insert]]\n  type = \"compressor\"\n  ratoi = 3\n\n\n";
    }
    CHECK(parse(good + "[[bus]]\nname = \"Bus 0\"\n").tracks.size() == 5000);
    const Lines problems = problems_of(bad + "[[bus]]\nname = \"Bus 0\"\n");
    REQUIRE(problems.size() == 101);
    CHECK(problems[0] ==
          "s.toml:5:10: output of \"Track 0\": found \"Bis 0\", which is no strip's name; did you mean \"Bus "
          "0\"?");
    CHECK(problems[1] == "s.toml:8:3: unknown key 'ratoi' in a compressor; did you mean 'ratio'?");
    CHECK(problems[100] == "s.toml: and 9900 more problems");
}

TEST_CASE("files that are not there, folders and the like are named with their place") {
    const Folder folder;
    folder.write("a.wav", "");
    const fs::path file = folder.write("s.toml", one_track + R"(
[[track]]
name = "B"
file = "gone.wav"
[[track.insert]]
type = "convolution"
file = "."
)");
    const std::string at = file.string();
    CHECK(error_of_reading(file) == at + ":7:8: file of a track: found no file at \"" +
                                        (folder.path / "gone.wav").string() + "\"; allowed: an audio file\n" +
                                        at + ":10:8: file of a convolution: found a folder at \"" +
                                        (folder.path / ".").string() + "\"; allowed: an audio file");
    CHECK(read_session(folder.write("good.toml", one_track)).tracks[0].file == folder.path / "a.wav");
}

TEST_CASE("a session file that cannot be read is one clear line") {
    const Folder folder;
    CHECK(error_of_reading(folder.path) ==
          folder.path.string() + ": found a folder; allowed: a session file (TOML)");
    const fs::path gone = folder.path / "gone.toml";
    CHECK(error_of_reading(gone) == gone.string() + ": found no such file; allowed: a session file (TOML)");
    CHECK(error_of_reading(folder.write("empty.toml", "")).find("found no track") != std::string::npos);
    const fs::path loop = folder.path / "loop.toml";
    fs::create_symlink(loop, loop);
    CHECK(error_of_reading(loop) ==
          loop.string() +
              ": cannot be read: Too many levels of symbolic links; allowed: a session file (TOML)");
    const fs::path secret = folder.write("secret.toml", one_track);
    fs::permissions(secret, fs::perms::none);
    // The superuser may read everything.
    const std::string found =
        ::geteuid() == 0 ? ":3:8: file of a track: found no file" : ": cannot be read: Permission denied;";
    CHECK(error_of_reading(secret).find(secret.string() + found) == 0);
    const fs::path below = secret / "s.toml";
    CHECK(error_of_reading(below) ==
          below.string() + ": cannot be read: Not a directory; allowed: a session file (TOML)");
}
