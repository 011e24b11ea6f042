#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "host/masking_events.hpp"
#include "host/masking_sentences.hpp"
#include "host/masking_text.hpp"
#include "tests/masking_scene.hpp"

namespace tutti::tests {

namespace {

/// Two groups of 2.5 Cam, 1.6-2.9 kHz, from 0:20 to 0:40.
constexpr SceneRange everywhere{0, 15, 0, 6};
constexpr SceneRange presence{7, 9, 2, 4};

MaskingScene lead_scene() {
    MaskingScene scene({"Lead Vox", "Gtr L", "Pad", "Kick"}, 6);
    for (int object = 0; object < 4; ++object) scene.play(object, everywhere);
    return scene;
}

std::vector<int> targets_of(const std::vector<ClashEvent>& events) {
    std::vector<int> targets;
    for (const ClashEvent& event : events) targets.push_back(event.target);
    return targets;
}

}  // namespace

TEST_CASE("a clash is told as who is hidden, where, when, how much and by whom") {
    MaskingScene scene = lead_scene();
    scene.hide(0, 1, presence, {0.41, 0.2, 0.46, 0.05});
    scene.hide(0, 2, presence, {0.0, 0.0, 0.31, 0.03});
    scene.hide(0, 3, presence, {0.0, 0.0, 0.08, 0.01});
    const ClashEvents events = clash_events(scene.results);
    REQUIRE(events.tracks.size() == 1);
    CHECK(event_sentence(scene.results, scene.results.tracks, events.tracks[0]) ==
          "Lead Vox, 1.6-2.9 kHz, 0:20-0:40: inaudible 41 % of the time it plays; hidden by Gtr L (54 %) and "
          "Pad (36 %).");

    scene.results.tempo_bpm = 120.0;
    scene.results.from_s = 3600.0;
    const ClashEvents later = clash_events(scene.results);
    CHECK(event_sentence(scene.results, scene.results.tracks, later.tracks[0]).substr(0, 67) ==
          "Lead Vox, 1.6-2.9 kHz, 1:00:20-1:00:40 (bars 1811-1820): inaudible ");
}

TEST_CASE("what is seldom inaudible is told as heavily masked, and blame on many as many") {
    std::vector<std::string> names{"Harp"};
    for (int i = 1; i <= 20; ++i) names.push_back("Violin " + std::to_string(i));
    MaskingScene scene(names, 6);
    scene.play(0, everywhere);
    for (int i = 1; i <= 20; ++i) scene.hide(0, i, {3, 4, 0, 6}, {0.0, 0.03, 0.1, 0.02});
    const ClashEvents events = clash_events(scene.results);
    REQUIRE(events.tracks.size() == 1);
    const std::string sentence = event_sentence(scene.results, scene.results.tracks, events.tracks[0]);
    INFO(sentence);
    CHECK(
        sentence.find("0:00-1:00: heavily masked 60 % of the time it plays; hidden by Violin 1 (5 %) and 19 "
                      "others.") != std::string::npos);
}

TEST_CASE("shares of an event sum to one, and two maskers that do the same share the blame") {
    MaskingScene scene = lead_scene();
    scene.hide(0, 1, presence, {0.5, 0.0, 0.7, 0.05});
    scene.hide(0, 2, presence, {0.0, 0.0, 0.7, 0.05});
    const ClashEvent event = clash_events(scene.results).tracks.at(0);
    REQUIRE(event.maskers.size() == 2);
    CHECK(event.maskers[0].share == Approx(0.5));
    CHECK(event.maskers[1].share == Approx(0.5));
    CHECK(event.benefit == Approx(event.maskers[0].benefit + event.maskers[1].benefit));
}

TEST_CASE("events are ranked by what a cut would win, not by what is lost") {
    MaskingScene scene = lead_scene();
    // The pad is buried and nothing brings it back; the kick is hidden a little and a decibel helps.
    scene.hide(2, 1, {4, 8, 0, 6}, {0.95, 0.05, 5.0, 0.03});
    scene.hide(3, 1, {2, 3, 0, 6}, {0.2, 0.2, 0.5, 0.2});
    CHECK(targets_of(clash_events(scene.results).tracks) == std::vector<int>{3, 2});
}

TEST_CASE("neighbouring cells with the same culprits are one event, with others they are two") {
    MaskingScene scene = lead_scene();
    scene.hide(0, 1, {5, 8, 1, 4}, {0.4, 0.2, 0.4, 0.05});
    SECTION("one rectangle, one event") {
        const ClashEvents events = clash_events(scene.results);
        REQUIRE(events.tracks.size() == 1);
        CHECK(events.tracks[0].first_group == 5);
        CHECK(events.tracks[0].group_count == 3);
        CHECK(events.tracks[0].first_section == 1);
        CHECK(events.tracks[0].section_count == 3);
        CHECK(events.tracks[0].benefit == Approx(9 * 0.05));
    }
    SECTION("the next bands are somebody else's doing") {
        scene.hide(0, 3, {8, 10, 1, 4}, {0.4, 0.2, 0.4, 0.04});
        const ClashEvents events = clash_events(scene.results);
        REQUIRE(events.tracks.size() == 2);
        CHECK(events.tracks[0].maskers[0].object == 1);
        CHECK(events.tracks[1].maskers[0].object == 3);
        CHECK(events.tracks[1].first_group == 8);
    }
    SECTION("the same later, after a rest of the target, is the same") {
        MaskingScene resting({"Lead Vox", "Gtr L", "Pad", "Kick"}, 6);
        resting.play(0, {0, 15, 0, 2});
        resting.play(0, {0, 15, 3, 6});
        resting.hide(0, 1, {5, 8, 0, 2}, {0.4, 0.2, 0.4, 0.05});
        resting.hide(0, 1, {5, 8, 3, 6}, {0.4, 0.2, 0.4, 0.05});
        const ClashEvents events = clash_events(resting.results);
        REQUIRE(events.tracks.size() == 1);
        CHECK(events.tracks[0].section_count == 6);
        CHECK(events.tracks[0].inaudible_share == Approx(0.4));
    }
    SECTION("the same later, while the target was clear in between, is another") {
        scene.hide(0, 1, {5, 8, 5, 6}, {0.4, 0.2, 0.4, 0.05});
        CHECK(clash_events(scene.results).tracks.size() == 2);
    }
}

TEST_CASE("events of a target cover disjoint cells") {
    MaskingScene scene = lead_scene();
    std::uint32_t random = 1;
    for (int s = 0; s < 6; ++s) {
        for (int g = 0; g < 15; ++g) {
            random = random * 1664525U + 1013904223U;
            const double amount = (random >> 16U) / 65536.0;
            scene.hide(0, 1 + static_cast<int>(random >> 30U) % 3, {g, g + 1, s, s + 1},
                       {0.5 * amount, 0.3 * amount, amount, 0.05 * amount});
        }
    }
    std::vector<int> covered(6 * 15);
    const ClashEvents events = clash_events(scene.results);
    for (const ClashEvent& event : events.tracks) {
        double sum = 0.0;
        for (const ClashEvent::Masker& masker : event.maskers) sum += masker.share;
        CHECK(sum == Approx(1.0));
        for (int s = 0; s < event.section_count; ++s) {
            for (int g = 0; g < event.group_count; ++g)
                ++covered[(event.first_section + s) * 15 + event.first_group + g];
        }
    }
    CHECK(events.tracks.size() > 5);
    CHECK(*std::max_element(covered.begin(), covered.end()) == 1);
}

TEST_CASE("a clean mix needs no attention, nor does what nobody would notice") {
    MaskingScene scene = lead_scene();
    CHECK(clash_events(scene.results).tracks.empty());
    CHECK(masking_text(scene.results, clash_events(scene.results), {}) ==
          "Nothing needs attention: nobody is hidden by others so that a cut of 6 dB would change it.\n");

    // 2 sone s are played per band group and section: 7 % over 6 dB is 0.0233 sone s per dB.
    SECTION("less than 7 % more in those bands for 6 dB") {
        scene.hide(0, 1, {5, 10, 2, 3}, {0.5, 0.2, 0.5, 0.023});
        CHECK(clash_events(scene.results).tracks.empty());
    }
    SECTION("more than 7 % more in those bands for 6 dB") {
        scene.hide(0, 1, {5, 10, 2, 3}, {0.5, 0.2, 0.5, 0.024});
        CHECK(clash_events(scene.results).tracks.size() == 1);
    }
    SECTION("less than 1 % more of all for 6 dB") {
        scene.hide(0, 1, {5, 6, 2, 3}, {0.5, 0.2, 0.5, 0.049});
        CHECK(clash_events(scene.results).tracks.empty());
    }
    SECTION("more than 1 % more of all for 6 dB") {
        scene.hide(0, 1, {5, 6, 2, 3}, {0.5, 0.2, 0.5, 0.051});
        CHECK(clash_events(scene.results).tracks.size() == 1);
    }
    SECTION("masked less than a tenth of the time it plays") {
        scene.hide(0, 1, {7, 8, 2, 3}, {0.04, 0.05, 0.5, 1.0});
        CHECK(clash_events(scene.results).tracks.empty());
    }
}

TEST_CASE("range and time of an event are those of its masked bands and hops") {
    MaskingScene scene = lead_scene();
    scene.hide(0, 1, {5, 7, 1, 3}, {0.5, 0.2, 0.5, 0.5});
    // The upper group and the first 6.5 s are clear after all.
    auto& margins = scene.results.tracks.margin_db;
    const std::uint16_t clear = margins[0];
    for (int hop = 100; hop < 300; ++hop) {
        for (int band = 25; band < 35; ++band) {
            if (band >= 30 || hop < 165) margins[hop * 75 + band] = clear;
        }
    }
    const ClashEvent event = clash_events(scene.results).tracks.at(0);
    const std::vector<double> edges = band_group_edges_hz();
    CHECK(event.low_hz == Approx(edges[5]));
    CHECK(event.high_hz == Approx(edges[6]));
    CHECK(event.from_s == 16.0);
    CHECK(event.to_s == 30.0);
}

TEST_CASE("groups come first, and only where there are some") {
    MaskingScene scene = lead_scene();
    scene.hide(0, 1, presence, {0.5, 0.2, 0.5, 0.5});
    scene.hide(3, 2, presence, {0.5, 0.2, 0.5, 0.4});
    CHECK(clash_events(scene.results).groups.empty());
    scene.set_groups({"Vocals", "Band", "Band", "Band"});
    const ClashEvents events = clash_events(scene.results);
    REQUIRE(events.groups.size() == 1);
    CHECK(scene.results.groups.objects[events.groups[0].target].name == "Vocals");
    REQUIRE(events.tracks.size() == 2);
    CHECK_FALSE(events.tracks[0].inside_group);
    CHECK(events.tracks[1].inside_group);
    const std::string text = masking_text(scene.results, events, {});
    CHECK(text.find("Between groups") < text.find("Between tracks"));
}

TEST_CASE("numbers in sentences have two digits that mean something") {
    CHECK(frequency_range_text(1900.0, 3100.0) == "1.9-3.1 kHz");
    CHECK(frequency_range_text(243.0, 478.0) == "240-480 Hz");
    CHECK(frequency_range_text(800.0, 1230.0) == "800 Hz-1.2 kHz");
    CHECK(frequency_range_text(996.0, 1049.0) == "about 1.0 kHz");
    CHECK(frequency_range_text(42.4, 96.0) == "42-96 Hz");
    CHECK(frequency_range_text(9960.0, 15084.0) == "10-15 kHz");
    CHECK(time_range_text(48.0, 72.0) == "0:48-1:12");
    CHECK(sone_text(0.0349) == "0.035");
    CHECK(sone_text(0.995) == "1.0");
    CHECK(sone_text(9.96) == "10");

    MaskingResults results;
    CHECK(bar_range_text(results, 0.0, 4.0).empty());
    results.tempo_bpm = 120.0;
    CHECK(bar_range_text(results, 0.0, 2.0) == "bar 1");
    CHECK(bar_range_text(results, 48.0, 72.0) == "bars 25-36");
    results.beats_per_bar = 3;
    CHECK(bar_range_text(results, 1.0, 2.0) == "bars 1-2");
}

TEST_CASE("the table fits 110 columns whatever the names are") {
    const std::string cyrillic = "\xD0\x91\xD0\xB0\xD1\x8F\xD0\xBD";
    MaskingScene scene(
        {"Backing Vocals Double Left", cyrillic + " " + cyrillic + " " + cyrillic + " " + cyrillic,
         "Electric Piano With Chorus Right", "Kick"},
        6);
    for (int object = 0; object < 4; ++object) scene.play(object, everywhere);
    for (int target = 0; target < 4; ++target) {
        for (int masker = 0; masker < 4; ++masker) {
            if (masker != target) scene.hide(target, masker, everywhere, {0.33, 0.0, 0.3, 123.0});
        }
    }
    const std::string text = masking_text(scene.results, clash_events(scene.results), {});
    INFO(text);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto width = std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
        CHECK(width <= 110);
    }
    CHECK(text.find("Backing Voca..Left") != std::string::npos);
    CHECK(text.find("99 %") != std::string::npos);
    CHECK(shortened(cyrillic + cyrillic + cyrillic, 12) == cyrillic + cyrillic + cyrillic);
    CHECK(shortened(cyrillic + cyrillic + cyrillic, 10) == cyrillic + ".." + cyrillic);
}

}  // namespace tutti::tests
