#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "engine/masking_model.hpp"
#include "host/masking_events.hpp"
#include "host/masking_sentences.hpp"
#include "host/masking_text.hpp"
#include "tests/masking_scene.hpp"

namespace tutti::tests {

namespace {

constexpr int vox = 0;
constexpr int guitar = 1;
constexpr int pad = 2;
constexpr int kick = 3;

/// A minute. Two groups of 2.5 Cam, 1.6-2.9 kHz, are where the voice is.
MaskingScene lead_scene() {
    MaskingScene scene({"Lead Vox", "Gtr L", "Pad", "Kick"}, 6);
    scene.sound(vox, 35, 44, 60.0, 0, 6);
    return scene;
}

ClashEvents events_of(MaskingScene& scene) {
    scene.listen(*make_cpu_backend());
    return clash_events(scene.results);
}

}  // namespace

TEST_CASE("a clash is told as who is hidden, where, when, how much and by whom") {
    MaskingScene scene = lead_scene();
    scene.sound(guitar, 35, 44, 67.0, 2, 4);
    scene.sound(pad, 35, 44, 60.0, 2, 4);
    const ClashEvents events = events_of(scene);
    REQUIRE(events.tracks.size() == 1);
    const ClashEvent& event = events.tracks[0];
    CHECK(
        event_sentence(scene.results, scene.results.tracks, event) ==
        "Lead Vox, 1.6-2.9 kHz, 0:20-0:40: inaudible 100 % of the time it plays; hidden by Gtr L (83 %) and "
        "Pad (17 %). Gtr L hides Pad there, too.");
    CHECK(event.target == vox);
    CHECK(event.targets.at(0).part == Approx(0.834).margin(0.01));
    CHECK(event.targets.at(1).object == pad);
    CHECK(event.won > event.worth);

    scene.results.tempo_bpm = 120.0;
    scene.results.from_s = 3600.0;
    const ClashEvents later = clash_events(scene.results);
    CHECK(event_sentence(scene.results, scene.results.tracks, later.tracks.at(0)).substr(0, 67) ==
          "Lead Vox, 1.6-2.9 kHz, 1:00:20-1:00:40 (bars 1811-1820): inaudible ");
}

TEST_CASE("what is seldom inaudible is told as heavily masked, and blame on many as many") {
    ClashEvent event;
    event.targets.push_back({0, 0.6, 1.0});
    event.heavy_share = 0.6;
    event.from_s = 0.0;
    event.to_s = 60.0;
    event.low_hz = 500.0;
    event.high_hz = 800.0;
    MaskingResults results;
    results.tracks.objects.resize(21);
    results.tracks.objects[0].name = "Harp";
    for (int i = 1; i <= 20; ++i) {
        results.tracks.objects[i].name = "Violin " + std::to_string(i);
        event.maskers.push_back({i, 0.05, 0.0});
    }
    CHECK(
        event_sentence(results, results.tracks, event) ==
        "Harp, 500-800 Hz, 0:00-1:00: heavily masked 60 % of the time it plays; hidden by Violin 1 (5 %) and "
        "19 others.");
    for (const int other : {3, 4}) event.targets.push_back({other, 0.2, 0.5});
    CHECK(event_sentence(results, results.tracks, event)
              .find(". Violin 1 hides Violin 3 and Violin 4 there, too.") != std::string::npos);
    event.targets.push_back({5, 0.2, 0.5});
    CHECK(event_sentence(results, results.tracks, event)
              .find(". Violin 1 hides Violin 3 and 2 others there, too.") != std::string::npos);
}

TEST_CASE("shares of an event sum to one, and two maskers that do the same share the blame") {
    MaskingScene scene = lead_scene();
    scene.sound(guitar, 35, 44, 66.0, 2, 4);
    scene.sound(pad, 35, 44, 66.0, 2, 4);
    scene.results.tracks.objects[pad].is_return = true;
    scene.results.tracks.objects[pad].sources = {guitar};
    const ClashEvent event = events_of(scene).tracks.at(0);
    CHECK(event.target == vox);
    REQUIRE(event.maskers.size() == 2);
    CHECK(event.maskers[0].share == Approx(0.5));
    CHECK(event.maskers[1].share == Approx(0.5));
    CHECK(event.benefit == Approx(event.maskers[0].benefit + event.maskers[1].benefit));
}

TEST_CASE("a clash is urgent by what would be won at once, by one alone, in few bands") {
    const double usual = clash_urgency(10.0, 0.5, 10.0, 2.0);
    CHECK(clash_urgency(20.0, 0.5, 10.0, 2.0) > usual);
    CHECK(clash_urgency(20.0, 0.5, 20.0, 2.0) == Approx(usual));
    CHECK(clash_urgency(20.0, 0.5, 10.0, 4.0) == Approx(usual));
    CHECK(clash_urgency(10.0, 1.0, 10.0, 2.0) == Approx(8.0 * usual));
    // All of what is a tenth as loud comes before half of it.
    CHECK(clash_urgency(1.0, 1.0, 10.0, 2.0) > usual);
    CHECK(clash_urgency(10.0, 0.5, 1.0, 2.0) == Approx(clash_urgency(10.0, 0.5, 5.0, 2.0)));
    CHECK(clash_urgency(0.0, 0.0, 10.0, 0.0) == 0.0);
}

TEST_CASE("one masker's neighbouring cells are one event, another's are another") {
    MaskingScene scene = lead_scene();
    scene.sound(guitar, 35, 44, 66.0, 1, 4);
    SECTION("one rectangle, one event") {
        const ClashEvents events = events_of(scene);
        REQUIRE(events.tracks.size() == 1);
        CHECK(events.tracks[0].first_group == 7);
        CHECK(events.tracks[0].group_count == 2);
        CHECK(events.tracks[0].from_s == 10.0);
        CHECK(events.tracks[0].to_s == 40.0);
    }
    SECTION("the time after is somebody else's doing") {
        scene.sound(kick, 35, 44, 64.0, 4, 6);
        const ClashEvents events = events_of(scene);
        REQUIRE(events.tracks.size() == 2);
        CHECK(events.tracks[0].maskers[0].object == guitar);
        CHECK(events.tracks[1].maskers[0].object == kick);
        CHECK(events.tracks[1].from_s == 40.0);
    }
    SECTION("the same after a rest of the target of two seconds is the same") {
        scene.sound_in_hops(vox, 35, 44, -20.0, 200, 220);
        const ClashEvents events = events_of(scene);
        REQUIRE(events.tracks.size() == 1);
        CHECK(events.tracks[0].to_s == 40.0);
    }
    SECTION("the same later is another") {
        scene.sound(guitar, 35, 44, 66.0, 5, 6);
        CHECK(events_of(scene).tracks.size() == 2);
    }
}

TEST_CASE(
    "what one hides in bands side by side at about the same time is one event, however unlike the bands") {
    MaskingScene scene({"Lead Vox", "Gtr L", "Bell", "Kick"}, 6);
    constexpr int bell = 2;
    scene.sound(vox, 35, 39, 70.0, 0, 6);
    scene.sound(bell, 40, 44, 40.0, 0, 6);
    scene.sound(guitar, 35, 39, 78.0, 2, 4);
    const auto told_by_guitar = [&] {
        std::vector<ClashEvent> told;
        for (const ClashEvent& event : events_of(scene).tracks) {
            if (event.maskers.at(0).object == guitar) told.push_back(event);
        }
        return told;
    };
    SECTION("at the same time") {
        scene.sound(guitar, 40, 44, 48.0, 2, 4);
        const std::vector<ClashEvent> told = told_by_guitar();
        REQUIRE(told.size() == 1);
        CHECK(told[0].targets.size() == 2);
        CHECK(told[0].first_group == 7);
        CHECK(told[0].group_count == 2);
        CHECK(told[0].from_s == 20.0);
        CHECK(told[0].to_s == 40.0);
    }
    SECTION("in the weaker bands for a part of it") {
        scene.sound_in_hops(guitar, 40, 44, 48.0, 230, 290);
        const std::vector<ClashEvent> told = told_by_guitar();
        REQUIRE(told.size() == 1);
        CHECK(told[0].from_s == 20.0);
        CHECK(told[0].to_s == 40.0);
    }
    SECTION("at another time it is another") {
        scene.sound(guitar, 40, 44, 48.0, 4, 6);
        CHECK(told_by_guitar().size() == 2);
    }
}

TEST_CASE("who hides the whole of little comes before who hides a part of much") {
    MaskingScene scene({"Bass", "Kick", "Strings", "Voice"}, 6);
    constexpr int bass = 0;
    scene.sound(bass, 2, 8, 58.0, 0, 6);
    scene.sound(1, 2, 8, 78.0, 1, 2);
    scene.sound(3, 35, 44, 66.0, 0, 6);
    scene.sound(2, 35, 44, 66.0, 3, 4);
    const ClashEvents events = events_of(scene);
    REQUIRE(events.tracks.size() >= 2);
    CHECK(events.tracks[0].target == bass);
    CHECK(events.tracks[0].maskers.at(0).object == 1);
    CHECK(events.tracks[0].won < events.tracks[1].won);
}

TEST_CASE("the last soft note of somebody who plays much louder is no clash") {
    MaskingScene scene = lead_scene();
    scene.sound(vox, 35, 44, -20.0, 3, 6);
    scene.sound_in_hops(vox, 35, 44, 60.0, 300, 540);
    scene.sound_in_hops(vox, 35, 44, 34.0, 570, 576);
    scene.sound_in_hops(guitar, 35, 44, 60.0, 560, 600);
    CHECK(events_of(scene).tracks.empty());
    // A soft passage is one.
    scene.sound_in_hops(vox, 35, 44, 46.0, 560, 600);
    CHECK(events_of(scene).tracks.size() == 1);
}

TEST_CASE("what two hide of a target is told once") {
    MaskingScene scene = lead_scene();
    scene.sound(guitar, 35, 44, 66.0, 1, 4);
    scene.sound(pad, 35, 44, 65.5, 1, 4);
    int told = 0;
    for (const ClashEvent& event : events_of(scene).tracks) {
        for (const ClashEvent::Target& target : event.targets) told += target.object == vox ? 1 : 0;
    }
    CHECK(told == 1);
}

TEST_CASE("a clean mix needs no attention, nor does what nobody would miss") {
    MaskingScene scene = lead_scene();
    CHECK(events_of(scene).tracks.empty());
    CHECK(masking_text(scene.results, clash_events(scene.results), {}) ==
          "Nothing needs attention: no track is hidden so that one cut would bring it back.\n");

    SECTION("less than two thirds of what carries a target") {
        scene.sound(guitar, 35, 40, 66.0, 2, 4);
        CHECK(events_of(scene).tracks.empty());
    }
    SECTION("more than two thirds of it") {
        scene.sound(guitar, 35, 42, 66.0, 2, 4);
        CHECK(events_of(scene).tracks.size() == 1);
    }
    SECTION("bands more than 10 dB under the strongest do not carry it") {
        scene.sound(vox, 20, 34, 48.0, 0, 6);
        scene.sound(guitar, 20, 34, 66.0, 2, 4);
        CHECK(events_of(scene).tracks.empty());
    }
    SECTION("nor does the tail of a note") {
        scene.sound_in_hops(vox, 35, 44, 48.0, 110, 125);
        scene.sound_in_hops(guitar, 35, 44, 60.0, 110, 128);
        CHECK(events_of(scene).tracks.empty());
    }
    SECTION("less than two seconds") {
        scene.sound_in_hops(guitar, 35, 44, 66.0, 200, 210);
        CHECK(events_of(scene).tracks.empty());
    }
    SECTION("two seconds") {
        scene.sound_in_hops(guitar, 35, 44, 66.0, 200, 220);
        CHECK(events_of(scene).tracks.size() == 1);
    }
    SECTION("a return that is hidden") {
        scene.results.tracks.objects[vox].is_return = true;
        scene.sound(guitar, 35, 44, 66.0, 2, 4);
        CHECK(events_of(scene).tracks.empty());
    }
    SECTION("a return by what feeds it") {
        scene.results.tracks.objects[guitar].is_return = true;
        scene.results.tracks.objects[guitar].sources = {vox};
        scene.sound(guitar, 35, 44, 66.0, 2, 4);
        CHECK(events_of(scene).tracks.empty());
    }
}

TEST_CASE("range and time of an event are those in which something would be won") {
    MaskingScene scene = lead_scene();
    scene.sound_in_hops(guitar, 36, 43, 66.0, 215, 290);
    const ClashEvent event = events_of(scene).tracks.at(0);
    const MaskingGrid grid = display_grid();
    CHECK(hz_to_cam(event.low_hz) == Approx(hz_to_cam(grid.band_hz[36]) - 0.25));
    CHECK(hz_to_cam(event.high_hz) == Approx(hz_to_cam(grid.band_hz[43]) + 0.25));
    CHECK(event.from_s == 21.0);
    CHECK(event.to_s == 29.0);
}

TEST_CASE("groups come first, and only where there are some") {
    MaskingScene scene = lead_scene();
    scene.sound(guitar, 35, 44, 66.0, 2, 4);
    scene.sound(kick, 20, 24, 60.0, 0, 6);
    scene.sound(pad, 20, 24, 67.0, 2, 4);
    CHECK(events_of(scene).groups.empty());
    scene.set_groups({"Vocals", "Band", "Band", "Band"});
    const ClashEvents events = clash_events(scene.results);
    REQUIRE(events.groups.size() == 1);
    CHECK(scene.results.groups.objects[events.groups[0].target].name == "Vocals");
    for (const ClashEvent& e : events.tracks)
        UNSCOPED_INFO(event_sentence(scene.results, scene.results.tracks, e));
    REQUIRE(events.tracks.size() == 2);
    for (const ClashEvent& event : events.tracks) CHECK(event.inside_group == (event.target == kick));
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
    ClashEvents events;
    for (int target = 0; target < 4; ++target) {
        ClashEvent event;
        event.target = target;
        event.low_hz = 870.0;
        event.high_hz = 1700.0;
        event.from_s = 600.0;
        event.to_s = 3599.0;
        event.inaudible_share = 0.99;
        event.won = 1234.0;
        for (int masker = 0; masker < 4; ++masker) {
            if (masker != target) event.maskers.push_back({masker, 0.33, 123.0});
        }
        events.tracks.push_back(event);
    }
    const std::string text = masking_text(scene.results, events, {});
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
