#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>

#include "engine/errors.hpp"
#include "host/heard_suggestions.hpp"
#include "host/masking_advice.hpp"
#include "host/masking_compare.hpp"
#include "host/masking_report.hpp"
#include "tests/program.hpp"
#include "tests/session_folder.hpp"

namespace tutti::tests {

namespace {

constexpr int frame_count = 3 * test_rate_hz;

/// Noise between two frequencies: sines 7 Hz apart, their phases from a generator.
std::vector<double> noise_band(double low_hz, double high_hz, double rms) {
    std::vector<double> samples(frame_count);
    std::uint32_t random = 7;
    int count = 0;
    for (double hz = low_hz; hz <= high_hz; hz += 7.0, ++count) {
        random = random * 1664525U + 1013904223U;
        const double phase = 2.0 * std::numbers::pi * (random >> 8U) / 16777216.0;
        for (int i = 0; i < frame_count; ++i)
            samples[i] += std::sin(2.0 * std::numbers::pi * hz * i / test_rate_hz + phase);
    }
    for (double& sample : samples) sample *= rms * std::sqrt(2.0 / count);
    return samples;
}

std::vector<double> tone_samples(double hz, double rms) {
    std::vector<double> samples(frame_count);
    for (int i = 0; i < frame_count; ++i)
        samples[i] = rms * std::sqrt(2.0) * std::sin(2.0 * std::numbers::pi * hz * i / test_rate_hz);
    return samples;
}

void analyse(const SessionFolder& folder, const std::vector<std::string>& arguments, std::string* output) {
    std::vector<std::string> all{"masking"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const ProgramResult result = run_tutti(all);
    INFO(result.errors);
    REQUIRE(result.status == 0);
    if (output != nullptr) *output = result.output;
    CHECK(folder.names().size() >= 3);
}

}  // namespace

TEST_CASE("what a suggestion promises is measured when it is applied and the session analysed again") {
    const SessionFolder folder;
    folder.add_stem("vox.wav", {tone_samples(1000.0, 0.1)});
    folder.add_stem("snare.wav", {noise_band(900.0, 1200.0, 0.06)});
    const bool pans = GENERATE(false, true);
    // Vocals and drums keep to the middle; a pad makes room.
    const std::string masker = pans ? "Pad" : "Snare";
    folder.write_session(
        "[[track]]\nname = \"Lead Vox\" # the singer\nfile = \"vox.wav\"\n[[track]]\nname = \"" + masker +
        "\"\nfile = \"snare.wav\"\n");
    const std::string before = folder.path("before");
    const std::string tamed = folder.path("tamed.toml");
    const std::string after = folder.path("after");
    std::string said;
    analyse(folder, {folder.session(), "-o", before, "--apply", tamed, "--device", "cpu"}, &said);
    INFO(said);
    CHECK(said.find("Lead Vox") != std::string::npos);
    CHECK(said.find("wrote " + tamed) != std::string::npos);

    const Session session = read_session(tamed);
    if (pans) {
        CHECK(session.tracks[1].pan != 0.0);
    } else {
        REQUIRE(session.tracks[1].inserts.size() == 1);
        CHECK(std::holds_alternative<EqInsert>(session.tracks[1].inserts[0].processor));
    }

    analyse(folder, {tamed, "-o", after, "--compare", before, "--device", "cpu"}, &said);
    INFO(said);
    CHECK(said.find("expected  measured") != std::string::npos);
    CHECK(std::filesystem::exists(std::filesystem::path(after) / "difference_matrix.png"));
    const MaskingResults first = read_masking_report(before);
    const MaskingResults second = read_masking_report(after);
    CHECK(first.calibration.full_scale_spl_db == Approx(second.calibration.full_scale_spl_db));
    const MaskingComparison comparison = compare_masking(first, read_suggestions(before, first), second);
    REQUIRE_FALSE(comparison.lines.empty());
    for (const MaskingComparison::Line& line : comparison.lines) {
        CHECK(line.expected > 0.0);
        CHECK(line.measured > line.expected / 2.0);
        CHECK(line.measured < line.expected * 2.0);
    }
}

TEST_CASE("what a bus's compressor makes of suggestions is heard before it is promised") {
    const SessionFolder folder;
    folder.add_stem("vox.wav", {tone_samples(1000.0, 0.1)});
    folder.add_stem("pad.wav", {noise_band(900.0, 1200.0, 0.06)});
    folder.write_session(
        "[[track]]\nname = \"Lead Vox\"\nfile = \"vox.wav\"\noutput = \"All\"\n"
        "[[track]]\nname = \"Pad\"\nfile = \"pad.wav\"\noutput = \"All\"\n"
        "[[bus]]\nname = \"All\"\n  [[bus.insert]]\n  type = \"compressor\"\n  threshold_db = -40\n"
        "  ratio = 10\n");
    const std::string before = folder.path("before");
    const std::string tamed = folder.path("tamed.toml");
    const std::string after = folder.path("after");
    analyse(folder, {folder.session(), "-o", before, "--apply", tamed, "--device", "cpu"}, nullptr);
    analyse(folder, {tamed, "-o", after, "--compare", before, "--device", "cpu"}, nullptr);
    const MaskingResults first = read_masking_report(before);
    const Suggestions promised = read_suggestions(before, first);
    const MaskingComparison comparison = compare_masking(first, promised, read_masking_report(after));
    REQUIRE_FALSE(comparison.lines.empty());
    for (const MaskingComparison::Line& line : comparison.lines)
        CHECK(line.measured == Approx(line.expected).epsilon(1e-3));
    CHECK(comparison.measured_total == Approx(comparison.expected_total).epsilon(1e-3));

    // With the compressor held still, it would be another promise.
    const std::string still = folder.path("still");
    analyse(folder, {folder.session(), "-o", still, "--device", "cpu"}, nullptr);
    const Suggestions forecast = read_suggestions(still, read_masking_report(still));
    REQUIRE(forecast.list.size() >= promised.list.size());
    CHECK(std::abs(forecast.total_change - promised.total_change) > 0.05 * promised.total_change);
}

TEST_CASE("dynamics answer to a change on a bus behind it or keyed by it, not before it or on the master") {
    const auto moves = [](const std::string& text) {
        const Session session = parse_session(
            "[session]\nsample_rate = 48000\n[[track]]\nname = \"A\"\nfile = \"a.wav\"\n" + text, "s.toml",
            false);
        Suggestions suggestions;
        suggestions.list.emplace_back().strips = {"A"};
        return moves_dynamics(session, suggestions);
    };
    const std::string compressor = "type = \"compressor\"\n";
    const std::string bus = "[[bus]]\nname = \"B\"\n[[bus.insert]]\n";
    CHECK_FALSE(moves(""));
    CHECK_FALSE(moves("[[track.insert]]\n" + compressor));
    CHECK_FALSE(moves("[master]\n[[master.insert]]\n" + compressor));
    CHECK_FALSE(moves(bus + compressor));
    CHECK(moves("output = \"B\"\n" + bus + compressor));
    CHECK(moves("output = \"B\"\n" + bus + "type = \"gate\"\n"));
    CHECK_FALSE(moves("output = \"B\"\n" + bus + compressor + "bypass = true\n"));
    CHECK_FALSE(moves("output = \"B\"\n" + bus + "type = \"gain\"\ngain_db = 1\n"));
    CHECK(moves("[[track.send]]\nto = \"B\"\n" + bus + compressor));
    CHECK(moves("output = \"C\"\n[[bus]]\nname = \"C\"\noutput = \"B\"\n" + bus + compressor));
    CHECK(moves("[[track]]\nname = \"D\"\nfile = \"d.wav\"\n[[track.insert]]\n" + compressor +
                "sidechain = \"A\"\n"));
    // Keyed by another, it does not hear what passes through it.
    CHECK_FALSE(moves("output = \"B\"\n[[track]]\nname = \"D\"\nfile = \"d.wav\"\n" + bus + compressor +
                      "sidechain = \"D\"\n"));
}

TEST_CASE("a full disk under --apply leaves the report, and the message says which of the two is missing") {
    const SessionFolder folder;
    folder.add_stem("vox.wav", {tone_samples(1000.0, 0.1)});
    folder.write_session("[[track]]\nname = \"Lead Vox\"\nfile = \"vox.wav\"\n");
    const ProgramResult result = run_tutti({"masking", folder.session(), "-o", folder.path("report"),
                                            "--device", "cpu", "--apply", "/dev/full"});
    CAPTURE(result.errors);
    CHECK(result.status == 2);
    CHECK(result.errors.find("--apply: /dev/full: cannot be written: No space left on device; the report is "
                             "complete, in " +
                             folder.path("report").string()) != std::string::npos);
    CHECK(read_masking_report(folder.path("report")).tracks.objects.size() == 1);
}

TEST_CASE("options --apply and --compare say what they cannot use before anything is computed") {
    const SessionFolder folder;
    folder.add_stem("vox.wav", {tone_samples(1000.0, 0.1)});
    folder.write_session("[[track]]\nname = \"Lead Vox\"\nfile = \"vox.wav\"\n");
    const ProgramResult itself =
        run_tutti({"masking", folder.session(), "-o", folder.path("report"), "--apply", folder.session()});
    CHECK(itself.status == 2);
    CHECK(itself.errors.find("found the session itself") != std::string::npos);
    const ProgramResult nothing = run_tutti(
        {"masking", folder.session(), "-o", folder.path("report"), "--compare", folder.path("none")});
    CHECK(nothing.status == 2);
    CHECK(nothing.errors.find("none") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path("report")));
}

}  // namespace tutti::tests
