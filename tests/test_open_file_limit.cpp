#include <catch2/catch.hpp>

#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "tests/audio_files.hpp"
#include "tests/session_folder.hpp"

using namespace tutti::tests;

namespace {

std::string twenty_tracks() {
    std::string text;
    for (int i = 0; i < 20; ++i) {
        const std::string number = std::to_string(i);
        text += "[[track]]\nname = \"T" + number + "\"\nfile = \"t" + number +
                (i % 3 == 0 ? ".ogg" : ".flac") + "\"\ngain_db = -" + number + "\n";
    }
    return text;
}

void add_twenty_stems(const SessionFolder& folder) {
    for (int i = 0; i < 20; ++i) {
        const auto frames = static_cast<std::size_t>(150000 + 997 * i);
        const auto seed = static_cast<std::uint32_t>(i + 1);
        const std::string name = "t" + std::to_string(i);
        if (i % 3 == 0) {
            folder.add_stem(name + ".ogg", {noise(frames, 0.3, seed)}, SF_FORMAT_OGG | SF_FORMAT_VORBIS);
        } else {
            folder.add_stem(name + ".flac", {noise(frames, 0.3, seed), noise(frames, 0.3, seed + 50)},
                            SF_FORMAT_FLAC | SF_FORMAT_PCM_24);
        }
    }
    folder.write_session(twenty_tracks());
}

}  // namespace

TEST_CASE("A render under a small limit of open files gives the same mix and stems") {
    const SessionFolder folder;
    add_twenty_stems(folder);
    const auto arguments = [&](const std::string& name) {
        return std::vector<std::string>{"render",
                                        folder.session(),
                                        "--quiet",
                                        "-o",
                                        folder.path(name + ".wav"),
                                        "--stems",
                                        folder.path(name + " stems")};
    };
    const ProgramResult free = run_tutti(arguments("free"));
    INFO(free.errors);
    REQUIRE(free.status == 0);
    const ProgramResult bound = run_tutti_with_descriptors(20, arguments("bound"));
    INFO(bound.errors);
    REQUIRE(bound.status == 0);
    CHECK(read_bytes(folder.path("bound.wav")) == read_bytes(folder.path("free.wav")));
    for (int i = 0; i < 20; ++i) {
        const std::string name = "T" + std::to_string(i) + ".wav";
        CAPTURE(name);
        const std::string stem = read_bytes(folder.path("bound stems") / name);
        CHECK(!stem.empty());
        CHECK(stem == read_bytes(folder.path("free stems") / name));
    }
    const std::filesystem::directory_iterator stems(folder.path("bound stems"));
    CHECK(std::distance(begin(stems), end(stems)) == 20);
}

TEST_CASE(
    "A render with a cache under a small limit of open files gives the same mix, from nothing and again") {
    const SessionFolder folder;
    add_twenty_stems(folder);
    const auto render = [&](const std::string& name, const std::string& cache, bool is_bound) {
        const std::vector<std::string> arguments{"render",          folder.session(), "--quiet",         "-o",
                                                 folder.path(name), "--cache",        folder.path(cache)};
        const ProgramResult result =
            is_bound ? run_tutti_with_descriptors(16, arguments) : run_tutti(arguments);
        INFO(result.errors);
        REQUIRE(result.status == 0);
        return read_bytes(folder.path(name));
    };
    const std::string wanted = render("free.wav", "free cache", false);
    CHECK(render("first.wav", "cache", true) == wanted);
    CHECK(render("again.wav", "cache", true) == wanted);
}

TEST_CASE("Masking is analysed under a small limit of open files, to the same report") {
    const SessionFolder folder;
    add_twenty_stems(folder);
    const auto analyse = [&](const std::string& name, bool is_bound) {
        const std::vector<std::string> arguments{"masking", folder.session(), "--quiet", "--no-pictures",
                                                 "-o",      folder.path(name)};
        const ProgramResult result =
            is_bound ? run_tutti_with_descriptors(16, arguments) : run_tutti(arguments);
        INFO(result.errors);
        REQUIRE(result.status == 0);
        return read_bytes(folder.path(name) / "report.json");
    };
    CHECK(analyse("free", false) == analyse("bound", true));
}
