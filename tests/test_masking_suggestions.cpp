#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "host/cut_candidates.hpp"
#include "host/masking_advice.hpp"
#include "host/masking_sentences.hpp"
#include "host/masking_suggestions.hpp"
#include "host/text.hpp"
#include "tests/masking_scene.hpp"

namespace tutti::tests {

namespace {

/// Mono tracks of these names in the middle of a stereo mix.
Session session_of(const MaskingScene& scene) {
    Session session;
    for (const MaskingObject& object : scene.results.tracks.objects) {
        Track track;
        track.name = object.name;
        track.file = object.name + ".wav";
        session.tracks.push_back(track);
    }
    return session;
}

Suggestions suggest(const MaskingScene& scene, const Session& session, int count) {
    const auto backend = make_cpu_backend();
    const std::vector<int> channels(session.tracks.size(), 1);
    return masking_suggestions(scene.results, session, channels, *backend, count);
}

/// A vocal that a drum's noise hides in part, and mostly where the drum is not heard itself, so that less of
/// it costs little; both belong in the middle. A ride on the left is hidden wholly, which no cut brings back.
MaskingScene hidden_vocal() {
    MaskingScene scene({"Lead Vox", "Snare", "Hat", "Ride", "Crash"}, 3);
    scene.sound(3, 60, 64, 50.0, 0, 3, 0);
    scene.sound(4, 60, 64, 66.0, 0, 3, 0);
    scene.sound(0, 35, 35, 50.0, 0, 3);
    scene.sound(0, 36, 39, 57.0, 0, 3);
    scene.sound(1, 35, 39, 51.0, 1, 2);
    scene.sound(1, 10, 20, 60.0, 0, 3);
    scene.sound(2, 68, 70, 50.0, 0, 3);
    scene.listen(*make_cpu_backend());
    return scene;
}

}  // namespace

TEST_CASE("a cut is suggested on the one who hides, where and when it hides") {
    const MaskingScene scene = hidden_vocal();
    const Suggestions found = suggest(scene, session_of(scene), 5);
    const auto at = std::find_if(found.list.begin(), found.list.end(),
                                 [](const Suggestion& suggestion) { return suggestion.object == 1; });
    REQUIRE(at != found.list.end());
    const Suggestion& first = *at;
    CHECK(first.kind == Suggestion::Kind::cut);
    CHECK(first.object == 1);
    CHECK(first.other == 0);
    CHECK(first.strips == std::vector<std::string>{"Snare"});
    CHECK(first.bell.shape == EqShape::bell);
    const std::vector<double> hz = display_band_hz();
    CHECK(first.bell.freq_hz > hz[35]);
    CHECK(first.bell.freq_hz < hz[39]);
    CHECK(first.from_s == 10.0);
    CHECK(first.to_s == 20.0);
    REQUIRE_FALSE(first.gains.empty());
    CHECK(first.gains[0].object == 0);
    CHECK(first.gains[0].sone_s > 0.0);
    CHECK(first.own_change < 0.0);
    CHECK(first.total_change > 0.0);
    CHECK(first.expected == Approx(first.gains[0].sone_s).epsilon(0.1));
    const std::string sentence = suggestion_sentence(scene.results, first);
    INFO(sentence);
    CHECK(sentence.find("Snare: cut ") == 0);
    CHECK(sentence.find("(bell, Q ") != std::string::npos);
    CHECK(sentence.find("): it hides Lead Vox there, mostly 0:10-0:20. Expected: Lead Vox +") !=
          std::string::npos);
}

TEST_CASE("a cut has at most 6 dB and wins others at least twice what it costs") {
    const MaskingScene scene = hidden_vocal();
    std::map<int, int> cuts;
    for (const Suggestion& suggestion : suggest(scene, session_of(scene), 20).list) {
        CAPTURE(suggestion_sentence(scene.results, suggestion));
        CHECK(suggestion.bell.gain_db >= -6.0);
        CHECK(suggestion.bell.gain_db <= -2.0);
        CHECK(suggestion.bell.q >= 0.5);
        CHECK(number_text(suggestion.bell.q).size() <= 4);
        CHECK(suggestion.benefit >= 2.0 * suggestion.self_cost);
        CHECK(suggestion.total_change - suggestion.own_change >= -2.0 * suggestion.own_change);
        CHECK(++cuts[suggestion.object] <= 3);
    }
    CHECK(cuts.size() >= 1);
}

TEST_CASE("the bell's centre is the masker's centroid in the range, its width the masker's") {
    MaskingScene scene({"Lead Vox", "Snare"}, 1);
    const std::vector<double> hz = display_band_hz();
    scene.sound(0, 34, 40, 57.0, 0, 1);
    scene.sound(0, 36, 36, 50.0, 0, 1);
    scene.sound(1, 36, 38, 52.0, 0, 1);
    scene.listen(*make_cpu_backend());
    const std::vector<CutCandidate> candidates = cut_candidates(scene.results);
    REQUIRE_FALSE(candidates.empty());
    const CutCandidate& narrow = candidates.front();
    CHECK(narrow.masker == 1);
    CHECK(narrow.bell.freq_hz == Approx(hz[37]).epsilon(0.04));
    // Three bands of half a Cam have the standard deviation of a rectangle of sqrt(12 * 2/3) / 2 Cam.
    CHECK(narrow.high_hz / narrow.low_hz == Approx(std::pow(hz[38] / hz[37], std::sqrt(8.0))).epsilon(0.02));
}

TEST_CASE("of two in the middle the less important moves before anybody is cut") {
    MaskingScene scene({"Lead Vox", "Piano", "Hat"}, 3);
    scene.sound(0, 35, 35, 50.0, 0, 3);
    scene.sound(0, 36, 39, 57.0, 0, 3);
    scene.sound(1, 35, 39, 51.0, 0, 3);
    scene.sound(2, 68, 70, 50.0, 0, 3);
    scene.listen(*make_cpu_backend());
    Session session = session_of(scene);
    const auto kind_of_first = [&] { return suggest(scene, session, 5).list.at(0).kind; };

    const Suggestion pan = suggest(scene, session, 5).list.at(0);
    REQUIRE(pan.kind == Suggestion::Kind::pan);
    CHECK(pan.object == 1);
    CHECK(pan.other == 0);
    CHECK(std::abs(pan.pan_to) >= 0.3);
    CHECK(suggestion_sentence(scene.results, pan).find("Piano: pan from 0 to ") == 0);

    SECTION("not where it plays through a mono bus") {
        Bus bus;
        bus.name = "Mono";
        bus.channels = 1;
        session.buses.push_back(bus);
        session.tracks[1].output = "Mono";
        CHECK(kind_of_first() == Suggestion::Kind::cut);
    }
    SECTION("not where one of them is panned already") {
        session.tracks[1].pan = 0.5;
        CHECK(kind_of_first() == Suggestion::Kind::cut);
    }
    SECTION("not where both carry the middle") {
        scene.results.tracks.objects[1].name = "Snare";
        CHECK(kind_of_first() == Suggestion::Kind::cut);
    }
    SECTION("not where its sound is on one side already") {
        scene.sound(1, 35, 39, 47.0, 0, 3, 1);
        scene.listen(*make_cpu_backend());
        CHECK(kind_of_first() == Suggestion::Kind::cut);
    }
}

TEST_CASE("a clean mix gets no suggestion, nor does one who asks for none") {
    MaskingScene clean({"Lead Vox", "Bass", "Hat"}, 2);
    clean.sound(0, 38, 41, 55.0, 0, 2);
    clean.sound(1, 2, 10, 60.0, 0, 2);
    clean.sound(2, 68, 70, 50.0, 0, 2);
    clean.listen(*make_cpu_backend());
    CHECK(suggest(clean, session_of(clean), 5).list.empty());
    const MaskingScene hidden = hidden_vocal();
    CHECK(suggest(hidden, session_of(hidden), 0).list.empty());
    CHECK(suggest(hidden, session_of(hidden), 1).list.size() == 1);
}

TEST_CASE("two who hide alike get alike suggestions") {
    MaskingScene scene({"Lead Vox", "Snare", "Tom"}, 1);
    scene.sound(0, 35, 35, 50.0, 0, 1);
    scene.sound(0, 36, 39, 57.0, 0, 1);
    scene.sound(1, 35, 39, 48.0, 0, 1);
    scene.sound(2, 35, 39, 48.0, 0, 1);
    scene.listen(*make_cpu_backend());
    const std::vector<CutCandidate> cuts = cut_candidates(scene.results);
    std::vector<CutCandidate> firsts;
    for (const int masker : {1, 2}) {
        const auto found =
            std::find_if(cuts.begin(), cuts.end(), [&](const CutCandidate& c) { return c.masker == masker; });
        REQUIRE(found != cuts.end());
        firsts.push_back(*found);
    }
    CHECK(firsts[0].benefit == Approx(firsts[1].benefit).epsilon(1e-5));
    CHECK(firsts[0].bell == firsts[1].bell);
}

}  // namespace tutti::tests
