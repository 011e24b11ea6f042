#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "tests/loudness_files.hpp"

using namespace tutti::tests;

namespace {

constexpr double audible_sone = 0.0031;  ///< of 1 kHz at 2.2 dB, ANSI S3.4-2007

/// What the program says of sounds in files, all in one run.
std::vector<Json> heard(const std::vector<std::vector<double>>& sounds) {
    const TempFolder folder;
    std::vector<std::filesystem::path> files;
    for (const std::vector<double>& sound : sounds) {
        files.push_back(folder / (std::to_string(files.size()) + ".wav"));
        write_float(files.back(), {sound});
    }
    const Json report = loudness_of(files);
    std::vector<Json> found;
    for (const Json& file : report["files"]) found.push_back(file);
    return found;
}

std::vector<Json> heard_lines(const std::vector<Spectrum>& spectra, double seconds) {
    std::vector<std::vector<double>> sounds;
    for (const Spectrum& lines : spectra) sounds.push_back(sound_of(lines, seconds));
    return heard(sounds);
}

double phon(const Json& file) { return file["stationary"]["phon"]; }
double sone(const Json& file) { return file["stationary"]["sone"]; }

/// Sone to phon as ISO 532-2:2017 tabulates it, on its own scale.
double iso_phon(double sone) {
    struct Row {
        double phon, sone;
    };
    constexpr Row table[] = {{25, .26},  {30, .43},  {35, .67},  {40, 1.00}, {45, 1.46}, {50, 2.09},
                             {55, 2.96}, {60, 4.14}, {65, 5.77}, {70, 8.04}, {75, 11.2}, {80, 15.8}};
    const Row* above = table + 1;
    while (above->sone < sone) ++above;
    const Row& below = *(above - 1);
    return below.phon +
           (above->phon - below.phon) * std::log(sone / below.sone) / std::log(above->sone / below.sone);
}

Spectrum harmonics_of_100_hz() {
    Spectrum lines;
    for (int n = 1; n <= 10; ++n) lines.push_back({100.0 * n, 30.0});
    return lines;
}

/// ISO 226:2003, table 1 and equation 1: the level of a tone as loud as `phon`.
struct EqualLoudness {
    double hz, exponent, transfer_db, threshold_db;

    double spl_db(double phon) const {
        const double at_1_khz = 4.47e-3 * (std::pow(10.0, 0.025 * phon) - 1.15);
        const double at_threshold =
            std::pow(0.4 * std::pow(10.0, (threshold_db + transfer_db) / 10.0 - 9.0), exponent);
        return 10.0 / exponent * std::log10(at_1_khz + at_threshold) - transfer_db + 94.0;
    }
};

}  // namespace

TEST_CASE("tutti loudness: absolute thresholds are those of ISO 389-7 within 0.3 dB") {
    struct Threshold {
        double hz, spl_db;
    };
    // ISO 389-7:2005, free field, from 63 Hz to 6.3 kHz; the same as T_f of ISO 226:2003.
    const std::vector<Threshold> thresholds{
        {63, 37.5},  {100, 26.5}, {160, 17.9},  {250, 11.4},  {400, 6.2},   {630, 3.0}, {800, 2.2},
        {1250, 3.5}, {1600, 1.7}, {2500, -4.2}, {3150, -6.0}, {5000, -1.5}, {6300, 6.0}};
    std::vector<Spectrum> around;
    for (const Threshold& t : thresholds) {
        for (const double off_db : {-0.3, 0.3}) around.push_back(tone(t.hz, t.spl_db + off_db));
    }
    const std::vector<Json> found = heard_lines(around, 0.5);
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        CAPTURE(thresholds[i].hz);
        CHECK(sone(found[2 * i]) < audible_sone);
        CHECK(sone(found[2 * i + 1]) > audible_sone);
    }
}

TEST_CASE("tutti loudness: the examples of ISO 532-2 are as loud in phon on ANSI's scale") {
    struct Row {
        Spectrum sound;
        double phon;
    };
    // ISO 532-2:2017, annex B. Its constants differ from ANSI's a little, so loudness levels are compared;
    // where it gives three digits of sone, by its own table. They round to 0.1 phon; its uncertainty is 2.8.
    const std::vector<Row> rows{
        {tone(3000.0, 20.0), 28.0},
        {tone(3000.0, 40.0), 48.0},
        {tone(3000.0, 60.0), 68.0},
        {tone(3000.0, 80.0), 87.5},
        {tone(100.0, 50.0), iso_phon(.351)},
        {white_noise(950.0, 1050.0, 40.0), iso_phon(4.21)},
        {white_noise(500.0, 1500.0, 40.0), iso_phon(14.17)},
        {white_noise(500.0, 1500.0, 30.0), iso_phon(7.97)},
        {together(tone(1500.0, 60.0), together(tone(1600.0, 60.0), tone(1700.0, 60.0))), iso_phon(6.31)},
        {together(tone(1000.0, 60.0), together(tone(1600.0, 60.0), tone(2400.0, 60.0))), iso_phon(12.49)},
        {harmonics_of_100_hz(), iso_phon(2.00)},
        {together(white_noise(950.0, 1050.0, 40.0), tone(1000.0, 60.0)), iso_phon(5.09)},
        {together(white_noise(1450.0, 1550.0, 40.0), tone(1000.0, 60.0)), iso_phon(7.17)},
    };
    std::vector<Spectrum> sounds;
    for (const Row& row : rows) sounds.push_back(row.sound);
    const std::vector<Json> found = heard_lines(sounds, 0.5);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i);
        CHECK(phon(found[i]) == Approx(rows[i].phon).margin(0.25));
    }
}

TEST_CASE("tutti loudness: noise in third octaves is as loud as ANSI S3.4-2007 and ISO 532-2 say") {
    struct Row {
        double band_db, sone, phon;
    };
    // ANSI S3.4-2007, noise example 4, in sone; ISO 532-2:2017, B.2.4, in phon (from 25 Hz: nothing more to
    // hear). Near threshold the two differ by 0.4 phon.
    const std::vector<Row> rows{{20, 2.51, 52.8}, {30, 6.26, 66.2}, {40, 12.7, 76.7}, {50, 23.3, 85.2}};
    std::vector<std::vector<double>> sounds;
    for (const Row& row : rows) {
        const auto density_db = [&](double hz) {
            const double centre_hz =
                1000.0 * std::pow(10.0, std::round(10.0 * std::log10(hz / 1000.0)) / 10.0);
            return row.band_db -
                   10.0 * std::log10(centre_hz * (std::pow(10.0, 0.05) - std::pow(10.0, -0.05)));
        };
        sounds.push_back(shaped_noise(4 * 48000, 44.7, 17783.0, density_db));
    }
    const std::vector<Json> found = heard(sounds);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(rows[i].band_db);
        CHECK(sone(found[i]) == Approx(rows[i].sone).epsilon(.01));
        CHECK(phon(found[i]) == Approx(rows[i].phon).margin(0.5));
    }
}

TEST_CASE("tutti loudness: noise grows louder only when it is wider than a critical band") {
    // Zwicker, Flottorp & Stevens, J. Acoust. Soc. Am. 29 (1957) 548-557: at 1 kHz about 160 Hz. 60 dB in
    // all.
    const std::vector<double> widths_hz{40, 80, 160, 320, 640, 1280};
    std::vector<Spectrum> sounds{tone(1000.0, 60.0)};
    for (const double width_hz : widths_hz) {
        Spectrum lines;
        for (double hz = 1000.0 - width_hz / 2.0 + 5.0; hz < 1000.0 + width_hz / 2.0; hz += 10.0)
            lines.push_back({hz, 60.0 - 10.0 * std::log10(width_hz / 10.0)});
        sounds.push_back(lines);
    }
    const std::vector<Json> found = heard_lines(sounds, 0.5);
    const double alone = sone(found[0]);
    for (std::size_t i = 1; i <= 3; ++i) CHECK(sone(found[i]) == Approx(alone).epsilon(0.06));
    for (std::size_t i = 4; i < found.size(); ++i) CHECK(sone(found[i]) > 1.1 * sone(found[i - 1]));
    // ANSI S3.4-2007, noise example 2: 8.02 sone for 1000 Hz.
    CHECK(sone(found.back()) > 8.02);
    CHECK(sone(found.back()) < 2.5 * alone);
}

TEST_CASE("tutti loudness: tones up to 1.25 kHz lie on the contours of ISO 226 within the uncertainty") {
    // 2.8 phon: ISO 532-2:2017, clause 9. Above 1.6 kHz the standards part: by ISO 532-2 a tone of 3 kHz and
    // 60 dB has 68.0 phon (see above), by ISO 226 about 63.
    const std::vector<EqualLoudness> contours{{315, .288, -1.1, 8.6}, {400, .276, -0.4, 6.2},
                                              {500, .267, 0.0, 4.4},  {630, .259, 0.3, 3.0},
                                              {800, .253, 0.5, 2.2},  {1250, .246, -2.7, 3.5}};
    const std::vector<EqualLoudness> low{{50, .432, -15.9, 44.0},
                                         {63, .409, -13.0, 37.5},
                                         {80, .387, -10.3, 31.5},
                                         {125, .349, -6.2, 22.1},
                                         {200, .315, -3.1, 14.4}};
    std::vector<Spectrum> sounds;
    std::vector<double> levels;
    const auto add = [&](const EqualLoudness& contour, double level) {
        sounds.push_back(tone(contour.hz, contour.spl_db(level)));
        levels.push_back(level);
    };
    for (const EqualLoudness& contour : contours) {
        for (const double level : {40.0, 60.0, 80.0}) add(contour, level);
    }
    for (const EqualLoudness& contour : low) add(contour, 60.0);
    const std::vector<Json> found = heard_lines(sounds, 0.5);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        CAPTURE(sounds[i].front().hz, sounds[i].front().spl_db);
        CHECK(phon(found[i]) == Approx(levels[i]).margin(2.8));
    }
}

TEST_CASE("tutti loudness: long tones come over time to what ISO 532-3 says, within its uncertainty") {
    struct Row {
        Spectrum sound;
        double phon;
    };
    // ISO 532-3:2023, annex C: greatest long-term loudness, 2.8 phon (clause 8).
    const std::vector<Row> rows{
        {tone(1000.0, 20.0), 20.0},
        {tone(1000.0, 60.0), 60.0},
        {tone(1000.0, 80.0), 80.0},
        {tone(3000.0, 20.0), 28.8},
        {tone(3000.0, 40.0), 49.0},
        {tone(3000.0, 60.0), 68.6},
        {tone(4000.0, 40.0), 48.9},
        {tone(100.0, 50.0), 28.2},
        {together(tone(1500.0, 60.0), together(tone(1600.0, 60.0), tone(1700.0, 60.0))), 66.7},
        {together(tone(1000.0, 60.0), together(tone(1600.0, 60.0), tone(2400.0, 60.0))), 77.3},
        {harmonics_of_100_hz(), 48.5}};
    std::vector<Spectrum> sounds;
    for (const Row& row : rows) sounds.push_back(row.sound);
    const std::vector<Json> found = heard_lines(sounds, 1.0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i);
        CHECK(found[i]["over_time"]["max_long_term_phon"].get<double>() == Approx(rows[i].phon).margin(2.8));
    }
}
