#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/masking_model.hpp"
#include "host/masking_events.hpp"
#include "host/masking_sentences.hpp"
#include "tests/masking_scene.hpp"

namespace tutti::tests {

namespace {

constexpr int hop_count = 600;
constexpr int band_count = 75;

/// An instrument: tones with harmonics, or (without any) noise, from note to note.
struct Part {
    const char* name;
    double low_hz;  ///< lowest note, or the noise's lower edge
    double high_hz;
    int harmonics;  ///< of a tone
    double level_db;
    double period_s;  ///< from note to note
    double decay_db_per_s;
};

constexpr std::array<Part, 10> band{{{"Kick", 45, 60, 0, 74, 0.5, 60},
                                     {"Snare", 1800, 4000, 0, 58, 1.0, 60},
                                     {"Hihat", 8000, 14000, 0, 50, 0.25, 100},
                                     {"Bass", 98, 165, 6, 66, 0.5, 12},
                                     {"Guitar", 165, 330, 10, 56, 0.25, 15},
                                     {"Piano", 262, 523, 8, 57, 0.5, 20},
                                     {"Strings", 196, 392, 12, 52, 2.0, 0},
                                     {"Voice", 330, 660, 9, 60, 0.5, 5},
                                     {"Flute", 784, 1568, 3, 50, 1.0, 0},
                                     {"Shaker", 5000, 7000, 0, 46, 0.125, 60}}};
constexpr int kick = 0;
constexpr int hihat = 2;
constexpr int bass = 3;
constexpr int strings = 6;
constexpr int voice = 7;
constexpr int flute = 8;
constexpr int shaker = 9;

/// Adds a sound between two frequencies, with the skirts that excitation has, to one hop.
void add(MaskingScene& scene, int object, int hop, double low_hz, double high_hz, double level_db) {
    const std::vector<double> band_hz = display_band_hz();
    for (int b = 0; b < band_count; ++b) {
        const double cam = hz_to_cam(band_hz[b]);
        const double below = std::max(0.0, hz_to_cam(low_hz) - cam);
        const double above = std::max(0.0, cam - hz_to_cam(high_hz));
        const long byte = std::lround(2.0 * (level_db - 25.0 * below - 12.0 * above + 20.0));
        const auto level = static_cast<std::uint8_t>(std::clamp(byte, 0L, 255L));
        for (std::size_t ear = 0; ear < 2; ++ear) {
            const std::size_t row = ear * scene.results.tracks.objects.size() + object;
            std::uint8_t& at = scene.results.excitation[(row * hop_count + hop) * band_count + b];
            at = std::max(at, level);
        }
    }
}

void play(MaskingScene& scene, int object, const Part& part) {
    for (int hop = 0; hop < hop_count; ++hop) {
        const double time_s = hop * scene.results.hop_s + 0.01 * object;
        const double note = std::floor(time_s / part.period_s);
        const double level_db = part.level_db - part.decay_db_per_s * (time_s - note * part.period_s);
        if (part.harmonics == 0) {
            add(scene, object, hop, part.low_hz, part.high_hz, level_db);
            continue;
        }
        const int step = static_cast<int>(note) * 5 % 12;
        const double tone_hz = part.low_hz * std::pow(part.high_hz / part.low_hz, step / 12.0);
        for (int h = 1; h <= part.harmonics; ++h)
            add(scene, object, hop, h * tone_hz, h * tone_hz, level_db - 5.0 * std::log2(h));
    }
}

template <std::size_t count>
MaskingScene scene_of(const std::array<Part, count>& parts) {
    std::vector<std::string> names;
    for (const Part& part : parts) names.emplace_back(part.name);
    MaskingScene scene(names, 6);
    for (std::size_t object = 0; object < count; ++object)
        play(scene, static_cast<int>(object), parts[object]);
    return scene;
}

/// Noise in one part's band of frequencies for eight seconds.
struct Plant {
    int target;
    int masker;
    double low_hz;
    double high_hz;
    double level_db;
    int from_s;
};

ClashEvents events_with(MaskingScene& scene, const Plant& plant) {
    for (int hop = 10 * plant.from_s; hop < 10 * (plant.from_s + 8); ++hop)
        add(scene, plant.masker, hop, plant.low_hz, plant.high_hz, plant.level_db);
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    scene.listen(*backend);
    ClashEvents events = clash_events(scene.results);
    REQUIRE_FALSE(events.tracks.empty());
    return events;
}

void check_found_first(MaskingScene scene, const Plant& plant) {
    const ClashEvents events = events_with(scene, plant);
    const ClashEvent& first = events.tracks.front();
    INFO(event_sentence(scene.results, scene.results.tracks, first));
    CHECK(first.target == plant.target);
    CHECK(first.maskers.at(0).object == plant.masker);
    CHECK(first.maskers.at(0).share > 0.5);
    CHECK(first.from_s >= plant.from_s - 1);
    CHECK(first.to_s <= plant.from_s + 9);
    const double low = hz_to_cam(plant.low_hz);
    const double high = hz_to_cam(plant.high_hz);
    const double common = std::min(high, hz_to_cam(first.high_hz)) - std::max(low, hz_to_cam(first.low_hz));
    CHECK(common >= 0.5 * (high - low));
    CHECK(common >= 0.5 * (hz_to_cam(first.high_hz) - hz_to_cam(first.low_hz)));
}

}  // namespace

TEST_CASE("a masker planted into a band's masking for eight seconds is the first clash event") {
    const MaskingScene scene = scene_of(band);
    SECTION("somebody who is not there otherwise") {
        check_found_first(scene, {voice, shaker, 400.0, 1200.0, 66.0, 21});
    }
    SECTION("over what it hides altogether") {
        check_found_first(scene, {bass, shaker, 90.0, 260.0, 84.0, 31});
    }
    SECTION("somebody who hides it a little all the time") {
        check_found_first(scene, {voice, strings, 500.0, 1500.0, 68.0, 11});
    }
    // Few sones are at stake there.
    SECTION("in the lowest bands") { check_found_first(scene, {kick, shaker, 45.0, 100.0, 72.0, 21}); }
    // The voice has overtones there, but the flute is made of what is hidden.
    SECTION("into brighter bands") { check_found_first(scene, {flute, shaker, 1000.0, 2500.0, 62.0, 41}); }
}

TEST_CASE("a masker planted over short sounds with rests between them is one event over all of them") {
    MaskingScene scene = scene_of(band);
    // The hi-hat sounds 50 ms of every 250 ms at most, and the noise covers less than all of its range.
    const Plant plant{hihat, strings, 7500.0, 13000.0, 62.0, 31};
    const ClashEvents events = events_with(scene, plant);
    int told = 0;
    for (const ClashEvent& event : events.tracks) {
        const bool is_there = event.from_s < plant.from_s + 8 && event.to_s > plant.from_s;
        if (!is_there || event.maskers.at(0).object != strings || event.high_hz < 6000.0) continue;
        ++told;
        INFO(event_sentence(scene.results, scene.results.tracks, event));
        CHECK(event.target == hihat);
        CHECK(event.from_s >= plant.from_s - 1);
        CHECK(event.from_s <= plant.from_s + 1);
        CHECK(event.to_s >= plant.from_s + 7);
        CHECK(event.to_s <= plant.from_s + 9);
        CHECK(event.low_hz >= 6500.0);
        CHECK(event.high_hz >= 12000.0);
    }
    CHECK(told == 1);
}

TEST_CASE("instruments that keep out of each other's way leave no clash event") {
    MaskingScene scene = scene_of(std::array<Part, 3>{{{"Bass", 41, 62, 3, 60, 0.5, 6},
                                                       {"Voice", 500, 800, 3, 60, 0.5, 5},
                                                       {"Hihat", 8000, 14000, 0, 50, 0.25, 100}}});
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    scene.listen(*backend);
    CHECK(clash_events(scene.results).tracks.empty());
}

}  // namespace tutti::tests
