#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "engine/masking_model.hpp"
#include "tests/backends.hpp"
#include "tests/line_spectra.hpp"
#include "tests/masking_runs.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

const MaskingGrid grid = component_grid({}, GridKind::usual);
const std::size_t bands = grid.band_count();

/// One slice's excitation of an object, [band], alike in both ears.
using Pattern = std::vector<float>;

/// Bumps and valleys around `level_db`.
Pattern pattern(double level_db, int seed) {
    Pattern values;
    for (std::size_t band = 0; band < bands; ++band) {
        const double bump_db =
            15.0 * std::sin(0.11 * seed + 0.07 * (1 + seed % 5) * static_cast<double>(band));
        values.push_back(static_cast<float>(std::pow(10.0, (level_db + bump_db) / 10.0)));
    }
    return values;
}

Pattern times(Pattern values, float factor) {
    for (float& x : values) x *= factor;
    return values;
}

const Pattern silence(bands, 0.0F);

/// One slice of objects that are alike in both ears.
MaskingTile beside_each_other(Backend& backend, const std::vector<Pattern>& objects) {
    std::vector<float> excitations;
    for (int ear = 0; ear < 2; ++ear) {
        for (const Pattern& object : objects) {
            excitations.insert(excitations.end(), object.begin(), object.end());
        }
    }
    const MaskingPlan plan = tracks_plan(grid, static_cast<int>(objects.size()), 1, 1);
    return run_masking(backend, plan, excitations).at(0);
}

/// Partial loudness of an object in each display band.
std::vector<float> loudness_of(const MaskingTile& tile, int object) {
    const std::size_t shown = grid.display_band_count();
    const auto first = tile.loudness.begin() + static_cast<std::ptrdiff_t>(object * shown);
    return {first, first + static_cast<std::ptrdiff_t>(shown)};
}

/// [band group][target][masker] of one target, with its maskers added up: [band group].
std::vector<double> over_maskers(const std::vector<float>& tensor, int object_count, int target) {
    std::vector<double> sums;
    for (int group = 0; group < grid.group_count(); ++group) {
        const auto row = tensor.begin() + (group * object_count + target) * object_count;
        sums.push_back(std::accumulate(row, row + object_count, 0.0));
    }
    return sums;
}

double audible(const MaskingTile& tile, int object_count, int object, Audibility kind) {
    double sum = 0.0;
    for (int group = 0; group < grid.group_count(); ++group) {
        sum += tile.audibility[(group * object_count + object) * audibility_count + static_cast<int>(kind)];
    }
    return sum;
}

double active(const MaskingTile& tile, int object_count, int object) {
    double sum = 0.0;
    for (int kind = 0; kind < audibility_count; ++kind) {
        sum += audible(tile, object_count, object, static_cast<Audibility>(kind));
    }
    return sum;
}

/// Rounding of a display band's loudness: 32 ULP of the loudness of everything, see
/// test_operations_masking.cpp. No sum here is over 100 sone per Cam.
constexpr double rounding = 32.0 * 0x1p-24 * 5.0 * 0.5;

}  // namespace

TEST_CASE("Beside a masker nothing is louder than in quiet, and less so the stronger the masker") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Pattern target = pattern(40.0, 1);
        const Pattern masker = pattern(40.0, 7);
        std::vector<float> before = loudness_of(beside_each_other(backend, {target}), 0);
        const std::vector<float> quiet = before;
        for (const float factor : {1e-12F, 1e-4F, 1e-2F, 0.1F, 1.0F, 10.0F, 1e3F}) {
            const auto now = loudness_of(beside_each_other(backend, {target, times(masker, factor)}), 0);
            for (std::size_t band = 0; band < now.size(); ++band) {
                CAPTURE(factor, band);
                CHECK(now[band] <= before[band] * (1.0 + 1e-5) + rounding);
                if (factor == 1e-12F) CHECK(now[band] == Approx(quiet[band]).epsilon(1e-4).margin(rounding));
            }
            before = now;
        }
        // 30 dB over it, the masker leaves next to nothing.
        CHECK(*std::max_element(before.begin(), before.end()) < 0.01F);
    });
}

TEST_CASE("A masker split in parts hides as much as in one, and the parts' shares add up to it") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Pattern target = pattern(50.0, 1);
        const std::vector<Pattern> parts{pattern(45.0, 2), pattern(30.0, 3), pattern(48.0, 4)};
        Pattern masker = silence;
        for (const Pattern& part : parts) {
            for (std::size_t band = 0; band < bands; ++band) masker[band] += part[band];
        }
        const MaskingTile one = beside_each_other(backend, {target, masker});
        const MaskingTile many = beside_each_other(backend, {target, parts[0], parts[1], parts[2]});
        CHECK(loudness_of(one, 0).size() == loudness_of(many, 0).size());
        for (std::size_t band = 0; band < loudness_of(one, 0).size(); ++band) {
            CAPTURE(band);
            CHECK(loudness_of(many, 0)[band] ==
                  Approx(loudness_of(one, 0)[band]).epsilon(1e-4).margin(rounding));
            CHECK(many.margin_db[band] == Approx(one.margin_db[band]).margin(1e-4));
        }
        // What a clash is shared among is the same: severity times loudness in quiet.
        const auto clash_one = over_maskers(one.clash, 2, 0);
        const auto clash_many = over_maskers(many.clash, 4, 0);
        const auto benefit_one = over_maskers(one.benefit, 2, 0);
        const auto benefit_many = over_maskers(many.benefit, 4, 0);
        for (std::size_t group = 0; group < clash_one.size(); ++group) {
            CAPTURE(group);
            REQUIRE(clash_one[group] > 0.0);
            CHECK(clash_many[group] == Approx(clash_one[group]).epsilon(1e-5));
            CHECK(benefit_many[group] == Approx(benefit_one[group]).epsilon(1e-4).margin(rounding * 0.01));
        }
    });
}

TEST_CASE("Shares of the clash add up to what is at stake") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const std::vector<Pattern> objects{pattern(60.0, 1), pattern(55.0, 2), pattern(58.0, 3),
                                           pattern(20.0, 4)};
        const MaskingTile tile = beside_each_other(backend, objects);
        for (int target = 0; target < 4; ++target) {
            std::vector<double> at_stake(grid.group_count(), 0.0);
            for (std::size_t band = 0; band < bands; ++band) {
                const BandConstants constants = band_constants(grid.band_hz[band]);
                double masker = 0.0;
                for (int j = 0; j < 4; ++j) masker += j == target ? 0.0F : objects[j][band];
                const double e = objects[target][band];
                if (e <= constants.threshold) continue;
                const double margin_db = 10.0 * std::log10(audibility(e, masker, constants));
                at_stake[grid.band_groups[band]] += 2.0 * 0.01 * grid.band_step_cam *
                                                    std::clamp(1.0 - margin_db / 15.0, 0.0, 1.0) *
                                                    specific_loudness(e, constants);
            }
            const auto shared = over_maskers(tile.clash, 4, target);
            for (int group = 0; group < grid.group_count(); ++group) {
                CAPTURE(target, group);
                CHECK(shared[group] == Approx(at_stake[group]).epsilon(1e-5).margin(1e-9));
            }
        }
    });
}

TEST_CASE("Ears may be exchanged, and each hears its own masker") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const MaskingPlan plan = tracks_plan(grid, 2, 1, 1);
        const auto join = [](const std::vector<Pattern>& parts) {
            std::vector<float> all;
            for (const Pattern& part : parts) all.insert(all.end(), part.begin(), part.end());
            return all;
        };
        const Pattern a = pattern(50.0, 1), b = pattern(40.0, 2), c = pattern(45.0, 3), d = pattern(55.0, 4);
        const MaskingTile first = run_masking(backend, plan, join({a, b, c, d})).at(0);
        const MaskingTile second = run_masking(backend, plan, join({c, d, a, b})).at(0);
        const auto equal = [](const std::vector<float>& x, const std::vector<float>& y) {
            return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](float p, float q) {
                return std::abs(p - q) <= 1e-6F * std::max(1.0F, std::abs(p)) ||
                       (std::isnan(p) && std::isnan(q));
            });
        };
        CHECK(equal(first.margin_db, second.margin_db));
        CHECK(equal(first.loudness, second.loudness));
        CHECK(equal(first.clash, second.clash));
        CHECK(equal(first.benefit, second.benefit));
        CHECK(equal(first.partial, second.partial));
        CHECK(equal(first.audibility, second.audibility));

        // In the one ear the target is alone: it is as clear there as nothing could make it.
        const MaskingTile released = run_masking(backend, plan, join({a, d, a, silence})).at(0);
        const MaskingTile alone = run_masking(backend, plan, join({a, silence, a, silence})).at(0);
        const std::size_t shown = grid.display_band_count();
        for (std::size_t band = 0; band < shown; ++band) {
            if (std::isnan(alone.margin_db[band])) continue;
            CHECK(released.margin_db[band] == Approx(alone.margin_db[band]).margin(1e-4));
        }
    });
}

TEST_CASE("A track alone is never masked, a silent one is inactive and not clear") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Pattern track = pattern(45.0, 5);
        const MaskingTile tile = beside_each_other(backend, {silence, track, silence});
        CHECK(std::all_of(tile.clash.begin(), tile.clash.end(), [](float x) { return x == 0.0F; }));
        CHECK(std::all_of(tile.benefit.begin(), tile.benefit.end(), [](float x) { return x == 0.0F; }));
        CHECK(audible(tile, 3, 1, Audibility::inaudible) == 0.0);
        CHECK(active(tile, 3, 1) > 0.0);
        double quiet = 0.0;
        for (std::size_t band = 0; band < bands; ++band) {
            quiet += 2.0 * 0.25 * specific_loudness(track[band], band_constants(grid.band_hz[band]));
        }
        const auto loudness = loudness_of(tile, 1);
        CHECK(std::accumulate(loudness.begin(), loudness.end(), 0.0) == Approx(quiet).epsilon(1e-4));
        for (const int silent : {0, 2}) {
            CAPTURE(silent);
            CHECK(active(tile, 3, silent) == 0.0);
            for (const float x : loudness_of(tile, silent)) CHECK(x == 0.0F);
            for (int band = 0; band < grid.display_band_count(); ++band) {
                CHECK(std::isnan(tile.margin_db[silent * grid.display_band_count() + band]));
            }
        }
    });
}

TEST_CASE("Two identical tracks hide each other alike, and neither is clear") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Pattern track = pattern(50.0, 6);
        const MaskingTile tile = beside_each_other(backend, {track, track});
        CHECK(over_maskers(tile.clash, 2, 0) == over_maskers(tile.clash, 2, 1));
        CHECK(over_maskers(tile.benefit, 2, 0) == over_maskers(tile.benefit, 2, 1));
        CHECK(loudness_of(tile, 0) == loudness_of(tile, 1));
        CHECK(audible(tile, 2, 0, Audibility::clear) == 0.0);
        CHECK(audible(tile, 2, 0, Audibility::partly_masked) == 0.0);
        CHECK(audible(tile, 2, 0, Audibility::heavily_masked) > 0.0);
    });
}

TEST_CASE("Tiles of any length add up to the same") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        std::vector<float> excitations;
        for (int slice = 0; slice < 12; ++slice) {
            for (int ear = 0; ear < 2; ++ear) {
                for (int track = 0; track < 3; ++track) {
                    const Pattern p = pattern(slice == 0 ? 70.0 : 50.0, slice + 5 * ear + track);
                    excitations.insert(excitations.end(), p.begin(), p.end());
                }
            }
        }
        const MaskingTile whole = run_masking(backend, tracks_plan(grid, 3, 12, 2), excitations).at(0);
        const auto tiles = run_masking(backend, tracks_plan(grid, 3, 4, 2), excitations);
        REQUIRE(tiles.size() == 3);
        std::vector<double> clash(whole.clash.size(), 0.0), partial(whole.partial.size(), 0.0),
            audibility(whole.audibility.size(), 0.0);
        std::vector<float> loudness;
        const auto add = [](std::vector<double>& sums, const std::vector<float>& values) {
            for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += values[i];
        };
        for (const MaskingTile& tile : tiles) {
            add(clash, tile.clash);
            add(partial, tile.partial);
            add(audibility, tile.audibility);
            loudness.insert(loudness.end(), tile.loudness.begin(), tile.loudness.end());
        }
        CHECK(loudness == whole.loudness);
        for (std::size_t i = 0; i < clash.size(); ++i)
            CHECK(clash[i] == Approx(whole.clash[i]).epsilon(1e-5));
        for (std::size_t i = 0; i < partial.size(); ++i) {
            CHECK(partial[i] == Approx(whole.partial[i]).epsilon(1e-5));
        }
        for (std::size_t i = 0; i < audibility.size(); ++i) {
            CHECK(audibility[i] == Approx(whole.audibility[i]).epsilon(1e-5));
        }
    });
}

TEST_CASE("A low tone hides a high one far more than a high one a low one, the more the louder") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const Spectrum target = tone(1000.0, 45.0);
        const auto found =
            sones(backend, GridKind::usual,
                  {{target, tone(500.0, 85.0)}, {target, tone(2000.0, 85.0)}, {target, tone(500.0, 60.0)}});
        CHECK(found[0][0] < 0.01 * found[1][0]);
        CHECK(found[2][0] > 0.9 * found[1][0]);
    });
}
