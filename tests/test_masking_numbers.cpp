#include <catch2/catch.hpp>
#include <cmath>

#include "engine/masking_model.hpp"
#include "tests/backends.hpp"
#include "tests/line_spectra.hpp"
#include "tests/oracle/ear.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

struct Row {
    Spectrum sound;
    double sone;
    double tolerance;  ///< relative
};

/// All rows with lines at the same frequencies, in one go.
void check_rows(Backend& backend, const std::vector<Row>& rows) {
    std::vector<Spectrum> sounds;
    for (const Row& row : rows) sounds.push_back(row.sound);
    const std::vector<double> found = sones_alone(backend, GridKind::exact, sounds);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i, rows[i].sound.front().hz, rows[i].sound.front().spl_db, rows[i].sound.size());
        CHECK(found[i] == Approx(rows[i].sone).epsilon(rows[i].tolerance));
    }
}

/// Noise in third octaves of equal level around 50 Hz ... 16 kHz, as lines: every 1 Hz up to 125 Hz, every 10
/// Hz above (ANSI S3.4-2007, 3.2).
Spectrum third_octaves(double band_spl_db) {
    Spectrum lines;
    for (int band = -13; band <= 12; ++band) {
        const double centre_hz = 1000.0 * std::pow(10.0, band / 10.0);
        const double from_hz = centre_hz * std::pow(10.0, -0.05);
        const double to_hz = centre_hz * std::pow(10.0, 0.05);
        const double step_hz = centre_hz < 130.0 ? 1.0 : 10.0;
        const auto count = std::lround((to_hz - from_hz) / step_hz);
        for (long i = 0; i < count; ++i) {
            lines.push_back({from_hz + (static_cast<double>(i) + 0.5) * (to_hz - from_hz) / count,
                             band_spl_db - 10.0 * std::log10(count)});
        }
    }
    return lines;
}

}  // namespace

TEST_CASE("Tones of 1 kHz are as loud as ANSI S3.4-2007 says, from threshold to 120 dB") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        struct Level {
            double spl_db, sone, tolerance;
        };
        // Table 7. Where it gives two or three digits, half of the last one and a little.
        const std::vector<Level> table{
            {0, .0011, .05},      {1, .0018, .03},     {2, .0028, .02},      {3, .0044, .025},
            {4, .0065, .02},      {5, .0088, .02},     {7.5, .017, .03},     {10, .029, .018},
            {15, .070, .01},      {20, .142, .01},     {25, .255, .01},      {30, .422, .002},
            {35, .662, .002},     {40, .997, .002},    {45, 1.461, .002},    {50, 2.098, .002},
            {55, 2.970, .001},    {60, 4.166, .001},   {65, 5.813, .001},    {70, 8.102, .001},
            {75, 11.326, .001},   {80, 15.980, .001},  {85, 22.929, .001},   {90, 33.216, .001},
            {95, 48.242, .001},   {100, 70.362, .001}, {105, 103.274, .001}, {110, 152.776, .001},
            {115, 227.855, .001}, {120, 341.982, .001}};
        std::vector<Row> rows;
        for (const Level& level : table) {
            rows.push_back({tone(1000.0, level.spl_db), level.sone, level.tolerance});
        }
        check_rows(backend, rows);
    });
}

TEST_CASE("Other tones, noise and tones together are as loud as the examples of ANSI S3.4-2007") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        check_rows(backend, {{tone(3000.0, 20.0), .35, .02},
                             {tone(3000.0, 40.0), 1.8, .03},
                             {tone(3000.0, 60.0), 7.1, .01},
                             {tone(3000.0, 80.0), 27.5, .005}});
        check_rows(backend, {{tone(100.0, 50.0), .345, .01}});
        check_rows(backend, {{white_noise(950.0, 1050.0, 40.0), 4.25, .01},
                             {white_noise(500.0, 1500.0, 40.0), 14.29, .01},
                             {white_noise(500.0, 1500.0, 30.0), 8.02, .01},
                             {together(white_noise(950.0, 1050.0, 40.0), tone(1000.0, 60.0)), 5.14, .01}});
        check_rows(
            backend,
            {{together(together(tone(1500.0, 60.0), tone(1600.0, 60.0)), tone(1700.0, 60.0)), 6.35, .005},
             {together(together(tone(1000.0, 60.0), tone(1600.0, 60.0)), tone(2400.0, 60.0)), 12.62, .005}});
        Spectrum harmonics;
        for (int n = 1; n <= 10; ++n) harmonics.push_back({100.0 * n, 30.0});
        check_rows(backend, {{harmonics, 1.99, .005}});
    });
}

TEST_CASE("Wide noise is as loud as the examples of ANSI S3.4-2007") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        check_rows(backend, {{pink_noise(50.0, 15000.0, 0.0), 3.62, .01},
                             {pink_noise(50.0, 15000.0, 20.0), 16.00, .01},
                             {pink_noise(50.0, 15000.0, 40.0), 49.28, .01}});
        check_rows(backend, {{third_octaves(0.0), .071, .05},  // near threshold, where 5 % are 0.2 dB,
                             {third_octaves(10.0), .67, .0175},
                             {third_octaves(20.0), 2.51, .01},
                             {third_octaves(30.0), 6.26, .01},
                             {third_octaves(40.0), 12.7, .01},
                             {third_octaves(50.0), 23.3, .01}});
    });
}

TEST_CASE("Absolute thresholds are those of ISO 389-7 within 0.3 dB") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        struct Threshold {
            double hz, spl_db;
        };
        const std::vector<Threshold> thresholds{{50, 44.0},  {80, 31.5},   {125, 22.1},   {200, 14.4},
                                                {315, 8.6},  {500, 4.4},   {750, 2.4},    {1000, 2.4},
                                                {1500, 2.4}, {2000, -1.3}, {3000, -5.8},  {4000, -5.4},
                                                {6000, 4.3}, {8000, 12.6}, {10000, 13.9}, {12500, 12.3}};
        std::vector<Spectrum> around;
        for (const Threshold& t : thresholds) {
            for (const double off_db : {-0.3, 0.3}) around.push_back(tone(t.hz, t.spl_db + off_db));
        }
        const double audible_sone = 0.0031;  // of 1 kHz at 2.2 dB
        const std::vector<double> found = sones_alone(backend, GridKind::exact, around);
        for (std::size_t i = 0; i < thresholds.size(); ++i) {
            CAPTURE(thresholds[i].hz, found[2 * i], found[2 * i + 1]);
            CHECK(found[2 * i] < audible_sone);
            CHECK(found[2 * i + 1] > audible_sone);
        }
    });
}

TEST_CASE("A tone in noise keeps the loudness that an independent implementation finds") {
    struct Case {
        double spl_db;
        double quiet;    ///< theirs, and ours
        double partial;  ///< theirs
        double ours;
    };
    // Theirs draws a cubic spline through the ear's table, ours straight lines: between 800 and 1250 Hz the
    // noise then is up to 0.1 dB louder, and at its masked threshold (60 dB) a tone's loudness changes by 9 %
    // in 0.1 dB. With their curve every row is met within 1 %; what is left are a rectangular level per ERB
    // and a rounded exponential out of a table, with which theirs is met to all digits. "Ours" is a second
    // program's of the same model with straight lines.
    const std::vector<Case> cases{{60, 4.16599, .08936, .09374},
                                  {65, 5.81342, .85016, .85753},
                                  {70, 8.10196, 2.31578, 2.31460},
                                  {80, 15.98083, 8.03805, 7.98560}};
    on_every_backend_and_the_oracle([&](Backend& backend) {
        const Spectrum noise = white_noise(50.0, 15000.0, 40.0);
        std::vector<Scene> scenes{{tone(1000.0, 50.0), noise}};
        std::vector<Spectrum> alone;
        for (const Case& c : cases) {
            scenes.push_back({tone(1000.0, c.spl_db), noise});
            alone.push_back(tone(1000.0, c.spl_db));
        }
        const auto quiet = sones_alone(backend, GridKind::exact, alone);
        const auto ours = sones(backend, GridKind::exact, scenes);
        const auto theirs = sones(backend, GridKind::exact, scenes, [](double hz) {
            return oracle::splined_ear_transfer_db(SoundField::free, hz);
        });
        CHECK(ours[0][0] < .0005);
        CHECK(theirs[0][0] < .0005);
        for (std::size_t i = 0; i < cases.size(); ++i) {
            CAPTURE(cases[i].spl_db);
            CHECK(quiet[i] == Approx(cases[i].quiet).epsilon(1e-3));
            CHECK(theirs[i + 1][0] == Approx(cases[i].partial).epsilon(.01));
            CHECK(ours[i + 1][0] == Approx(cases[i].ours).epsilon(.001));
        }
    });
}

TEST_CASE("Two tones keep the loudness that an independent implementation finds") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Spectrum low = tone(500.0, 80.0);
        const auto found =
            sones(backend, GridKind::exact,
                  {{low, tone(1000.0, 40.0)}, {low, tone(1000.0, 60.0)}, {low, tone(1000.0, 80.0)}});
        CHECK(found[0][1] == Approx(.00794).epsilon(.02));
        CHECK(found[1][1] == Approx(2.68882).epsilon(.02));
        CHECK(found[2][1] == Approx(14.61244).epsilon(.02));
        CHECK(found[0][0] == Approx(13.40783).epsilon(.02));
        CHECK(found[1][0] == Approx(11.76689).epsilon(.02));
        CHECK(found[2][0] == Approx(10.60090).epsilon(.02));
        CHECK(sones_alone(backend, GridKind::exact, {low})[0] == Approx(13.73316).epsilon(.002));
        // Taken as incoherent.
        const auto twins = sones(backend, GridKind::exact, {{tone(1000.0, 60.0), tone(1000.0, 60.0)}});
        CHECK(twins[0][0] == Approx(1.29387).epsilon(.001));
        CHECK(twins[0][1] == Approx(1.29387).epsilon(.001));
    });
}
