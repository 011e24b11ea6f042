#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iterator>

#include "engine/errors.hpp"
#include "host/changed_mix.hpp"
#include "host/mix_change.hpp"
#include "host/pan.hpp"
#include "tests/masking_scene.hpp"
#include "tests/session_folder.hpp"

namespace tutti::tests {

namespace {

using Catch::Matchers::Contains;

MixChange bell_change(int object, double gain_db) {
    MixChange change;
    change.object = object;
    change.bell.freq_hz = 1000.0;
    change.bell.gain_db = gain_db;
    change.bell.q = 1.0;
    return change;
}

MixChange fader_change(int object, double gain_db) {
    MixChange change;
    change.kind = MixChange::Kind::gain;
    change.object = object;
    change.gain_db = gain_db;
    return change;
}

/// Two voices that feed a hall equally loud, and a guitar.
MaskingScene voices_and_hall() {
    MaskingScene scene({"Vox", "Choir", "Hall", "Gtr"}, 1);
    scene.sound(0, 30, 50, 60.0, 0, 1);
    scene.sound(1, 30, 50, 60.0, 0, 1);
    scene.sound(2, 30, 50, 50.0, 0, 1);
    scene.sound(3, 30, 50, 55.0, 0, 1);
    scene.results.tracks.objects[2].sources = {0, 1};
    return scene;
}

double change_db(const LevelChanges& levels, int object, int band = 40) {
    const LevelChange* const change = levels.of(object);
    return change == nullptr ? 0.0 : 10.0 * std::log10(change->power_gains[0][band]);
}

std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("bells and faders of one track add in decibels and leave other tracks alone") {
    const MaskingScene scene = voices_and_hall();
    const ChangedMix mix(scene.results, nullptr);
    const LevelChanges levels = mix.levels(std::vector{bell_change(3, -6.0), fader_change(3, -2.0)}, 0.0);
    const double at_bell = change_db({{eq_change(3, bell_change(3, -6.0).bell)}}, 3);
    CHECK(change_db(levels, 3) == Approx(at_bell - 2.0).margin(1e-4));
    CHECK(levels.list.size() == 1);
    CHECK(levels.playback == 1.0F);
}

TEST_CASE("a return hears what its sources do, by what they send it") {
    const MaskingScene scene = voices_and_hall();
    const std::vector<MixChange> mute{fader_change(0, -100.0)};
    // Half of what the hall is fed is gone.
    CHECK(change_db(ChangedMix(scene.results, nullptr).levels(mute, 0.0), 2) == Approx(-3.01).margin(0.01));

    const auto with_send = [&](const char* send) {
        const std::string text = std::string(
                                     "[session]\nsample_rate = 48000\n[[track]]\nname = \"Vox\"\n"
                                     "file = \"v.wav\"\n[[track.send]]\nto = \"Hall\"\n") +
                                 send +
                                 "\n[[track]]\nname = \"Choir\"\nfile = \"c.wav\"\n[[track.send]]\n"
                                 "to = \"Hall\"\ngain_db = 0\n[[track]]\nname = \"Gtr\"\nfile = \"g.wav\"\n"
                                 "[[bus]]\nname = \"Hall\"\n";
        const Session session = parse_session(text, "s.toml", false);
        return change_db(ChangedMix(scene.results, &session).levels(mute, 0.0), 2);
    };
    CHECK(with_send("gain_db = 0") == Approx(-3.01).margin(0.01));
    // The choir feeds a tenth of what the voice does.
    CHECK(with_send("gain_db = 10") == Approx(-10.41).margin(0.01));
    CHECK(with_send("gain_db = 0\ntap = \"pre\"") == Approx(0.0).margin(1e-6));
}

TEST_CASE("playing louder changes everybody") {
    const MaskingScene scene = voices_and_hall();
    const LevelChanges levels = ChangedMix(scene.results, nullptr).levels({}, 6.0);
    CHECK(levels.list.empty());
    CHECK(10.0 * std::log10(levels.playback) == Approx(6.0).margin(1e-4));
    CHECK(touched_groups(levels).size() == 15);
}

TEST_CASE("a mono track goes where the pan law says, also from the far side") {
    MaskingScene scene({"Gtr"}, 1);
    scene.sound(0, 30, 50, 60.0, 0, 1, 0);  // hard left
    MixChange pan;
    pan.kind = MixChange::Kind::pan;
    pan.pan_from = -1.0;
    pan.pan = 0.0;
    const LevelChanges levels = ChangedMix(scene.results, nullptr).levels(std::vector{pan}, 0.0);
    const CachedExcitation cache = cached_excitation(scene.results);
    const std::vector<int> band{40};
    for (int ear = 0; ear < 2; ++ear) {
        float level = 0.0F;
        put_changed_levels(cache, ear, 0, 0, band, levels, &level);
        CHECK(10.0 * std::log10(level) == Approx(60.0 - 3.01).margin(0.01));
    }
}

TEST_CASE("changes are written as inserts, faders and pans beside the original") {
    const SessionFolder folder;
    const Channels mono{std::vector<double>(480, 0.1)};
    folder.add_stem("v.wav", mono);
    folder.add_stem("g.wav", mono);
    folder.write_session(
        "[[track]]\nname = \"Vox\"\nfile = \"v.wav\"\ngain_db = -3.0 # loud\n"
        "[[track]]\nname = \"Gtr\"\nfile = \"g.wav\"\npan = 0.2\n");
    MaskingScene scene({"Vox", "Gtr"}, 1);
    scene.results.session_file = folder.session().string();
    for (const char* name : {"Vox", "Gtr"}) {
        const auto at = static_cast<std::size_t>(std::string(name) == "Gtr");
        scene.results.tracks.objects[at].strips = {name};
    }
    const std::string original = text_of(folder.session());
    MixChange pan = pan_of(scene.results, read_session(folder.session()), 1);
    CHECK(pan.pan_from == 0.2);
    CHECK(pan.channels == 1);
    pan.pan = -0.5;
    const std::vector<MixChange> changes{bell_change(0, -4.0), fader_change(0, 1.5), pan};
    const auto file = folder.path("after.toml");
    write_changed_session(scene.results, changes, file);

    CHECK(text_of(folder.session()) == original);
    const Session written = read_session(file);
    CHECK(written.tracks[0].gain_db == -1.5);
    REQUIRE(written.tracks[0].inserts.size() == 1);
    CHECK(std::get<EqInsert>(written.tracks[0].inserts[0].processor).bands[0] == changes[0].bell);
    CHECK(written.tracks[1].pan == -0.5);
    CHECK_THAT(text_of(file), Contains("# Tried out in tutti-viewer: fader +1.5 dB."));
    CHECK_THAT(text_of(file), Contains("gain_db = -1.5 # loud"));

    CHECK_THROWS_WITH(write_changed_session(scene.results, changes, file), Contains("is there already"));
    CHECK_THROWS_WITH(write_changed_session(scene.results, changes, folder.session()),
                      Contains("is there already"));
    CHECK_THROWS_WITH(write_changed_session(scene.results, {}, folder.path("x.toml")),
                      Contains("nothing has been changed"));
    scene.results.tracks.objects[1].strips = {"Guitar"};
    CHECK_THROWS_WITH(write_changed_session(scene.results, changes, folder.path("x.toml")),
                      Contains("no track or bus \"Guitar\""));
    CHECK_FALSE(std::filesystem::exists(folder.path("x.toml")));
}

TEST_CASE("what cannot be panned says why") {
    const SessionFolder folder;
    const Channels mono{std::vector<double>(480, 0.1)};
    folder.add_stem("v.wav", mono);
    folder.write_session(
        "[[track]]\nname = \"Vox\"\nfile = \"v.wav\"\noutput = \"Mono\"\n"
        "[[track]]\nname = \"Lost\"\nfile = \"v.wav\"\n"
        "[[bus]]\nname = \"Mono\"\nchannels = 1\n");
    const Session session = read_session(folder.session());
    MaskingScene scene({"Vox", "Mono", "Two"}, 1);
    scene.results.tracks.objects[0].strips = {"Vox"};
    scene.results.tracks.objects[1].strips = {"Mono"};
    scene.results.tracks.objects[2].strips = {"Lost", "Vox"};
    CHECK_THROWS_WITH(pan_of(scene.results, session, 0), Contains("plays in mono"));
    CHECK_THROWS_WITH(pan_of(scene.results, session, 1), Contains("is no track"));
    CHECK_THROWS_WITH(pan_of(scene.results, session, 2), Contains("more than one strip"));
}

}  // namespace tutti::tests
