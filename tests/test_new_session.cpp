#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "engine/errors.hpp"
#include "host/new_session.hpp"
#include "tests/audio_files.hpp"
#include "tests/program.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

constexpr int wav24 = SF_FORMAT_WAV | SF_FORMAT_PCM_24;

NewSession session_of(const TempFolder& folder) {
    NewSession made = make_session(folder.path(), survey_stems(find_audio_files(folder.path()), {}));
    made.session.path = folder / "session.toml";
    return made;
}

/// The session as it reads back from the text that would be written.
Session read_back(const TempFolder& folder, const NewSession& made) {
    return parse_session(write_session(made.session, folder.path(), made.comments), made.session.path);
}

const Track& track_of(const Session& session, const std::string& name) {
    const auto found = std::find_if(session.tracks.begin(), session.tracks.end(),
                                    [&](const Track& track) { return track.name == name; });
    if (found == session.tracks.end()) throw std::runtime_error("no track " + name);
    return *found;
}

std::string notes_of(const NewSession& made) {
    std::string text;
    for (const std::string& note : made.notes) text.append(note).append("\n");
    return text;
}

std::vector<double> tone_samples(double amplitude, double seconds, int sample_rate_hz = 48000) {
    std::vector<double> samples(static_cast<std::size_t>(seconds * sample_rate_hz));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] =
            amplitude * std::sin(2.0 * std::numbers::pi * 997.0 * static_cast<double>(i) / sample_rate_hz);
    }
    return samples;
}

}  // namespace

TEST_CASE(
    "A session from a folder has its tracks by family, one bus per family in use, and reads back as it is") {
    const TempFolder folder;
    std::filesystem::create_directory(folder / "more");
    for (const char* name : {"10_Lead Vox.wav", "2_kick.wav", "1_Bass.wav", "more/3 gtr.wav", "4 hat.wav",
                             "11_kick.wav", "12_xyzzy.wav"}) {
        write_audio(folder / name, {noise(4800, 0.1, static_cast<std::uint32_t>(name[0]))}, 48000, wav24);
    }
    write_bytes(folder / "notes.txt", "no stem");
    write_bytes(folder / "._2_kick.wav", "left by another system");
    const NewSession made = session_of(folder);
    const Session session = read_back(folder, made);
    CHECK(session == made.session);
    std::vector<std::string> tracks;
    for (const Track& track : session.tracks) {
        tracks.push_back(track.name + " > " + track.output);
        CHECK(track.group == track.output);
    }
    CHECK(tracks == std::vector<std::string>{"Kick > Drums", "Hat > Drums", "Kick 2 > Drums",
                                             "Bass Track > Bass", "Gtr > Guitars", "Lead Vox > Vocals",
                                             "Xyzzy > Other"});
    std::vector<std::string> buses;
    for (const Bus& bus : session.buses) buses.push_back(bus.name);
    CHECK(buses == std::vector<std::string>{"Drums", "Bass", "Guitars", "Vocals", "Other"});
}

TEST_CASE("Silent files and files that cannot be rendered are left out and named") {
    const TempFolder folder;
    write_audio(folder / "kick.wav", {noise(4800, 0.1, 1)}, 48000, wav24);
    write_audio(folder / "silent.wav", {std::vector<double>(4800, 0.0)}, 48000, wav24);
    write_audio(folder / "dither.wav", {noise(4800, 1.9 / 32768.0, 1)}, 48000, wav24);
    write_audio(folder / "surround.wav", Channels(6, noise(100, 0.1, 1)), 48000, wav24);
    write_bytes(folder / "broken.wav", "RIFF and no more");
    Channels nan{noise(4800, 0.1, 1)};
    nan[0][7] = std::numeric_limits<double>::quiet_NaN();
    write_audio(folder / "nan.wav", nan, 48000, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
    const NewSession made = session_of(folder);
    CHECK(made.session.tracks.size() == 1);
    for (const std::string& said :
         {notes_of(made), write_session(made.session, folder.path(), made.comments)}) {
        CHECK_THAT(said, Contains("Silent and left out: dither.wav, silent.wav."));
        CHECK_THAT(said, Contains("broken.wav is left out: is not audio"));
        CHECK_THAT(said, Contains("nan.wav is left out: frame 7, channel 1"));
        CHECK_THAT(said, Contains("surround.wav is left out: has 6 channels"));
    }
}

TEST_CASE("A folder without a stem that sounds is refused with the reasons") {
    const TempFolder folder;
    write_audio(folder / "silent.wav", {std::vector<double>(4800, 0.0)}, 48000, wav24);
    const std::string error = message_of<InputError>([&] { session_of(folder); });
    CHECK_THAT(error, Contains("holds no stems that can be rendered") && Contains("silent.wav"));
    CHECK_THAT(message_of<InputError>([&] { find_audio_files(folder / "missing"); }),
               Contains("no such folder"));
}

TEST_CASE("Exact duplicates and mono in stereo files are pointed out, likenesses are not") {
    const TempFolder folder;
    const auto a = noise(100000, 0.1, 1);
    auto almost = a;
    almost[99999] += 1e-6;
    write_audio(folder / "kick.wav", {a}, 48000, wav24);
    write_audio(folder / "snare.aiff", {a}, 48000, SF_FORMAT_AIFF | SF_FORMAT_PCM_24);
    write_audio(folder / "tom.wav", {almost}, 48000, wav24);
    write_audio(folder / "piano.wav", {a, a}, 48000, wav24);
    write_audio(folder / "organ.wav", {a, almost}, 48000, wav24);
    const NewSession made = session_of(folder);
    CHECK_THAT(notes_of(made), Contains("The same samples twice: snare.aiff = kick.wav."));
    CHECK_THAT(notes_of(made), Contains("Mono in stereo files (left equals right): piano.wav."));
    CHECK(made.comments.strips.at("Snare") == "The same samples as \"Kick\".");
    CHECK(made.comments.strips.count("Tom") == 0);
    CHECK(made.comments.strips.count("Organ") == 0);
}

TEST_CASE("The session has the most common sample rate; other rates and lengths are reported") {
    const TempFolder folder;
    write_audio(folder / "kick.wav", {noise(44100, 0.1, 1)}, 44100, wav24);
    write_audio(folder / "snare.wav", {noise(44100, 0.1, 2)}, 44100, wav24);
    write_audio(folder / "vox.wav", {noise(96000, 0.1, 3)}, 48000, wav24);
    const NewSession made = session_of(folder);
    CHECK(made.session.sample_rate_hz == 44100);
    CHECK_THAT(notes_of(made), Contains("Mixed sample rates: 44100 Hz, but 48000 Hz: vox.wav."));
    CHECK_THAT(notes_of(made), Contains("Mixed lengths: from 0:01.000 (kick.wav) to 0:02.000 (vox.wav)"));
    CHECK_THAT(made.comments.strips.at("Vox"), Contains("At 48000 Hz: resampled"));
}

TEST_CASE("Trims bring every track to the level at which all together are at -23 LUFS") {
    const TempFolder folder;
    const std::map<std::string, double> amplitudes{
        {"Kick", 0.9}, {"Snare", 0.1}, {"Vox", 0.01}, {"Hat", 0.0003}};
    for (const auto& [name, amplitude] : amplitudes) {
        write_audio(folder / (name + ".wav"), {tone_samples(amplitude, 2.0)}, 48000, wav24);
    }
    const NewSession made = session_of(folder);
    const double level_lufs = -23.0 - 10.0 * std::log10(4.0);
    for (const auto& [name, amplitude] : amplitudes) {
        // BS.1770: a full-scale sine of 997 Hz in one channel is at -3.01 LUFS.
        const double wanted_db = level_lufs - (20.0 * std::log10(amplitude) - 3.01);
        const double trim_db = track_of(made.session, name).trim_db;
        CAPTURE(name);
        CHECK(trim_db == Approx(std::clamp(wanted_db, -24.0, 24.0)).margin(0.1));
        CHECK(std::round(trim_db * 10.0) / 10.0 == trim_db);
    }
    for (const char* beyond : {"Kick", "Hat"}) {
        CHECK_THAT(made.comments.strips.at(beyond), Contains("the trim stops at 24 dB"));
    }
    CHECK_THAT(made.comments.head, Contains("-29.0 LUFS"));
}

TEST_CASE("Two mono halves of a stereo recording are panned apart and keep their balance") {
    const TempFolder folder;
    write_audio(folder / "3 OH L.wav", {tone_samples(0.2, 1.0)}, 48000, wav24);
    write_audio(folder / "4 OH R.wav", {tone_samples(0.1, 1.0)}, 48000, wav24);
    write_audio(folder / "Gtr L.wav", {tone_samples(0.1, 1.0)}, 48000, wav24);
    const Session session = session_of(folder).session;
    CHECK(track_of(session, "OH L").pan == -1.0);
    CHECK(track_of(session, "OH R").pan == 1.0);
    CHECK(track_of(session, "OH L").trim_db == track_of(session, "OH R").trim_db);
    CHECK(track_of(session, "Gtr L").pan == 0.0);
}

TEST_CASE("Names that would meet a bus, the master or each other are made different") {
    const TempFolder folder;
    for (const char* folder_name : {"a", "b"}) std::filesystem::create_directory(folder / folder_name);
    for (const char* name : {"Drums.wav", "master.wav", "a/kick.wav", "b/Kick.wav", "a/kick 2.wav"}) {
        write_audio(folder / name, {noise(4800, 0.1, 1)}, 48000, wav24);
    }
    const NewSession made = session_of(folder);
    CHECK(read_back(folder, made) == made.session);
    CHECK(made.session.tracks.size() == 5);
}

TEST_CASE("Progress is told after each file, up to the last") {
    const TempFolder folder;
    for (int i = 0; i < 9; ++i) {
        write_audio(folder / (std::to_string(i) + ".wav"), {noise(480, 0.1, 1)}, 48000, wav24);
    }
    std::vector<int> calls;
    survey_stems(find_audio_files(folder.path()), [&](int done) { calls.push_back(done); });
    CHECK(calls == std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("A folder of stems becomes a session file, and one that is there is not replaced unasked") {
    const TempFolder folder;
    write_audio(folder / "kick \"in\".wav", {noise(4800, 0.1, 1)}, 48000, wav24);
    const std::vector<std::string> arguments{"new", folder.path().string(), "-o",
                                             (folder / "session.toml").string()};
    const ProgramResult made = run_tutti(arguments);
    CAPTURE(made.errors);
    REQUIRE(made.status == 0);
    CHECK_THAT(made.output, Contains("1 track at 48000 Hz: 1 Drums"));
    const Session session = read_session(folder / "session.toml");
    CHECK(session.tracks.at(0).file.filename() == "kick \"in\".wav");
    CHECK(run_tutti({"render", (folder / "session.toml").string(), "-o", (folder / "mix.wav").string()})
              .status == 0);

    write_bytes(folder / "session.toml", "mine");
    const ProgramResult refused = run_tutti(arguments);
    CHECK(refused.status == 2);
    CHECK_THAT(refused.errors, Contains("session.toml: is there already; --force replaces it"));
    CHECK(read_bytes(folder / "session.toml") == "mine");
}
