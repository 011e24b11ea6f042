#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/errors.hpp"
#include "host/masking_arrays.hpp"
#include "host/masking_report.hpp"
#include "host/masking_report_json.hpp"
#include "host/masking_summary.hpp"
#include "tests/audio_files.hpp"
#include "tests/masking_session.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

constexpr MaskingReportOptions only_numbers{false, false, false, 1.0};

const MaskingResults& small_results() {
    static const MaskingResults results = synthetic_masking(6, 12.0);
    return results;
}

std::string refusal(const std::filesystem::path& folder) {
    try {
        read_masking_report(folder);
    } catch (const InputError& error) {
        return error.what();
    }
    return "it was read";
}

void replace_in(const std::filesystem::path& file, const std::string& old_text, const std::string& new_text) {
    std::string text = read_bytes(file);
    const std::size_t at = text.find(old_text);
    REQUIRE(at != std::string::npos);
    write_bytes(file, text.replace(at, old_text.size(), new_text));
}

nlohmann::json report_of(const std::filesystem::path& folder) {
    return nlohmann::json::parse(read_bytes(folder / "report.json"));
}

/// The same bits: not-a-number equals itself here.
bool same_arrays(const MaskingResults& a, const MaskingResults& b) {
    std::vector<std::string> bytes[2];
    for (const bool second : {false, true}) {
        for_each_masking_array(second ? b : a, [&](const MaskingArray&, const auto& elements) {
            bytes[second ? 1 : 0].emplace_back(reinterpret_cast<const char*>(elements.data()),
                                               elements.size() * sizeof elements[0]);
        });
    }
    return bytes[0] == bytes[1];
}

}  // namespace

TEST_CASE("A masking report that is written and read is what it was") {
    const TempFolder folder;
    MaskingResults results = small_results();
    results.session_name = "Café \"live\" <&> \n 🎵";
    results.from_s = 61.25;
    results.tracks.objects[0].related = {3};
    results.tracks.objects[3].related = {0};
    results.calibration.mix_lufs.reset();
    if (GENERATE(false, true)) results.tempo_bpm.reset();
    write_masking_report(results, {}, folder / "report", only_numbers);
    const MaskingResults read = read_masking_report(folder / "report");
    CHECK(read.session_name == results.session_name);
    CHECK(read.session_file == results.session_file);
    CHECK(read.from_s == results.from_s);
    CHECK(read.duration_s == results.duration_s);
    CHECK(read.tempo_bpm == results.tempo_bpm);
    CHECK(read.hop_count == results.hop_count);
    CHECK(read.section_count == results.section_count);
    CHECK(read.calibration.full_scale_spl_db == results.calibration.full_scale_spl_db);
    CHECK(read.calibration.playback_spl_db == results.calibration.playback_spl_db);
    CHECK_FALSE(read.calibration.mix_lufs);
    CHECK(read.notes == results.notes);
    REQUIRE(read.merges.size() == 1);
    CHECK(read.merges[0].strips == results.merges[0].strips);
    REQUIRE(read.tracks.objects.size() == 6);
    CHECK(read.tracks.objects[2].name == "Lead Vox");
    CHECK(read.tracks.objects[5].is_return);
    CHECK(read.tracks.objects[5].sources == std::vector<int>{2});
    CHECK(read.tracks.objects[3].related == std::vector<int>{0});
    CHECK(are_relatives(read.tracks, 0, 3));
    CHECK_FALSE(are_relatives(read.tracks, 0, 1));
    CHECK(read.groups.objects.back().strips == results.groups.objects.back().strips);
    CHECK(same_arrays(read, results));
}

TEST_CASE("A masking report of before related tracks were listed has none") {
    const TempFolder folder;
    write_masking_report(small_results(), {}, folder / "report", only_numbers);
    nlohmann::json report = report_of(folder / "report");
    for (nlohmann::json& track : report["tracks"]) track.erase("related");
    write_bytes(folder / "report" / "report.json", report.dump());
    CHECK(read_masking_report(folder / "report").tracks.objects[0].related.empty());
    report["tracks"][0]["related"] = {6};
    write_bytes(folder / "report" / "report.json", report.dump());
    CHECK_THAT(refusal(folder / "report"), Contains("tracks[0].related[0]"));
}

TEST_CASE("A masking report with nothing in it is written and read too") {
    const TempFolder folder;
    MaskingResults nothing;
    nothing.sample_rate_hz = 44100;
    write_masking_report(nothing, {}, folder / "report", only_numbers);
    CHECK(read_masking_report(folder / "report").tracks.objects.empty());
}

TEST_CASE("A report says what is in every file, per track how audible it is, and who hides it") {
    const TempFolder folder;
    write_masking_report(small_results(), {}, folder / "report", only_numbers);
    const nlohmann::json report = report_of(folder / "report");
    CHECK(report["schema"] == "tutti-masking");
    CHECK(report["version"] == 1);
    CHECK(report["grid"]["display_band_hz"].size() == 75);
    CHECK(report["grid"]["band_group_edges_hz"].size() == 16);
    CHECK(report["arrays"].size() == 15);
    CHECK(report["arrays"][0]["file"] == "margin_db.npy");
    CHECK(report["arrays"][0]["dtype"] == "float16");
    CHECK(report["arrays"][0]["axes"][1]["name"] == "display hop");
    CHECK(report["arrays"][0]["axes"][1]["length"] == 120);
    for (const auto& file : report["files"])
        CHECK(std::filesystem::exists(folder / "report" / std::string(file)));

    const nlohmann::json& vox = report["tracks"][2];
    CHECK(vox["name"] == "Lead Vox");
    const nlohmann::json& classes = vox["audibility"];
    CHECK(classes["inaudible"].get<double>() + classes["heavily_masked"].get<double>() +
              classes["partly_masked"].get<double>() + classes["clear"].get<double>() ==
          Approx(1.0));
    double shares = 0.0;
    for (const auto& masker : vox["maskers"]) shares += masker["share"].get<double>();
    CHECK(shares == Approx(1.0));  // it has fewer than are named
    for (const auto& masker : vox["maskers"]) CHECK(masker["name"] != "Plate");  // its own return
    CHECK(vox["loudness_while_active_sone"] >= vox["loudness_sone"]);
    CHECK(vox["active_share"].get<double>() <= 1.0);
}

TEST_CASE("The planted clash has its direction, its blame and its strongest masker") {
    const MaskingResults& results = small_results();
    const MaskingShape shape(results, results.tracks);
    const int band = 41;  // 2.4 kHz
    const int group = band / 5;
    const auto clash = [&](int target, int masker) {
        return results.tracks.clash[shape.pair(1, group, target, masker)];
    };
    CHECK(clash(2, 3) > 3.0F * clash(3, 2));
    CHECK(clash(2, 3) > 3.0F * clash(2, 4));
    CHECK(strongest_maskers(results, 2)[shape.cell(0, 110, band)] == 3);
    CHECK(clash(2, 5) == 0.0F);  // its own return
}

TEST_CASE("The heaviest objects are those with the greatest clash, in the view's order") {
    std::vector<ObjectSummary> summaries(4);
    summaries[0].clash_as_masker = 3.0;
    summaries[1].clash_as_target = 1.0;
    summaries[3].clash_as_target = summaries[3].clash_as_masker = 2.0;
    CHECK(heaviest_objects(summaries, 2) == std::vector<int>{0, 3});
    CHECK(heaviest_objects(summaries, 9) == std::vector<int>{0, 1, 2, 3});
}

TEST_CASE("A report replaces an older one, and nothing else") {
    const TempFolder folder;
    const std::filesystem::path report = folder / "report";
    write_masking_report(small_results(), {}, report, only_numbers);
    SECTION("another report") {
        write_masking_report(synthetic_masking(3, 3.0), {}, report, only_numbers);
        CHECK(read_masking_report(report).tracks.objects.size() == 3);
    }
    SECTION("with a file of the user's in it") {
        write_bytes(report / "my notes.txt", "keep");
        CHECK_THROWS_WITH(write_masking_report(small_results(), {}, report, only_numbers),
                          Contains("my notes.txt"));
        CHECK(read_bytes(report / "my notes.txt") == "keep");
    }
    SECTION("a folder that is no report") {
        std::filesystem::create_directory(folder / "music");
        write_bytes(folder / "music" / "a.wav", "RIFF");
        CHECK_THROWS_WITH(check_masking_report_folder(folder / "music"), Contains("a.wav"));
        CHECK_THROWS_AS(write_masking_report(small_results(), {}, folder / "music", only_numbers),
                        InputError);
        CHECK(read_bytes(folder / "music" / "a.wav") == "RIFF");
        std::filesystem::remove_all(folder / "music");
    }
    SECTION("an empty folder, named with a slash at its end") {
        std::filesystem::remove_all(report);
        std::filesystem::create_directory(report);
        write_masking_report(small_results(), {}, report / "", only_numbers);
        CHECK(read_masking_report(report).tracks.objects.size() == 6);
    }
    SECTION("a folder behind a link") {
        std::filesystem::create_directory_symlink(report, folder / "link");
        write_masking_report(synthetic_masking(3, 3.0), {}, folder / "link", only_numbers);
        CHECK(std::filesystem::is_symlink(folder / "link"));
        CHECK(read_masking_report(report).tracks.objects.size() == 3);
        std::filesystem::remove(folder / "link");
    }
    CHECK(folder.names() == std::vector<std::string>{"report"});
}

TEST_CASE(
    "A report in a folder that is missing, or under a file's name, is refused before anything is computed") {
    const TempFolder folder;
    write_bytes(folder / "file", "x");
    CHECK_THROWS_WITH(check_masking_report_folder(folder / "nowhere/report"), Contains("there is no folder"));
    CHECK_THROWS_WITH(check_masking_report_folder(folder / "file"), Contains("is a file"));
    CHECK_THROWS_AS(check_masking_report_folder(folder / "file/report"), InputError);
    CHECK_NOTHROW(check_masking_report_folder(folder / "report"));
}

TEST_CASE("A full disk leaves no report, and the one that was there") {
    const TempFolder folder;
    const std::filesystem::path small = folder / "small";
    std::filesystem::create_directory(small);
    // The report of six tracks has 550 KiB: there is room for one.
    const std::string mount = "mount -t tmpfs -o size=900k tmpfs '" + small.string() + "' 2>/dev/null";
    if (std::system(mount.c_str()) != 0) return;  // no right to mount here
    write_masking_report(small_results(), {}, small / "report", only_numbers);
    std::string message;
    try {
        write_masking_report(small_results(), {}, small / "report", only_numbers);
    } catch (const InputError& error) {
        message = error.what();
    }
    const bool old_one_is_whole = same_arrays(read_masking_report(small / "report"), small_results());
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(small)) ++count;
    CHECK(std::system(("umount '" + small.string() + "'").c_str()) == 0);
    CHECK_THAT(message, Contains((small / "report").string()) && Contains("No space left"));
    CHECK_THAT(message, !Contains(".partial-"));
    CHECK(old_one_is_whole);
    CHECK(count == 1);
}

TEST_CASE("A damaged report is refused with its file and the reason") {
    const TempFolder folder;
    const std::filesystem::path report = folder / "report";
    CHECK_THAT(refusal(report), Contains("report.json"));
    write_masking_report(small_results(), {}, report, only_numbers);
    const std::filesystem::path json = report / "report.json";
    const std::string clash = read_bytes(report / "clash.npy");
    SECTION("of another version") {
        replace_in(json, "\"version\": 1", "\"version\": 2");
        CHECK_THAT(refusal(report),
                   Contains("report.json") && Contains("version 2") && Contains("version 1"));
    }
    SECTION("no JSON") {
        write_bytes(json, read_bytes(json).substr(0, 500));
        CHECK_THAT(refusal(report), Contains("report.json") && Contains("no JSON"));
    }
    SECTION("another program's JSON") {
        write_bytes(json, "[{\"schema\": 3}]");
        CHECK_THAT(refusal(report), Contains("no report"));
    }
    SECTION("a key is missing") {
        replace_in(json, "\"hop_count\"", "\"hop_cuont\"");
        CHECK_THAT(refusal(report), Contains("lacks grid.hop_count"));
    }
    SECTION("a text for a number") {
        replace_in(json, "\"hop_count\": 120", "\"hop_count\": \"120\"");
        CHECK_THAT(refusal(report), Contains("grid.hop_count: expected a whole number"));
    }
    SECTION("sizes beyond all memory") {
        replace_in(json, "\"hop_count\": 120", "\"hop_count\": 99999999");
        CHECK_THAT(refusal(report), Contains("margin_db.npy") && Contains("shape"));
        replace_in(json, "\"hop_count\": 99999999", "\"hop_count\": 99999999999");
        CHECK_THAT(refusal(report), Contains("grid.hop_count"));
    }
    SECTION("a source that is no track") {
        replace_in(json, "\"sources\": [\n    2", "\"sources\": [\n    6");
        CHECK_THAT(refusal(report), Contains("tracks[5].sources[0]"));
    }
    SECTION("other bands") {
        replace_in(json, "\"display_band_hz\": [", "\"display_band_hz\": [ 1.0,");
        CHECK_THAT(refusal(report), Contains("grid.display_band_hz"));
    }
    SECTION("an array is missing") {
        std::filesystem::remove(report / "clash.npy");
        CHECK_THAT(refusal(report), Contains("clash.npy") && Contains("missing"));
    }
    SECTION("an array is cut off") {
        write_bytes(report / "clash.npy", clash.substr(0, clash.size() - 1));
        CHECK_THAT(refusal(report), Contains("clash.npy") && Contains("bytes"));
    }
    SECTION("an array is longer than it says") {
        write_bytes(report / "clash.npy", clash + "x");
        CHECK_THAT(refusal(report), Contains("clash.npy") && Contains("bytes"));
    }
    SECTION("an array of other numbers") {
        std::filesystem::copy_file(report / "loudness.npy", report / "clash.npy",
                                   std::filesystem::copy_options::overwrite_existing);
        CHECK_THAT(refusal(report), Contains("clash.npy") && Contains("<f2") && Contains("float32"));
    }
    SECTION("an array of another shape") {
        std::filesystem::copy_file(report / "group_clash.npy", report / "clash.npy",
                                   std::filesystem::copy_options::overwrite_existing);
        CHECK_THAT(refusal(report), Contains("clash.npy") && Contains("(2, 15, 6, 6)"));
    }
}

TEST_CASE("Any byte of a report's files may be wrong: it is read or refused, and nothing else") {
    const TempFolder folder;
    const std::filesystem::path report = folder / "report";
    write_masking_report(synthetic_masking(2, 1.0), {}, report, only_numbers);
    const std::string file = GENERATE(as<std::string>(), "report.json", "audibility.npy");
    const std::string bytes = read_bytes(report / file);
    const std::size_t step = file == "report.json" ? 149 : 3;
    const std::size_t end = file == "report.json" ? bytes.size() : 140;
    for (std::size_t at = 0; at < end; at += step) {
        for (const char wrong : {'9', '\xff'}) {
            std::string damaged = bytes;
            damaged[at] = wrong;
            write_bytes(report / file, damaged);
            CHECK_NOTHROW(refusal(report));
        }
    }
}
