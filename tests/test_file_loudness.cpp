#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "tests/loudness_files.hpp"

using namespace tutti::tests;

namespace {

double stationary_sone(const std::filesystem::path& file) {
    return loudness_of(file)["files"][0]["stationary"]["sone"];
}

}  // namespace

TEST_CASE("tutti loudness: tones in files are as loud as ANSI S3.4-2007 says") {
    const TempFolder folder;
    const auto check = [&](const Spectrum& lines, double sone, double tolerance) {
        write_float(folder / "tone.wav", {sound_of(lines, 0.75)});
        CAPTURE(lines.front().hz, lines.front().spl_db);
        CHECK(stationary_sone(folder / "tone.wav") == Approx(sone).epsilon(tolerance));
    };
    check(tone(1000.0, 20.0), .142, .01);
    check(tone(1000.0, 40.0), .997, .002);
    check(tone(1000.0, 80.0), 15.980, .001);
    check(tone(100.0, 50.0), .345, .01);
    check(tone(3000.0, 60.0), 7.1, .01);
    check(together(tone(1500.0, 60.0), together(tone(1600.0, 60.0), tone(1700.0, 60.0))), 6.35, .005);
    check(together(tone(1000.0, 60.0), together(tone(1600.0, 60.0), tone(2400.0, 60.0))), 12.62, .005);
}

TEST_CASE("tutti loudness: the sample rate changes nothing") {
    const TempFolder folder;
    for (const int rate_hz : {8000, 44100, 96000, 192000}) {
        write_float(folder / "tone.wav", {sound_of(tone(1000.0, 60.0), 0.5, rate_hz)}, rate_hz);
        CAPTURE(rate_hz);
        CHECK(stationary_sone(folder / "tone.wav") == Approx(4.166).epsilon(.001));
    }
}

TEST_CASE("tutti loudness: bands of noise in files are as loud as ANSI S3.4-2007 says") {
    const TempFolder folder;
    const auto check = [&](const Spectrum& lines, double sone) {
        write_float(folder / "noise.wav", {sound_of(lines, 0.75)});
        CHECK(stationary_sone(folder / "noise.wav") == Approx(sone).epsilon(0.01));
    };
    // The standard's noise is lines 10 Hz apart.
    check(white_noise(950.0, 1050.0, 40.0), 4.25);
    check(white_noise(500.0, 1500.0, 40.0), 14.29);
    check(together(white_noise(950.0, 1050.0, 40.0), tone(1000.0, 60.0)), 5.14);
}

TEST_CASE("tutti loudness: pink noise in files is as loud as ANSI S3.4-2007 says") {
    const TempFolder folder;
    const std::vector<std::pair<double, double>> densities_and_sones{{20.0, 16.00}, {40.0, 49.28}};
    for (const auto& pair : densities_and_sones) {
        const double density_db = pair.first;
        const double sone = pair.second;
        // Lines 0.25 Hz apart, of which windows of a second see a part each.
        write_float(folder / "noise.wav", {shaped_noise(4 * 48000, 50.0, 15000.0, [&](double hz) {
                        return density_db - 10.0 * std::log10(hz / 1000.0);
                    })});
        CAPTURE(density_db);
        CHECK(stationary_sone(folder / "noise.wav") == Approx(sone).epsilon(0.01));
    }
}

TEST_CASE("tutti loudness: fields differ as the ear does, and mono is heard by both ears") {
    const TempFolder folder;
    const auto file = folder / "tone.wav";
    const std::vector<double> x = sound_of(tone(3150.0, 50.0), 0.5);
    write_float(file, {x});
    const Json mono = loudness_of(file)["files"][0];
    CHECK(mono["channels"] == 1);
    CHECK(mono["stationary"]["left_sone"] == mono["stationary"]["right_sone"]);
    const double front = mono["stationary"]["phon"];
    const double diffuse = loudness_of(file, {"--field", "diffuse"})["files"][0]["stationary"]["phon"];
    const double eardrum = loudness_of(file, {"--field", "eardrum"})["files"][0]["stationary"]["phon"];
    // 15.2, 14.4 and 0 dB of the outer ear; a decibel at 3.15 kHz is about as many phon.
    CHECK(front - diffuse == Approx(0.8).margin(0.15));
    CHECK(front - eardrum == Approx(15.2).margin(1.0));

    write_float(file, {x, std::vector<double>(x.size(), 0.0)});
    const Json one_ear = loudness_of(file)["files"][0];
    CHECK(one_ear["stationary"]["right_sone"] == 0.0);
    CHECK(one_ear["stationary"]["sone"].get<double>() ==
          Approx(mono["stationary"]["sone"].get<double>() / 2.0).epsilon(1e-4));
}

TEST_CASE("tutti loudness: specific loudness adds up to the loudness, band for band") {
    const TempFolder folder;
    write_float(folder / "tone.wav", {sound_of(tone(1000.0, 60.0), 0.5)});
    const Json report = loudness_of(folder / "tone.wav");
    const Json& stationary = report["files"][0]["stationary"];
    REQUIRE(report["band_hz"].size() == 372);
    REQUIRE(stationary["left_sone_per_cam"].size() == 372);
    double sum = 0.0;
    std::size_t peak = 0;
    for (std::size_t band = 0; band < 372; ++band) {
        const double here = stationary["left_sone_per_cam"][band];
        sum += 2.0 * 0.1 * here;
        if (here > stationary["left_sone_per_cam"][peak].get<double>()) peak = band;
    }
    CHECK(sum == Approx(stationary["sone"].get<double>()).epsilon(1e-9));
    CHECK(report["band_hz"][peak].get<double>() == Approx(1000.0).epsilon(0.02));
}

TEST_CASE("tutti loudness: over time, a long tone comes to its loudness and fades as ISO 532-3 says") {
    const TempFolder folder;
    std::vector<double> x = sound_of(tone(1000.0, 60.0), 1.5);
    for (int i = 0; i < 960; ++i) x[x.size() - 1 - i] *= i / 960.0;  // no click
    x.resize(3 * 48000, 0.0);                                        // and as much silence
    write_float(folder / "tone.wav", {x});
    const Json over_time = loudness_of(folder / "tone.wav")["files"][0]["over_time"];
    const auto short_term = over_time["short_term_sone"].get<std::vector<double>>();
    const auto long_term = over_time["long_term_sone"].get<std::vector<double>>();
    REQUIRE(short_term.size() == 300);
    REQUIRE(long_term.size() == 300);
    // A window of 16 ms widens a line to 1.5 / 16 ms = 94 Hz, most of an ERB: some per cent more.
    CHECK(short_term[140] == Approx(4.166).epsilon(0.05));
    CHECK(short_term[140] > 4.1);
    CHECK(over_time["max_short_term_sone"].get<double>() >= short_term[140]);
    // 1.4 s are 14 time constants of the attack.
    CHECK(long_term[140] == Approx(short_term[140]).epsilon(0.001));
    CHECK(over_time["max_long_term_sone"].get<double>() == Approx(long_term[140]).epsilon(0.001));
    // (1 - 0.033)^n and (1 - 0.00133)^n per n ms, once the tone is over.
    CHECK(short_term[170] / short_term[160] == Approx(std::pow(1.0 - 0.033, 100)).epsilon(0.01));
    CHECK(long_term[290] / long_term[190] == Approx(std::pow(1.0 - 0.00133, 1000)).epsilon(0.01));
    CHECK(std::is_sorted(long_term.begin(), long_term.begin() + 145));
}

TEST_CASE("tutti loudness: shorter than a window, a single frame, and silence") {
    const TempFolder folder;
    write_float(folder / "short.wav", {sound_of(tone(1000.0, 60.0), 0.03)});
    CHECK(stationary_sone(folder / "short.wav") == Approx(4.166).epsilon(0.15));
    write_float(folder / "frame.wav", {{0.5}});
    CHECK(loudness_of(folder / "frame.wav")["files"][0]["over_time"]["max_short_term_sone"] > 0.0);
    write_float(folder / "silence.wav", {std::vector<double>(5000, 0.0)});
    const ProgramResult silent =
        run_tutti({"loudness", (folder / "silence.wav").string(), "--full-scale-spl", "100"});
    CHECK(silent.status == 0);
    CHECK(silent.output.find("0 sone, below 0 phon") != std::string::npos);
    CHECK(stationary_sone(folder / "silence.wav") == 0.0);
}

TEST_CASE("tutti loudness: louder by calibration is louder by as many decibels") {
    const TempFolder folder;
    write_float(folder / "tone.wav", {sound_of(tone(1000.0, 40.0), 0.5)});
    CHECK(loudness_of(folder / "tone.wav", {}, 120.0)["files"][0]["stationary"]["phon"].get<double>() ==
          Approx(60.0).margin(0.05));
}

TEST_CASE("tutti loudness: bad input is one line and exit 2") {
    const TempFolder folder;
    const std::string tone_file = (folder / "tone.wav").string();
    write_float(tone_file, {sound_of(tone(1000.0, 40.0), 0.1)});
    write_bytes(folder / "text.wav", "this is not a sound\n");
    write_float(folder / "three.wav", Channels(3, std::vector<double>(100, 0.1)));
    write_float(folder / "nan.wav", {{0.1, std::nan(""), 0.1}});
    write_float(folder / "slow.wav", {{0.1, 0.2}}, 200);
    const auto fails = [](std::vector<std::string> arguments, const std::string& word) {
        arguments.insert(arguments.begin(), "loudness");
        const ProgramResult result = run_tutti(arguments);
        CAPTURE(result.output, result.errors);
        CHECK(result.status == 2);
        CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
        CHECK(result.errors.find(word) != std::string::npos);
    };
    fails({tone_file}, "--full-scale-spl");
    fails({"--full-scale-spl", "100"}, "files");
    fails({tone_file, "--full-scale-spl", "0"}, "allowed: 20 to 180");
    fails({tone_file, "--full-scale-spl", "nan"}, "allowed: 20 to 180");
    fails({tone_file, "--full-scale-spl", "-94"}, "allowed: 20 to 180");
    fails({tone_file, "--full-scale-spl", "100", "--field", "near"}, "near");
    fails({(folder / "none.wav").string(), "--full-scale-spl", "100"}, "none.wav");
    fails({(folder / "text.wav").string(), "--full-scale-spl", "100"}, "text.wav");
    fails({(folder / "three.wav").string(), "--full-scale-spl", "100"}, "three.wav");
    fails({(folder / "nan.wav").string(), "--full-scale-spl", "100"}, "nan.wav");
    fails({(folder / "slow.wav").string(), "--full-scale-spl", "100"}, "4000 to 768000 Hz");
    fails({tone_file, "--full-scale-spl", "100", "--json", (folder / "no" / "x.json").string()}, "no");
}
