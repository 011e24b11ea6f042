#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "engine/masking_model.hpp"
#include "engine/masking_tables.hpp"

using namespace tutti;

namespace {

double from_db(double db) { return std::pow(10.0, db / 10.0); }

const std::vector<double> some_centres_hz{47.5, 60.0, 125.0, 300.0, 499.0, 500.0, 1000.0, 4000.0, 15000.0};

}  // namespace

TEST_CASE("ERBs and Cams are those of Glasberg and Moore") {
    struct Row {
        double hz, erb_hz, cam;
    };
    for (const Row& row : std::vector<Row>{{50, 30.06, 1.833},
                                           {100, 35.45, 3.363},
                                           {250, 51.62, 6.849},
                                           {500, 78.56, 10.747},
                                           {1000, 132.44, 15.593},
                                           {2000, 240.22, 21.118},
                                           {4000, 455.76, 27.060},
                                           {8000, 886.85, 33.238},
                                           {15000, 1641.25, 38.949}}) {
        CAPTURE(row.hz);
        CHECK(erb_hz(row.hz) == Approx(row.erb_hz).margin(0.006));
        CHECK(hz_to_cam(row.hz) == Approx(row.cam).margin(0.0006));
        CHECK(cam_to_hz(hz_to_cam(row.hz)) == Approx(row.hz).epsilon(1e-12));
    }
}

TEST_CASE("The ear passes 1 kHz from the front as it is, and the tables at their points") {
    CHECK(ear_transfer_db(SoundField::free, 1000.0) == Approx(0.0).margin(1e-12));
    CHECK(ear_transfer_db(SoundField::diffuse, 1000.0) == Approx(1.2));
    CHECK(ear_transfer_db(SoundField::eardrum, 1000.0) == Approx(-2.6));
    CHECK(ear_transfer_db(SoundField::free, 3000.0) == Approx(15.3 - 7.3));
    CHECK(ear_transfer_db(SoundField::free, 1125.0) == Approx((0.0 + 3.2 - 4.5) / 2.0));
    CHECK(ear_transfer_db(SoundField::free, 5.0) == Approx(-39.6));
    CHECK(ear_transfer_db(SoundField::diffuse, 20000.0) == Approx(2.0 - 50.0));
}

TEST_CASE("The filter's lower slope turns shallower as the level rises, its upper slope never") {
    CHECK(roex_upper_slope(1000.0) == Approx(30.2013).epsilon(1e-6));
    CHECK(roex_lower_slope(1000.0, 51.0) == Approx(30.2013).epsilon(1e-6));
    CHECK(roex_lower_slope(1000.0, 71.0) == Approx(30.2013 - 7.0).epsilon(1e-6));
    CHECK(roex_lower_slope(1000.0, 21.0) == Approx(30.2013 + 10.5).epsilon(1e-6));
    CHECK(roex_lower_slope(1000.0, 500.0) == 0.1);
    CHECK(roex_weight(30.0, 0.0) == 1.0);
    // The filter is as wide as its ERB: the weight's integral over f, both sides, is 4 fc / p.
    double area_hz = 0.0;
    for (double hz = 0.05; hz < 2000.0; hz += 0.1) {
        area_hz += 0.1 * roex_weight(roex_upper_slope(1000.0), std::abs(hz - 1000.0) / 1000.0);
    }
    CHECK(area_hz == Approx(erb_hz(1000.0)).epsilon(1e-4));
}

TEST_CASE("Specific and partial loudness at 1 kHz are the golden values") {
    struct Row {
        double target_db, masker_db, quiet, partial;
    };
    const BandConstants band = band_constants(1000.0);
    for (const Row& row : std::vector<Row>{{40, -100, .231833, .231833},
                                           {40, 20, .231833, .220094},
                                           {40, 30, .231833, .183162},
                                           {40, 36, .231833, .130485},
                                           {40, 40, .231833, .0713676},
                                           {40, 43, .231833, 5.39830e-3},
                                           {40, 46, .231833, 1.59533e-3},
                                           {40, 50, .231833, 2.35575e-4},
                                           {60, 60, .678925, .190815},
                                           {80, 60, 1.802037, 1.655400},
                                           {60, 80, .678925, 9.83565e-7},
                                           {10, 0, .016328, .015522},
                                           {3.73, -100, .005400, .00540035},
                                           {0, -100, .001150, .00114984}}) {
        CAPTURE(row.target_db, row.masker_db);
        // Half of the last digit given: 1e-4 of most values.
        CHECK(specific_loudness(from_db(row.target_db), band) ==
              Approx(row.quiet).epsilon(1e-4).margin(5.1e-7));
        CHECK(partial_loudness(from_db(row.target_db), from_db(row.masker_db), band) ==
              Approx(row.partial).epsilon(1e-4));
    }
}

TEST_CASE("Partial loudness beside nothing is specific loudness") {
    for (const double hz : some_centres_hz) {
        const BandConstants band = band_constants(hz);
        for (double db = -20.0; db <= 99.0; db += 3.5) {
            CAPTURE(hz, db);
            CHECK(partial_loudness(from_db(db), 0.0, band) ==
                  Approx(specific_loudness(from_db(db), band)).epsilon(1e-12));
        }
        CHECK(partial_loudness(0.0, 1e6, band) == 0.0);
        CHECK(partial_loudness_by_target(0.0, 1e6, band) == 0.0);
        CHECK(partial_loudness_by_masker(0.0, 1e6, band) == 0.0);
    }
}

TEST_CASE("Partial loudness is continuous at the masked threshold and at the loudest excitation") {
    for (const double hz : some_centres_hz) {
        const BandConstants band = band_constants(hz);
        for (double masker_db = -40.0; masker_db <= 90.0; masker_db += 10.0) {
            const double masker = from_db(masker_db);
            const double threshold = band.k * masker + band.threshold;
            if (masker + threshold > 1e10) continue;
            const double at = partial_loudness(threshold * (1.0 + 1e-9), masker, band);
            CAPTURE(hz, masker_db);
            CHECK(at == Approx(specific_loudness(band.threshold, band)).epsilon(1e-6));
            CHECK(partial_loudness(threshold * (1.0 - 1e-9), masker, band) == Approx(at).epsilon(1e-6));
        }
    }
    // The power law above 1e10 was chosen to meet the curve of 500 Hz and up.
    const BandConstants band = band_constants(1000.0);
    CHECK(specific_loudness(1.0000001e10, band) == Approx(specific_loudness(1e10, band)).epsilon(2e-4));
    CHECK(partial_loudness(1.0000001e10, 100.0, band) ==
          Approx(partial_loudness(0.999999e10, 100.0, band)).epsilon(2e-4));
}

TEST_CASE("Partial loudness never exceeds that in quiet, falls with the masker and grows with the target") {
    for (const double hz : some_centres_hz) {
        const BandConstants band = band_constants(hz);
        for (double target_db = -10.0; target_db <= 95.0; target_db += 2.5) {
            double before = specific_loudness(from_db(target_db), band) * (1.0 + 1e-12);
            for (double masker_db = -60.0; masker_db <= 98.0; masker_db += 2.0) {
                const double target = from_db(target_db);
                const double masker = from_db(masker_db);
                const double now = partial_loudness(target, masker, band);
                CAPTURE(hz, target_db, masker_db);
                CHECK(now <= before);
                CHECK(now >= 0.0);
                CHECK(partial_loudness(1.1 * target, masker, band) > now);
                before = now;
            }
        }
    }
}

TEST_CASE("The derivatives of partial loudness are those that differences show") {
    for (const double hz : some_centres_hz) {
        const BandConstants band = band_constants(hz);
        for (double target_db = -10.0; target_db <= 110.0; target_db += 4.7) {
            for (double masker_db = -20.0; masker_db <= 110.0; masker_db += 5.3) {
                const double target = from_db(target_db);
                const double masker = from_db(masker_db);
                const double step = 1e-5;
                const auto both_sides = [&](double dt, double dm) {
                    return (partial_loudness(target * (1 + dt), masker * (1 + dm), band) -
                            partial_loudness(target * (1 - dt), masker * (1 - dm), band)) /
                           (2.0 * step);
                };
                CAPTURE(hz, target_db, masker_db);
                // Per relative change. Differences of loudnesses lose digits: 2^-52 of C A^alpha and of the
                // loudness of everything, a few times, over the step.
                const double lost = 4.0 * 0x1p-52 / step * (0.1 + specific_loudness(target + masker, band));
                CHECK(partial_loudness_by_target(target, masker, band) * target ==
                      Approx(both_sides(step, 0.0)).epsilon(1e-5).margin(lost));
                CHECK(partial_loudness_by_masker(target, masker, band) * masker ==
                      Approx(both_sides(0.0, step)).epsilon(1e-5).margin(lost));
            }
        }
    }
}

TEST_CASE("The masked threshold is a margin of one") {
    const BandConstants band = band_constants(1000.0);
    CHECK(audibility(band.threshold, 0.0, band) == Approx(1.0));
    CHECK(audibility(from_db(57.0) + band.threshold, from_db(60.0), band) == Approx(1.0).epsilon(1e-3));
    CHECK(10.0 * std::log10(band_constants(50.0).k) == Approx(13.5));
}

TEST_CASE("Constants of the bands are those of the standard's tables, flat from 500 Hz") {
    const BandConstants low = band_constants(50.0);
    CHECK(10.0 * std::log10(low.threshold) == Approx(28.25));
    CHECK(10.0 * std::log10(low.g) == Approx(3.73 - 28.25));
    CHECK(low.alpha == Approx(0.26678 + (0.26346 - 0.26678) * 0.48));
    CHECK(low.a == Approx(9.0026 + (8.6873 - 9.0026) * 0.48));
    for (const double hz : {500.0, 1000.0, 15084.0}) {
        const BandConstants flat = band_constants(hz);
        CAPTURE(hz);
        CHECK(flat.g == 1.0);
        CHECK(flat.alpha == 0.2);
        CHECK(flat.a == Approx(4.72096));
        CHECK(10.0 * std::log10(flat.threshold) == Approx(3.73));
    }
}

TEST_CASE("A tone of 1 kHz has the loudness of the standard, and as many phon as decibels") {
    CHECK(phon_to_sone(40.0) == Approx(0.997).epsilon(2e-3));
    CHECK(phon_to_sone(80.0) == Approx(15.980).epsilon(1e-3));
    CHECK(phon_to_sone(2.2) == Approx(0.003096).epsilon(2e-3));
    for (const double phon : {0.0, 0.5, 2.2, 17.3, 40.0, 99.9, 120.0}) {
        CAPTURE(phon);
        CHECK(sone_to_phon(phon_to_sone(phon)) == Approx(phon).margin(1e-9));
    }
    CHECK(sone_to_phon(0.0) == 0.0);
    CHECK(sone_to_phon(phon_to_sone(119.0) * 2.0) > 120.0);
}

TEST_CASE("Tables are read on straight lines, and end flat") {
    const std::vector<TablePoint> points{{1.0, 10.0}, {3.0, 20.0}, {4.0, -5.0}};
    CHECK(table_value(points, 0.0) == 10.0);
    CHECK(table_value(points, 1.0) == 10.0);
    CHECK(table_value(points, 2.0) == 15.0);
    CHECK(table_value(points, 3.0) == 20.0);
    CHECK(table_value(points, 3.5) == 7.5);
    CHECK(table_value(points, 4.0) == -5.0);
    CHECK(table_value(points, 9.0) == -5.0);
}
