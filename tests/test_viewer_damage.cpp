#include <catch2/catch.hpp>
#include <random>

#include "engine/errors.hpp"
#include "host/masking_report.hpp"
#include "tests/audio_files.hpp"
#include "tests/masking_session.hpp"
#include "viewer/report.hpp"

using namespace tutti;
using namespace tutti::tests;

TEST_CASE("a report with bytes changed is shown or refused with a reason") {
    const TempFolder folder;
    write_masking_report(synthetic_masking(5, 12.0), {}, folder / "report", {false, false, false, 1.0});
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "report"))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::mt19937 random(20231);
    const auto below = [&](std::size_t count) { return static_cast<std::size_t>(random()) % count; };
    int shown = 0;
    int refused = 0;
    for (int round = 0; round < 120; ++round) {
        const std::filesystem::path file = files[below(files.size())];
        const std::string whole = read_bytes(file);
        std::string damaged = whole;
        if (below(4) == 0) damaged.resize(below(damaged.size()));
        // Heads of files decide how the rest is read.
        for (int i = 0; i < 3 && !damaged.empty(); ++i) {
            damaged[below(std::min<std::size_t>(damaged.size(), 400))] = static_cast<char>(below(256));
        }
        write_bytes(file, damaged);
        CAPTURE(round, file.filename().string());
        try {
            const auto report = viewer::Report::open(folder / "report");
            CHECK(report->tracks().lanes.size() == report->results().tracks.objects.size());
            ++shown;
        } catch (const InputError& error) {
            CHECK(std::string(error.what()).find("report") != std::string::npos);
            ++refused;
        }
        write_bytes(file, whole);
    }
    CHECK(shown > 0);
    CHECK(refused > 0);
}
