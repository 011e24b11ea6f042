#include <catch2/catch.hpp>

#include "host/masking_report.hpp"
#include "tests/audio_files.hpp"
#include "tests/masking_session.hpp"
#include "tests/program.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Matchers::Matches;

TEST_CASE("a script says how long frames took, part by part, and the program when the first was there",
          "[vulkan]") {
    const TempFolder folder;
    write_masking_report(synthetic_masking(4, 10.0), {}, folder / "report", {false, false, false, 1.0});
    write_bytes(folder / "script", "timings\nframes 5\ntimings \"five frames\"\ntheme light\n");
    const ProgramResult result =
        run_tutti_viewer({folder / "report", "--offscreen", "--script", folder / "script", "--timings"});
    CHECK(result.status == 0);
    CHECK_THAT(result.output, Matches("first frame after [0-9.]+ s; CPU: [0-9.]+ s\n"
                                      "no frames\n"
                                      "five frames: 5 frames: median [^\n]* CPU: median [^\n]*\n"
                                      "2 frames: [^\n]*\n"));
}
