#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "host/reshaped_excitation.hpp"
#include "host/reshaped_what_if.hpp"
#include "host/slice_collector.hpp"

namespace tutti::tests {

namespace {

constexpr std::size_t shown_bands = 75;

/// Excitation of given spectra in one hop, [ear][object][band]; a component per display band.
std::vector<float> stirred(Backend& backend, const std::vector<float>& powers, int object_count) {
    ExcitationPlan plan;
    plan.sample_rate_hz = 48000;
    plan.grid = display_grid();
    plan.grid.component_hz = plan.grid.band_hz;
    plan.cochlea_gains.assign(shown_bands, 1.0);
    plan.objects.assign(object_count, {.rows = {0, 0}, .weights = {}});
    plan.most_slices = 1;
    const RowsShape shape{.row_count = 1, .frame_count = control_hop, .history_count = control_hop};
    const auto operation = backend.make_excitation(shape, plan);
    const auto tile = backend.make_excitations({1, object_count, shown_bands});
    operation->process_powers(powers, *tile, 0);
    std::vector<float> excitation(powers.size());
    tile->read(0, excitation);
    return excitation;
}

/// Two objects in both ears: noise of 60 dB per component around 1.5 kHz, and one of 40 dB over all bands.
std::vector<float> two_noises() {
    std::vector<float> powers(4 * shown_bands);
    for (std::size_t ear = 0; ear < 2; ++ear) {
        for (std::size_t band = 0; band < shown_bands; ++band) {
            powers[2 * ear * shown_bands + band] = band >= 30 && band < 38 ? 1e6F : 0.0F;
            powers[(2 * ear + 1) * shown_bands + band] = 1e4F;
        }
    }
    return powers;
}

/// A bell on object 0, 6 dB deep in the middle of its noise.
LevelChange cut_of_noise() {
    EqBand bell;
    bell.shape = EqShape::bell;
    bell.freq_hz = display_band_hz()[34];
    bell.gain_db = -6.0;
    bell.q = 2.0;
    return eq_change(0, bell);
}

struct Kept {
    std::vector<std::uint8_t> levels;
    CachedExcitation excitation;
};

Kept kept_of(const std::vector<float>& excitation, int object_count) {
    Kept kept;
    for (const float e : excitation) kept.levels.push_back(level_byte(e));
    kept.excitation.object_count = object_count;
    kept.excitation.hop_count = 1;
    kept.excitation.levels = kept.levels;
    for (int i = 0; i < object_count; ++i) {
        kept.excitation.objects.push_back({i});
        kept.excitation.relatives.emplace_back();
    }
    return kept;
}

double db(float ratio) { return 10.0 * std::log10(ratio); }

}  // namespace

TEST_CASE("filters that follow a cut find what the cut spectrum stirs") {
    const auto backend = make_cpu_backend();
    std::vector<float> powers = two_noises();
    const Kept kept = kept_of(stirred(*backend, powers, 2), 2);
    const LevelChange cut = cut_of_noise();
    for (std::size_t ear = 0; ear < 2; ++ear) {
        for (std::size_t band = 0; band < shown_bands; ++band)
            powers[2 * ear * shown_bands + band] *= cut.power_gains[ear][band];
    }
    const std::vector<float> truth = stirred(*backend, powers, 2);
    ReshapedExcitation reshaped(*backend, kept.excitation, 1);
    const int hop = 0;
    reshaped.take({&hop, 1});
    const std::span<const float> found = reshaped.changed({{cut}, 1.0F});
    REQUIRE(found.size() == truth.size());
    double greatest_miss_db = 0.0;
    double greatest_unfollowed_db = 0.0;
    for (std::size_t band = 20; band < 50; ++band) {
        CAPTURE(band, truth[band], found[band]);
        if (truth[band] < 10.0F) continue;  // under any threshold
        const float unfollowed = cached_level(kept.levels[band]) * cut.power_gains[0][band];
        greatest_miss_db = std::max(greatest_miss_db, std::abs(db(found[band] / truth[band])));
        greatest_unfollowed_db = std::max(greatest_unfollowed_db, std::abs(db(unfollowed / truth[band])));
        // The other noise loses only what the first made its filters spread.
        const std::size_t other = shown_bands + band;
        CHECK(std::abs(db(found[other] / truth[other])) < 0.5);
    }
    // Above the noise most of what is lost is what spreads there, which the bands' own gains do not see.
    CAPTURE(greatest_miss_db, greatest_unfollowed_db);
    CHECK(greatest_unfollowed_db > 3.0);
    CHECK(greatest_miss_db < 1.0);
}

TEST_CASE("filters that follow no change leave excitation and loudness as they were") {
    const auto backend = make_cpu_backend();
    const Kept kept = kept_of(stirred(*backend, two_noises(), 2), 2);
    LevelChange none;
    none.object = 1;
    for (std::vector<float>& gains : none.power_gains) gains.assign(shown_bands, 1.0F);
    ReshapedExcitation reshaped(*backend, kept.excitation, 1);
    const int hop = 0;
    reshaped.take({&hop, 1});
    const std::span<const float> found = reshaped.changed({{none}, 1.0F});
    CHECK(std::equal(found.begin(), found.end(), reshaped.kept().begin(), reshaped.kept().end()));

    const std::vector<LevelChanges> alternatives{{{none}, 1.0F}, {{cut_of_noise()}, 1.0F}};
    const auto gains = reshaped_what_if(*backend, kept.excitation, alternatives);
    REQUIRE(gains.size() == 2);
    double won = 0.0;
    double lost = 0.0;
    for (std::size_t i = 0; i < gains[0].size(); i += 2) {
        CHECK(gains[0][i] == 0.0);
        CHECK(gains[0][i + 1] == 0.0);
        lost += gains[1][i];
        won += gains[1][i + 1];
    }
    CHECK(lost < 0.0);
    CHECK(won > 0.0);
}

TEST_CASE("kept slices are spread over all of the time, and are all there are of little") {
    const std::vector<std::int64_t> few = spread_slices(90, 128);
    REQUIRE(few.size() == 90);
    for (std::size_t i = 0; i < few.size(); ++i) CHECK(few[i] == static_cast<std::int64_t>(i));
    const std::int64_t all = 24000;
    for (const int objects : {1, 128, 2000}) {
        const std::vector<std::int64_t> spread = spread_slices(all, objects);
        const auto count = static_cast<std::int64_t>(spread.size());
        REQUIRE(count >= 200);
        REQUIRE(count <= 1500);
        for (std::int64_t i = 0; i < count; ++i) {
            REQUIRE(spread[i] >= i * all / count);
            REQUIRE(spread[i] < (i + 1) * all / count);
        }
    }
}

TEST_CASE("every third hop makes as much time as all of them") {
    std::vector<std::uint8_t> levels(2 * 7 * shown_bands);
    for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = static_cast<std::uint8_t>(i / shown_bands);
    CachedExcitation excitation;
    excitation.object_count = 1;
    excitation.hop_count = 7;
    excitation.hop_s = 0.1;
    excitation.levels = levels;
    const std::vector<std::uint8_t> kept = thinned_levels(excitation, 3);
    const CachedExcitation thin = thinned(excitation, 3, kept);
    REQUIRE(thin.hop_count == 3);
    CHECK(thin.hop_s * thin.hop_count == Approx(0.7));
    for (int hop = 0; hop < 3; ++hop) {
        CHECK(*thin.at(0, 0, hop) == 3 * hop);
        CHECK(*thin.at(1, 0, hop) == 7 + 3 * hop);
    }
}

}  // namespace tutti::tests
