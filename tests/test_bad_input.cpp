// Everything a user can get wrong, through the program: one clear line, exit status 2, nothing half-written.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/session_folder.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

const char* const one_track = "[[track]]\nname = \"A\"\nfile = \"a.wav\"\n";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The render fails as a user's mistake does, says every one of `parts`, and leaves no file behind.
void check_refused(const SessionFolder& folder, const std::vector<std::string>& parts,
                   const std::vector<std::string>& arguments = {}) {
    const std::size_t files_before = folder.names().size();
    const ProgramResult result = folder.try_render(arguments);
    INFO("said: " << result.errors);
    CHECK(result.status == 2);
    for (const std::string& part : parts) {
        INFO("expected: " << part);
        CHECK(contains(result.errors, part));
    }
    CHECK(result.output.empty());
    CHECK(folder.names().size() == files_before);
}

void check_bytes_refused(const std::string& bytes, const std::vector<std::string>& parts) {
    const SessionFolder folder;
    write_bytes(folder.path("a.wav"), bytes);
    folder.write_session(one_track);
    check_refused(folder, parts);
}

/// A good stem of a tenth of a second as the bytes of a WAV file.
std::string good_bytes() {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(4800, 0.3, 1)}, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    return read_bytes(folder.path("a.wav"));
}

}  // namespace

TEST_CASE("a missing stem is named with the place that names it") {
    const SessionFolder folder;
    folder.write_session(one_track);
    check_refused(folder, {"session.toml:5:", "a.wav"});
}

TEST_CASE("an empty stem, one that is no audio, and one that is a folder are refused") {
    SECTION("empty") { check_bytes_refused("", {"session.toml:5:", "a.wav", "empty"}); }
    SECTION("text") { check_bytes_refused("This is no audio at all.\n", {"session.toml:5:", "a.wav"}); }
    SECTION("folder") {
        const SessionFolder folder;
        std::filesystem::create_directory(folder.path("a.wav"));
        folder.write_session(one_track);
        check_refused(folder, {"session.toml:5:", "a.wav", "folder"});
    }
}

TEST_CASE("a truncated stem is refused with the frames it has and the frames it promises") {
    const std::string bytes = good_bytes();
    check_bytes_refused(bytes.substr(0, bytes.size() / 2), {"a.wav", "4800"});
}

TEST_CASE("a stem without frames is refused") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {std::vector<double>{}});
    folder.write_session(one_track);
    check_refused(folder, {"a.wav"});
}

TEST_CASE("a stem of 200 channels is refused with what is allowed") {
    const SessionFolder folder;
    folder.add_stem("a.wav", Channels(200, std::vector<double>(100, 0.1)));
    folder.write_session(one_track);
    check_refused(folder, {"a.wav", "200", "mono or stereo"});
}

TEST_CASE("a stem at another rate is resampled and said so") {
    const SessionFolder folder;
    write_audio(folder.path("a.wav"), {noise(44100, 0.3, 1)}, 44100, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
    folder.write_session(one_track);
    const ProgramResult result = folder.try_render();
    INFO(result.errors);
    CHECK(result.status == 0);
    CHECK(contains(result.errors, "44100"));
    CHECK(contains(result.errors, "resampled"));
    CHECK(read_audio(folder.path("mix.wav"))[0].size() == 48000);
}

TEST_CASE("samples that are no numbers stop the render with their frame, unless they are to be repaired") {
    const SessionFolder folder;
    const double bad =
        GENERATE(std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity());
    std::vector<double> samples = noise(100000, 0.3, 1);
    samples[70123] = bad;
    folder.add_stem("a.wav", {samples});
    folder.write_session(one_track);
    check_refused(folder, {"a.wav", "70123", "--repair-nonfinite"});
    const ProgramResult repaired = folder.try_render({"--repair-nonfinite"});
    INFO(repaired.errors);
    CHECK(repaired.status == 0);
    CHECK(contains(repaired.errors, "1 sample"));
    CHECK(read_audio(folder.path("mix.wav"))[0][70123] == 0.0);
}

TEST_CASE("an output in a folder that is missing or takes no files is refused") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(4800, 0.3, 1)});
    folder.write_session(one_track);
    check_refused(folder, {"nowhere"}, {"-o", folder.path("nowhere/mix.wav")});
    // Root may write to read-only folders, but not into the kernel's.
    check_refused(folder, {"/proc"}, {"-o", "/proc/mix.wav"});
    check_refused(folder, {"a.wav"}, {"-o", folder.path("a.wav/mix.wav")});
}

TEST_CASE("an output that would replace a stem is refused") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(4800, 0.3, 1)});
    folder.write_session(one_track);
    check_refused(folder, {"track \"A\""}, {"-o", folder.path("a.wav")});
    CHECK(read_audio(folder.path("a.wav"))[0].size() == 4800);
}

TEST_CASE("mistakes in the session file are all reported in one go, with place and the nearest word") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(4800, 0.3, 1)});
    folder.write_session(R"([[track]]
name = "A"
file = "a.wav"
gian_db = 3
pan = 7
mute = "yes"
  [[track.insert]]
  type = "compressor"
  threshhold_db = -18
)");
    check_refused(folder, {"session.toml:6:", "gain_db",
                           "session.toml:7:", "session.toml:8:", "session.toml:11:", "threshold_db"});
}

TEST_CASE("cycles in routing and side-chains are refused with their members") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(4800, 0.3, 1)});
    folder.write_session(std::string(one_track) + R"(output = "X"
[[bus]]
name = "X"
output = "Y"
[[bus]]
name = "Y"
  [[bus.send]]
  to = "X"
)");
    check_refused(folder, {"X", "Y", "->"});
    folder.write_session(std::string(one_track) + R"(output = "X"
  [[track.insert]]
  type = "compressor"
  sidechain = "X"
[[bus]]
name = "X"
)");
    check_refused(folder, {"A", "X", "->"});
}

TEST_CASE("a session with no tracks, a malformed header and a session that is not there are refused") {
    const SessionFolder folder;
    folder.write_session("");
    check_refused(folder, {"session.toml"});
    folder.write_session("[$rack]\nname = 3\n");
    check_refused(folder, {"session.toml:3:"});
    std::filesystem::remove(folder.session());
    check_refused(folder, {"session.toml"});
}

TEST_CASE(
    "strips with UTF-8, quotes and slashes in their names render, and their stems get names a disk can "
    "take") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(4800, 0.3, 1)});
    folder.write_session(R"([[track]]
name = "Flöte / \"solo\" 🎵"
file = "a.wav"
[[track]]
name = "../escape"
file = "a.wav"
)");
    folder.render({"--stems", folder.path("stems")});
    CHECK(std::filesystem::exists(folder.path("stems") / "Flöte _ _solo_ 🎵.wav"));
    CHECK(std::filesystem::exists(folder.path("stems") / "_.._escape.wav"));
}

TEST_CASE("a session of 50,000 lines is read, and its mistake found") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(480, 0.3, 1)});
    std::string text;
    for (int i = 0; i < 10000; ++i) {
        text +=
            "[[track]]\nname = \"T" + std::to_string(i) + "\"\nfile = \"a.wav\"\ngain_db = -40\npan = 0.1\n";
    }
    folder.write_session(text + "volume = 3\n");
    check_refused(folder, {"session.toml:50003:", "volume"});
}

TEST_CASE("wrong flags and values on the command line say what is allowed") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(4800, 0.3, 1)});
    folder.write_session(one_track);
    check_refused(folder, {"--frobnicate"}, {"--frobnicate"});
    check_refused(folder, {"--bits", "32f"}, {"--bits", "12"});
    check_refused(folder, {"--from", "allowed"}, {"--from", "soon"});
    check_refused(folder, {"--from", "behind the end"}, {"--from", "1:00"});
    check_refused(folder, {"--to"}, {"--from", "0.05", "--to", "0.01"});
    check_refused(folder, {"--memory", "allowed"}, {"--memory", "plenty"});
    check_refused(folder, {"--memory", "at least"}, {"--memory", "1KiB"});
    check_refused(folder, {"gpu", "allowed"}, {"--device", "gpu"});
    check_refused(folder, {"FLAC", "16 or 24"}, {"--format", "flac"});
    const ProgramResult missing = folder.try_render({"--device", "vulkan:99"});
    CHECK(missing.status == 3);
    CHECK(contains(missing.errors, "vulkan:99"));
}

TEST_CASE("an unknown command is refused with those there are") {
    const ProgramResult result = run_tutti({"rendre", "session.toml"});
    CHECK(result.status == 2);
    CHECK(contains(result.errors, "rendre"));
    CHECK(contains(result.errors, "render"));
}

TEST_CASE("a full disk fails the render and leaves no file") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(480000, 0.3, 1), noise(480000, 0.3, 2)});
    folder.write_session(one_track);
    const std::filesystem::path small = folder.path("small");
    std::filesystem::create_directory(small);
    const std::string mount = "mount -t tmpfs -o size=256k tmpfs '" + small.string() + "' 2>/dev/null";
    if (std::system(mount.c_str()) != 0) {
        // No right to mount here: the kernel's own full disk takes the report instead.
        const ProgramResult result = folder.try_render({"--json", "/dev/full"});
        CHECK(result.status == 2);
        return;
    }
    const ProgramResult result = folder.try_render({"-o", small / "mix.wav"});
    const bool left_nothing = std::filesystem::is_empty(small);
    const std::string unmount = "umount '" + small.string() + "'";
    CHECK(std::system(unmount.c_str()) == 0);
    INFO(result.errors);
    CHECK(result.status == 2);
    CHECK(contains(result.errors, "mix.wav"));
    CHECK(left_nothing);
}
