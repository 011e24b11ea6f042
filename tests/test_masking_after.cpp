#include <catch2/catch.hpp>
#include <cmath>

#include "engine/masking_model.hpp"
#include "host/pair_what_if.hpp"
#include "host/target_what_if.hpp"
#include "tests/masking_scene.hpp"
#include "tests/oracle/backend.hpp"

namespace tutti::tests {

namespace {

constexpr int band_count = 75;
constexpr int section_hops = 100;

LevelChange level_change(int object, double gain_db) {
    LevelChange change;
    change.object = object;
    for (auto& gains : change.power_gains)
        gains.assign(band_count, static_cast<float>(std::pow(10.0, gain_db / 10.0)));
    return change;
}

MaskingScene tone_in_noise(double noise_db) {
    MaskingScene scene({"Tone", "Noise", "Hat"}, 4);
    scene.sound(0, 38, 40, 55.0, 0, 4);
    scene.sound(1, 30, 48, noise_db, 0, 3);
    scene.sound(2, 66, 70, 40.0, 0, 4);
    scene.set_groups({"Tonal", "Noisy", "Noisy"});
    return scene;
}

template <typename Body>
void on_cpu_and_oracle(const Body& body) {
    const auto cpu = make_cpu_backend();
    body(*cpu);
    const auto textbook = oracle::make_backend();
    body(*textbook);
}

void check_same(const std::vector<float>& found, const std::vector<float>& expected, double margin) {
    REQUIRE(found.size() == expected.size());
    std::size_t different = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const bool is_same = std::isnan(expected[i])
                                 ? std::isnan(found[i])
                                 : std::abs(found[i] - expected[i]) <= margin + 1e-4 * std::abs(expected[i]);
        if (!is_same) ++different;
    }
    CHECK(different == 0);
}

}  // namespace

TEST_CASE("a target's margin is its excitation over its masked threshold, and follows a fader") {
    on_cpu_and_oracle([](Backend& backend) {
        const MaskingScene scene = tone_in_noise(56.0);
        TargetWhatIf what_if(backend, cached_excitation(scene.results), section_hops);
        const BandConstants band = band_constants(display_band_hz()[39]);
        const auto margin = [&](double masker_db) {
            return 10.0 * std::log10(audibility(std::pow(10.0, 5.5), std::pow(10.0, masker_db / 10.0), band));
        };
        CHECK(what_if.before(0).margin_db[39] == Approx(margin(56.0)).margin(0.01));
        const HeardTarget heard = what_if.hear(0, {{level_change(1, -6.0)}});
        CHECK(heard.margin_db[39] == Approx(margin(50.0)).margin(0.01));
        CHECK(heard.loudness[39] > what_if.before(0).loudness[39]);
        CHECK(std::isnan(heard.margin_db[60]));  // it does not sound there
        // Nobody else plays there in the last section.
        check_same({heard.margin_db.end() - band_count, heard.margin_db.end()},
                   {what_if.before(0).margin_db.end() - band_count, what_if.before(0).margin_db.end()}, 1e-3);
    });
}

TEST_CASE("a target hears changes of whole level steps as an analysis with these levels does") {
    on_cpu_and_oracle([](Backend& backend) {
        const MaskingScene before = tone_in_noise(56.0);
        const MaskingScene after = tone_in_noise(50.0);
        const LevelChanges changes{{level_change(1, -6.0)}};
        TargetWhatIf what_if(backend, cached_excitation(before.results), section_hops);
        TargetWhatIf changed(backend, cached_excitation(after.results), section_hops);
        TargetWhatIf groups(backend, cached_group_excitation(before.results), section_hops);
        TargetWhatIf changed_groups(backend, cached_group_excitation(after.results), section_hops);
        for (int target = 0; target < 3; ++target) {
            const HeardTarget found = what_if.hear(target, changes);
            check_same(found.margin_db, changed.before(target).margin_db, 1e-3);
            check_same(found.loudness, changed.before(target).loudness, 1e-5);
            check_same(found.audibility, changed.before(target).audibility, 1e-4);
        }
        for (int group = 0; group < 2; ++group) {
            const HeardTarget found = groups.hear(group, changes);
            check_same(found.margin_db, changed_groups.before(group).margin_db, 1e-3);
        }
    });
}

TEST_CASE("clashes after changes are those of an analysis with these levels, once all phases are heard") {
    on_cpu_and_oracle([](Backend& backend) {
        const MaskingScene before = tone_in_noise(56.0);
        const MaskingScene after = tone_in_noise(50.0);
        for (const bool is_grouped : {false, true}) {
            const auto cache = [&](const MaskingScene& scene) {
                return is_grouped ? cached_group_excitation(scene.results) : cached_excitation(scene.results);
            };
            PairWhatIf what_if(backend, cache(before));
            REQUIRE(what_if.phase_count() == 3);
            what_if.change({{level_change(1, -6.0)}});
            PairWhatIf changed(backend, cache(after));
            changed.change({{level_change(1, 6.0)}});
            while (changed.hear_phase()) {
            }
            REQUIRE(what_if.hear_phase());
            CHECK(what_if.heard_share() == Approx(1.0 / 3.0));
            while (what_if.hear_phase()) {
            }
            CHECK(what_if.heard_share() == 1.0);
            check_same(what_if.after().clash, changed.before().clash, 1e-3);
            check_same(what_if.before().clash, changed.after().clash, 1e-3);
            check_same(what_if.after().partial, changed.before().partial, 1e-3);
        }
    });
}

TEST_CASE("one phase is an estimate of all of it") {
    const auto backend = make_cpu_backend();
    const MaskingScene scene = tone_in_noise(56.0);
    PairWhatIf what_if(*backend, cached_excitation(scene.results));
    const auto tone_by_noise = [](const HeardPairs& heard) {
        double sum = 0.0;
        for (std::size_t i = 1; i < heard.clash.size(); i += 9) sum += heard.clash[i];
        return sum;
    };
    what_if.change({{level_change(1, -6.0)}});
    REQUIRE(what_if.hear_phase());
    const double first = tone_by_noise(what_if.after()) / tone_by_noise(what_if.before());
    while (what_if.hear_phase()) {
    }
    const double all = tone_by_noise(what_if.after()) / tone_by_noise(what_if.before());
    CHECK(all < 1.0);
    CHECK(first == Approx(all).epsilon(0.02));
}

TEST_CASE("without a change there is nothing to hear again") {
    const auto backend = make_cpu_backend();
    const MaskingScene scene = tone_in_noise(56.0);
    PairWhatIf what_if(*backend, cached_excitation(scene.results));
    what_if.change({});
    CHECK_FALSE(what_if.hear_phase());
    CHECK(what_if.heard_share() == 1.0);
    int prepared = 0;
    while (what_if.prepare_phase()) ++prepared;
    CHECK(prepared == what_if.phase_count());
}

TEST_CASE("coherent objects that are not merged leave each other alone in the what-if") {
    const auto backend = make_cpu_backend();
    MaskingScene scene = tone_in_noise(56.0);
    scene.results.tracks.objects[0].related = {1};
    scene.results.tracks.objects[1].related = {0};
    TargetWhatIf what_if(*backend, cached_excitation(scene.results), section_hops);
    const double alone =
        10.0 * std::log10(audibility(std::pow(10.0, 5.5), 0.0, band_constants(display_band_hz()[39])));
    CHECK(what_if.before(0).margin_db[39] == Approx(alone).margin(0.01));
}

}  // namespace tutti::tests
