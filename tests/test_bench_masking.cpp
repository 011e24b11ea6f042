#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "benchmarks/masking.hpp"
#include "benchmarks/masking_plan.hpp"
#include "benchmarks/masking_text.hpp"
#include "benchmarks/masking_tracks.hpp"
#include "engine/masking_model.hpp"
#include "tests/audio_files.hpp"
#include "tests/program.hpp"

using namespace tutti;
using namespace tutti::bench;
using namespace tutti::tests;
using Catch::Matchers::Contains;

TEST_CASE("A tiny benchmark of masking writes its tables and its measurements") {
    const TempFolder folder;
    const ProgramResult result =
        run_tutti_bench({"masking", "--objects", "2,5", "--device", "cpu", "--seconds", "1", "--repeat", "2",
                         "--threads", "2", "--json", folder / "r.json", "--markdown", folder / "r.md"});
    INFO(result.output << result.errors);
    REQUIRE(result.status == 0);
    const std::string markdown = read_bytes(folder / "r.md");
    CHECK(markdown == result.output);
    CHECK_THAT(markdown, Contains("### 5 tracks, "));
    CHECK_THAT(markdown, Contains("| masking_product "));

    const nlohmann::json report = nlohmann::json::parse(read_bytes(folder / "r.json"));
    CHECK(report["is_right"] == true);
    CHECK(report["errors"].size() == 4);
    CHECK(report["peak_operations_per_s"] > 0.0);
    CHECK(report["copy_bytes_per_s"] > 0.0);
    REQUIRE(report["cases"].size() == 2);
    const nlohmann::json& last = report["cases"][1];
    CHECK(last["tracks"] == 5);
    CHECK(last["wall_s_per_s"].size() == 2);
    CHECK(last["active_share"] > 0.0);
    CHECK(last["pairs_share"] > 0.0);
    REQUIRE(last["stages"].size() == 6);
    for (const nlohmann::json& stage : last["stages"]) {
        CAPTURE(stage["name"]);
        CHECK(stage["s_per_s"] > 0.0);
        CHECK(stage["bytes_per_s_of_audio"] > 0.0);
    }
    CHECK(last["stages"][0]["operations_per_s_of_audio"] > 0.0);
}

TEST_CASE("A benchmark of masking says what is wrong with a folder of stems") {
    const TempFolder folder;
    const ProgramResult result =
        run_tutti_bench({"masking", "--device", "cpu", "--stems", folder.path().string()});
    CHECK(result.status == 2);
    CHECK_THAT(result.errors, Contains("holds no audio files"));
}

TEST_CASE("A benchmark of masking times nothing that differs from the textbook") {
    MaskingReport report;
    report.errors = {{"excitation", 1e-6}, {"clash", 2.0 * most_masking_error}};
    CHECK_FALSE(report.is_right());
    CHECK_THAT(masking_heading(report), Contains("nothing is timed"));
    report.errors.back().error = std::nan("");
    CHECK_FALSE(report.is_right());
    report.errors.back().error = most_masking_error;
    CHECK(report.is_right());
}

TEST_CASE("The synthetic tracks of the benchmark are the same every time, and every one of them sounds") {
    constexpr int track_count = 3;
    constexpr int frame_count = 48000;
    std::vector<float> once(2 * track_count * frame_count);
    std::vector<float> again(once.size());
    synthetic_tracks(track_count)->next(once, frame_count);
    const auto tracks = synthetic_tracks(track_count);
    for (int i = 0; i < 2; ++i) tracks->next(again, frame_count);
    CHECK(again != once);
    synthetic_tracks(track_count)->next(again, frame_count);
    CHECK(again == once);
    for (int track = 0; track < track_count; ++track) {
        float peak = 0.0F;
        for (int i = 0; i < 2 * frame_count; ++i) {
            peak = std::max(peak, std::abs(once[2 * track * frame_count + i]));
        }
        CHECK(peak > 0.01F);
        CHECK(peak < 1.0F);
    }
}

TEST_CASE("The operations that a stage needs grow as the tracks, those of pairs as their square") {
    const MaskingSetup few(4);
    const MaskingSetup many(12);
    for (const char* stage : {"excitation_spectrum", "excitation_product"}) {
        CHECK(needed_operations(few, stage, 0.0) > 0.0);
        CHECK(needed_operations(many, stage, 0.0) == Approx(3.0 * needed_operations(few, stage, 0.0)));
    }
    const double cells = 1000.0;
    CHECK(needed_operations(many, "masking_product", 3.0 * cells) ==
          Approx(9.0 * needed_operations(few, "masking_product", cells)));
    CHECK(needed_operations(few, "masking_cells", cells) == 0.0);
}
