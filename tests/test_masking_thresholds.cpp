#include <catch2/catch.hpp>
#include <cmath>

#include "benchmarks/masking_thresholds.hpp"
#include "tests/audio_files.hpp"
#include "tests/backends.hpp"
#include "tests/program.hpp"

using namespace tutti;
using namespace tutti::tests;

TEST_CASE("A tone in noise crosses a margin of 0 dB within 4 dB of the thresholds of ISO/PAS 20065") {
    on_every_backend([](Backend& backend) {
        // On a device in software a second is a long time.
        const int seconds = backend.info().kind == DeviceKind::software_gpu ? 2 : 8;
        for (const bench::MaskedThreshold& t : bench::find_masked_thresholds(backend, seconds)) {
            CAPTURE(t.hz, t.standard_db, t.found_db);
            CHECK(std::abs(t.found_db - t.standard_db) < 4.0);
        }
    });
}

TEST_CASE("tutti-bench draws masked thresholds") {
    const TempFolder folder;
    const std::string picture = (folder / "thresholds.png").string();
    const ProgramResult result =
        run_tutti_bench({"masked-thresholds", "--device", "cpu", "--seconds", "4", "--png", picture});
    CAPTURE(result.output, result.errors);
    CHECK(result.status == 0);
    CHECK(result.output.find("8000") != std::string::npos);
    CHECK(read_bytes(picture).substr(1, 3) == "PNG");
    CHECK(run_tutti_bench({"masked-thresholds", "--seconds", "0"}).status == 2);
}
