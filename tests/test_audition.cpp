// What an analysis heard, as sound.
#include <catch2/catch.hpp>

#include <fstream>

#include "engine/errors.hpp"
#include "host/audition.hpp"
#include "tests/heard_scene.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

using Parts = std::vector<std::vector<std::string>>;

/// [row][frame] of a stretch: the mix's left and right, then each part's.
Signals heard(const SessionFolder& folder, const Parts& parts, double from_s = 0.0, double to_s = 1e9) {
    Audition audition(folder.session(), "cpu", 0, nullptr, [](const std::string& line) { FAIL(line); });
    Signals rows(2 + 2 * parts.size());
    audition.render(parts, from_s, to_s, [&](std::span<const std::span<const float>> taken) {
        REQUIRE(taken.size() == rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i].insert(rows[i].end(), taken[i].begin(), taken[i].end());
    });
    return rows;
}

void check_that_parts_sum_up(const Signals& rows) {
    Signals mix{rows[0], rows[1]};
    Signals sum(2, Signal(rows[0].size(), 0.0F));
    for (std::size_t row = 2; row < rows.size(); ++row) {
        REQUIRE(std::any_of(rows[row].begin(), rows[row].end(), [](float x) { return x != 0.0F; }));
        for (std::size_t n = 0; n < rows[row].size(); ++n) sum[row % 2][n] += rows[row][n];
    }
    const Difference d = difference(mix, sum);
    INFO("rms " << d.rms_db << " dB, peak " << d.peak_db << " dB");
    CHECK(below_promised(d));
}

const char* const squeeze =
    "[[bus.insert]]\ntype = \"compressor\"\nthreshold_db = -30\nlookahead_ms = 2\nmakeup_db = 4\n";
const char* const bright =
    "[[bus.insert]]\ntype = \"eq\"\nphase = \"linear\"\nbands = [ { shape = \"high_shelf\", freq_hz = 3000, "
    "gain_db = 6 } ]\n";

/// Three noises through nested buses with equalizers, dynamics, a room and long delays; one sent to a return.
class Buses : public SessionFolder {
  public:
    explicit Buses(const std::string& more = "") {
        add_stem("A.wav", {hiss(scene_second, 1, 0.2)});
        add_stem("B.wav", {hiss(scene_second, 2, 0.2), hiss(scene_second, 3, 0.2)});
        add_stem("C.wav", {hiss(scene_second, 4, 0.2)});
        Samples decay = hiss(scene_second / 2, 5, 0.02);
        for (std::size_t n = 0; n < decay.size(); ++n)
            decay[n] *= std::exp(-8.0 * static_cast<double>(n) / scene_second);
        add_stem("room.wav", {decay, Samples(decay.rbegin(), decay.rend())});
        const std::string room = "[[bus.insert]]\ntype = \"convolution\"\nfile = \"room.wav\"\n";
        write_session(track_of("A", "output = \"Inner\"\npan = -0.4\n[[track.send]]\nto = \"Verb\"") +
                      track_of("B", "output = \"Inner\"\n[[track.send]]\nto = \"Verb\"\ngain_db = -6") +
                      track_of("C", "output = \"Outer\"\ngain_db = -3") +
                      "[[bus]]\nname = \"Inner\"\noutput = \"Outer\"\npan = 0.2\n" + squeeze + bright +
                      "[[bus]]\nname = \"Outer\"\n" + bright + room +
                      "mix = 0.3\n[[bus.insert]]\ntype = \"delay\"\ndelay_ms = 250\n" + squeeze +
                      "[[bus]]\nname = \"Verb\"\n" + room + more);
    }
};

}  // namespace

TEST_CASE("what strips add to the mix, through all their buses, sums up to the mix") {
    check_that_parts_sum_up(heard(Buses(), {{"A"}, {"B"}, {"C"}, {"Verb"}}));
}

TEST_CASE("both ears hear what strips add to a mono master") {
    const Signals rows = heard(Buses("[master]\nchannels = 1\n"), {{"A", "B"}, {"C", "Verb"}});
    check_that_parts_sum_up(rows);
    CHECK(rows[2] == rows[3]);
}

TEST_CASE("a bus's equalizer is heard in a track as it is in the mix") {
    const Buses folder;
    folder.write_session(track_of("A", "output = \"Bus\"") + "[[bus]]\nname = \"Bus\"\n" + bright);
    const Signals alone = heard(folder, {{"A"}});
    CHECK(below_promised(difference({alone[0], alone[1]}, {alone[2], alone[3]})));
}

TEST_CASE(
    "the mix is that of a render whose master does nothing, and its parts are those of a whole render") {
    const Buses folder;
    const Signals rendered = to_signals(folder.render());
    const Signals whole = heard(folder, {{"A"}, {"B", "Verb"}});
    CHECK(below_promised(difference(rendered, {whole[0], whole[1]})));
    const Signals later = heard(folder, {{"A"}, {"B", "Verb"}}, 0.5, 1.25);
    REQUIRE(later[0].size() == 36000);
    for (std::size_t row = 0; row < later.size(); ++row) {
        const Signal part(whole[row].begin() + 24000, whole[row].begin() + 60000);
        CHECK(below_promised(difference({part}, {later[row]})));
    }
}

TEST_CASE("a strip that is muted is silent, and what is not there is told") {
    const Buses folder;
    folder.write_session(track_of("A") + track_of("C", "mute = true"));
    const Signals rows = heard(folder, {{"C"}});
    CHECK(std::all_of(rows[2].begin(), rows[2].end(), [](float x) { return x == 0.0F; }));
    const Audition audition(folder.session(), "cpu", 0, nullptr, [](const std::string&) {});
    CHECK(audition.has_strip("A"));
    CHECK_FALSE(audition.has_strip("D"));
    std::filesystem::remove(folder.path("A.wav"));
    CHECK_THROWS_AS(Audition(folder.session(), "cpu", 0, nullptr, [](const std::string&) {}), InputError);
}

TEST_CASE("a render for listening ends when it is told to") {
    const Buses folder;
    struct Enough {};
    Audition audition(folder.session(), "cpu", 0, nullptr, [](const std::string&) {});
    CHECK_THROWS_AS(
        audition.render({{"A"}}, 0.0, 1.0, [](std::span<const std::span<const float>>) { throw Enough(); }),
        Enough);
}

TEST_CASE("edits are heard as the session that has them written in it is") {
    const Buses scene;
    SessionEdit bell;
    bell.strip = "A";
    bell.bell = {.shape = EqShape::bell, .freq_hz = 2000.0, .gain_db = -9.0, .q = 1.0};
    SessionEdit pan;
    pan.kind = SessionEdit::Kind::set_pan;
    pan.strip = "C";
    pan.pan = 0.5;
    SessionEdit gain;
    gain.kind = SessionEdit::Kind::set_gain;
    gain.strip = "Inner";
    gain.gain_db = -4.0;
    const std::vector<SessionEdit> edits{bell, pan, gain};
    const auto rows_of = [](const std::filesystem::path& session, std::span<const SessionEdit> edits) {
        Audition audition(session, "cpu", 0, nullptr, [](const std::string& line) { FAIL(line); });
        Signals rows(4);
        audition.render(
            {{"A"}}, 0.0, 1e9,
            [&](std::span<const std::span<const float>> taken) {
                for (std::size_t i = 0; i < rows.size(); ++i)
                    rows[i].insert(rows[i].end(), taken[i].begin(), taken[i].end());
            },
            edits);
        return rows;
    };
    const Signals edited = rows_of(scene.session(), edits);
    const std::filesystem::path written = scene.path("edited.toml");
    std::ofstream(written) << edit_session(read_session_text(scene.session()), scene.session(), written,
                                           edits);
    CHECK(edited == rows_of(written, {}));
    CHECK(edited != rows_of(scene.session(), {}));
}
