#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/audio_files.hpp"
#include "viewer/recent_reports.hpp"

using namespace tutti::tests;
using namespace tutti::viewer;

TEST_CASE("reports opened last are remembered, the latest first, each once, eight at most") {
    const TempFolder folder;
    const std::filesystem::path file = folder / "state/tutti/viewer-recent";
    CHECK(read_recent_reports(file).empty());
    for (int i = 0; i < 10; ++i) remember_report(file, folder / ("report " + std::to_string(i)));
    remember_report(file, folder / "report 5");
    const auto folders = read_recent_reports(file);
    REQUIRE(folders.size() == 8);
    CHECK(folders[0].filename() == "report 5");
    CHECK(folders[1].filename() == "report 9");
    CHECK(folders[7].filename() == "report 2");
    CHECK(folders[0].is_absolute());
}

TEST_CASE("what cannot be remembered is forgotten without a word") {
    const TempFolder folder;
    write_bytes(folder / "no folder", "");
    remember_report(folder / "no folder/viewer-recent", folder / "report");
    remember_report(folder / "recent", "two\nlines");
    CHECK(read_recent_reports(folder / "recent").empty());
    CHECK(read_bytes(folder / "no folder").empty());
}
