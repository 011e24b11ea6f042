#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "engine/masking_model.hpp"
#include "host/masking_what_if.hpp"
#include "tests/masking_scene.hpp"
#include "tests/oracle/backend.hpp"

namespace tutti::tests {

namespace {

constexpr int band_count = 75;

LevelChange level_change(int object, double gain_db, int first_band = 0, int last_band = band_count - 1) {
    LevelChange change;
    change.object = object;
    change.power_gains[0].assign(band_count, 1.0F);
    std::fill(change.power_gains[0].begin() + first_band, change.power_gains[0].begin() + last_band + 1,
              static_cast<float>(std::pow(10.0, gain_db / 10.0)));
    change.power_gains[1] = change.power_gains[0];
    return change;
}

/// A tone-like target inside a band of noise, and something far from both.
MaskingScene tone_in_noise() {
    MaskingScene scene({"Tone", "Noise", "Hat"}, 2);
    scene.sound(0, 38, 40, 55.0, 0, 2);
    scene.sound(1, 30, 48, 56.0, 0, 1);
    scene.sound(2, 66, 70, 60.0, 0, 2);
    return scene;
}

/// The operation itself is held to the oracle on every backend elsewhere.
template <typename Body>
void on_cpu_and_oracle(const Body& body) {
    const auto cpu = make_cpu_backend();
    body(*cpu);
    const auto textbook = oracle::make_backend();
    body(*textbook);
}

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// [band group][object] summed over the groups.
double of_object(const std::vector<double>& sums, int object, int object_count) {
    double all = 0.0;
    for (std::size_t i = object; i < sums.size(); i += object_count) all += sums[i];
    return all;
}

}  // namespace

TEST_CASE("what a change would do is the model's partial loudness after minus before") {
    on_cpu_and_oracle([](Backend& backend) {
        const MaskingScene scene = tone_in_noise();
        const MaskingWhatIf what_if(backend, cached_excitation(scene.results));
        const double gain_db = -4.0;
        const LevelChange change = level_change(1, gain_db);
        const double found = of_object(what_if.change({&change, 1}, what_if.all()), 0, 3);

        double expected = 0.0;
        const MaskingGrid grid = display_grid();
        for (int band = 38; band <= 40; ++band) {
            const BandConstants constants = band_constants(grid.band_hz[band]);
            const double target = std::pow(10.0, 5.5);
            const double masker = std::pow(10.0, 5.6);
            const double softer = masker * std::pow(10.0, gain_db / 10.0);
            expected +=
                partial_loudness(target, softer, constants) - partial_loudness(target, masker, constants);
        }
        expected *= 2.0 * grid.band_step_cam * 10.0;  // both ears, ten seconds of noise
        CHECK(found == Approx(expected).epsilon(1e-3));
    });
}

TEST_CASE("a change of whole level steps does what another analysis with these levels says") {
    on_cpu_and_oracle([](Backend& backend) {
        const MaskingScene scene = tone_in_noise();
        const MaskingWhatIf what_if(backend, cached_excitation(scene.results));
        const std::vector<LevelChange> changes{level_change(1, -6.0, 35, 44), level_change(2, 3.0)};
        const std::vector<double> change = what_if.change(changes, what_if.all());

        MaskingScene after = tone_in_noise();
        after.sound(1, 35, 44, 50.0, 0, 1);
        after.sound(2, 66, 70, 63.0, 0, 2);
        const MaskingWhatIf changed(backend, cached_excitation(after.results));
        const std::vector<double> before_sums = what_if.before(what_if.all());
        const std::vector<double> after_sums = changed.before(changed.all());
        for (std::size_t i = 0; i < change.size(); ++i) {
            CAPTURE(i);
            CHECK(change[i] == Approx(after_sums[i] - before_sums[i]).margin(2e-4));
        }
    });
}

TEST_CASE("no change changes nothing, and what is far away not a bit") {
    on_cpu_and_oracle([](Backend& backend) {
        const MaskingScene scene = tone_in_noise();
        const MaskingWhatIf what_if(backend, cached_excitation(scene.results));
        const std::vector<double> none = what_if.change({}, what_if.all());
        CHECK(std::all_of(none.begin(), none.end(), [](double value) { return value == 0.0; }));

        const LevelChange tiny = level_change(1, 0.05);
        CHECK(sum(what_if.change({&tiny, 1}, what_if.all())) == 0.0);

        const LevelChange cut = level_change(1, -6.0);
        CHECK(of_object(what_if.change({&cut, 1}, what_if.all()), 2, 3) == Approx(0.0).margin(1e-5));
    });
}

TEST_CASE("changes of parts of the time add up, and where the changed one is silent nothing changes") {
    on_cpu_and_oracle([](Backend& backend) {
        const MaskingScene scene = tone_in_noise();
        const MaskingWhatIf what_if(backend, cached_excitation(scene.results));
        const LevelChange cut = level_change(1, -6.0);
        const std::vector<double> all = what_if.change({&cut, 1}, what_if.all());
        const std::vector<double> early = what_if.change({&cut, 1}, what_if.tiles(0.0, 3.0));
        const std::vector<double> late = what_if.change({&cut, 1}, what_if.tiles(3.0, 10.0));
        CHECK(what_if.tiles(2.1, 2.9).first == 2);
        CHECK(what_if.tiles(2.1, 2.9).end == 3);
        CHECK(sum(all) == Approx(sum(early) + sum(late)));
        CHECK(sum(early) != 0.0);
        CHECK(sum(what_if.change({&cut, 1}, what_if.tiles(10.0, 20.0))) == 0.0);
    });
}

TEST_CASE("less of a masker is never less of its target") {
    on_cpu_and_oracle([](Backend& backend) {
        const MaskingScene scene = tone_in_noise();
        const MaskingWhatIf what_if(backend, cached_excitation(scene.results));
        double last = 0.0;
        for (const double gain_db : {-1.0, -3.0, -6.0, -20.0}) {
            const LevelChange cut = level_change(1, gain_db);
            const std::vector<double> change = what_if.change({&cut, 1}, what_if.all());
            CHECK(of_object(change, 0, 3) > last);
            CHECK(of_object(change, 1, 3) < 0.0);
            last = of_object(change, 0, 3);
        }
    });
}

TEST_CASE("a return and its sources do not mask each other") {
    on_cpu_and_oracle([](Backend& backend) {
        MaskingScene scene = tone_in_noise();
        scene.results.tracks.objects[1].is_return = true;
        scene.results.tracks.objects[1].sources = {0};
        const MaskingWhatIf what_if(backend, cached_excitation(scene.results));
        const LevelChange cut = level_change(1, -6.0);
        CHECK(of_object(what_if.change({&cut, 1}, what_if.all()), 0, 3) == Approx(0.0).margin(1e-5));
    });
}

}  // namespace tutti::tests
