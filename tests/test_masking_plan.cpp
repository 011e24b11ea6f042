// What is heard at the master's input, as objects.
#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

#include "host/plan.hpp"
#include "host/power_response.hpp"
#include "tests/session_folder.hpp"
#include "tests/small_session.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

constexpr int chunk = 1024;
const std::vector<double> components{100.0, 1000.0, 8000.0};

std::string track(const std::string& name, const std::string& more = "") {
    return "[[track]]\nname = \"" + name + "\"\nfile = \"a.wav\"\n" + more + "\n";
}
std::string bus(const std::string& name, const std::string& more = "") {
    return "[[bus]]\nname = \"" + name + "\"\n" + more + "\n";
}
std::string send(const std::string& to, const std::string& more = "") {
    return "[[track.send]]\nto = \"" + to + "\"\n" + more + "\n";
}

struct Planned {
    Session session;
    MixPlan plan;

    const MaskingObjects& heard() const { return plan.heard.value(); }
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const MaskingObject& object : heard().facts) names.push_back(object.name);
        return names;
    }
};

Planned plan_of(const std::string& text, const std::vector<int>& channels,
                const CoherentTracks& coherent = {}) {
    Planned planned;
    planned.session = parse_session("[session]\nsample_rate = 48000\n" + text, "test.toml", false);
    planned.plan = make_plan(planned.session, channels,
                             {.chunk_frames = chunk,
                              .output = PlanOptions::Output::master_input,
                              .heard = PlanOptions::Heard{components, coherent}},
                             [](const std::string& line) { FAIL(line); });
    return planned;
}

Signals sources_for(const MixPlan& plan, int frames) {
    Signals sources = noise_rows(plan.render.source_row_count, frames, 5);
    for (Signal& row : sources) {
        for (float& x : row) x *= 0.3F;
    }
    return sources;
}

/// Every object's rows with their gains, added up: [ear][frame]; and the master's input.
struct Sums {
    Signals objects;
    Signals master;
};

Sums sums_of(const Planned& planned, int frames) {
    const MaskingObjects& heard = planned.heard();
    RenderPlan plan = planned.plan.render;
    const std::size_t first = plan.output_rows.size();
    for (const HeardRows& rows : heard.excitations)
        plan.output_rows.insert(plan.output_rows.end(), rows.rows.begin(), rows.rows.end());
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    const Signals outputs = render(*backend, std::move(plan), sources_for(planned.plan, frames));
    Sums sums;
    sums.master = {outputs[0], outputs[first - 1]};
    sums.objects.assign(2, Signal(frames, 0.0F));
    for (int ear = 0; ear < 2; ++ear) {
        std::vector<double> sum(frames, 0.0);
        for (std::size_t e = 0; e < heard.excitations.size(); ++e) {
            const Signal& row = outputs[first + 2 * e + ear];
            for (int n = 0; n < frames; ++n) sum[n] += heard.excitations[e].gains[ear] * row[n];
        }
        sums.objects[ear].assign(sum.begin(), sum.end());
    }
    return sums;
}

/// Float32 sums of a few terms of about 1, each rounded once or twice: below -120 dB of the sum.
void check_sum(const Planned& planned) {
    const Sums sums = sums_of(planned, 24 * chunk);
    REQUIRE(std::any_of(sums.master[0].begin(), sums.master[0].end(), [](float x) { return x != 0.0F; }));
    const Difference d = difference(sums.master, sums.objects);
    INFO("rms " << d.rms_db << " dB, peak " << d.peak_db << " dB");
    CHECK(below_promised(d));
}

const char* const late =
    "[[track.insert]]\ntype = \"eq\"\nphase = \"linear\"\nbands = [ { shape = \"bell\", freq_hz = 500, "
    "gain_db = 6 } ]\n";
const char* const track_eq =
    "[[track.insert]]\ntype = \"eq\"\nbands = [ { shape = \"bell\", freq_hz = 500, gain_db = 6 } ]\n";
const char* const squeeze =
    "[[bus.insert]]\ntype = \"compressor\"\nthreshold_db = -30\nlookahead_ms = 2\nmakeup_db = 4\n";

}  // namespace

TEST_CASE("the objects' rows add up to the master's input: faders, pans, polarity, latency") {
    const Planned planned = plan_of(track("A", "pan = -0.4\ngain_db = -3") + track("B", "pan = 0.7") +
                                        track("C", std::string("polarity = \"inverted\"\n") + late) +
                                        track("D", track_eq) + track("Muted", "mute = true"),
                                    {1, 2, 2, 1, 1});
    CHECK(planned.names() == std::vector<std::string>{"A", "B", "C", "D"});
    check_sum(planned);
}

TEST_CASE("the objects' rows add up to the master's input: dynamics of buses within buses") {
    const Planned planned =
        plan_of(track("A", "output = \"Inner\"\npan = -0.4") + track("B", "output = \"Inner\"") +
                    track("C", "output = \"Outer\"\ngain_db = -6\n" + std::string(late)) + track("D") +
                    bus("Inner", std::string("output = \"Outer\"\npan = 0.2\n") + squeeze) +
                    bus("Outer",
                        "gain_db = -2\n[[bus.insert]]\ntype = \"compressor\"\nthreshold_db = -20\n"
                        "stereo_link = false\n[[bus.insert]]\ntype = \"limiter\"\nceiling_dbtp = -9\n"),
                {1, 2, 1, 2});
    CHECK(planned.names() == std::vector<std::string>{"A", "B", "C", "D"});
    check_sum(planned);
}

TEST_CASE("the objects' rows add up to the master's input: mono buses, keyed gates, long delays, gains") {
    const Planned planned =
        plan_of(track("A", "output = \"Mono\"\npan = -0.4") + track("B", "output = \"Mono\"") +
                    track("C", "output = \"Far\"") + track("Key", late) +
                    bus("Mono",
                        "channels = 1\npan = -0.5\n[[bus.insert]]\ntype = \"gate\"\nthreshold_db = -12\n"
                        "sidechain = \"Key\"\n[[bus.insert]]\ntype = \"gain\"\ngain_db = 3\n") +
                    bus("Far",
                        "[[bus.insert]]\ntype = \"delay\"\ndelay_ms = 250\n[[bus.insert]]\n"
                        "type = \"compressor\"\nthreshold_db = -30\n[[bus.insert]]\ntype = \"delay\"\n"
                        "delay_ms = 3\n"),
                {1, 2, 2, 1});
    CHECK(planned.names() == std::vector<std::string>{"A", "B", "C", "Key"});
    check_sum(planned);
}

TEST_CASE("the objects' rows add up to a mono master's input, which both ears hear") {
    const Planned planned = plan_of(track("A", "pan = -0.4") + track("B", "output = \"Bus\"") +
                                        bus("Bus", squeeze) + "[master]\nchannels = 1\n",
                                    {1, 2});
    check_sum(planned);
    for (const HeardRows& heard : planned.heard().excitations) CHECK(heard.rows[0] == heard.rows[1]);
}

TEST_CASE("a return is an object of its own, and it and its sources never mask each other") {
    const Planned planned =
        plan_of(track("A", send("Room")) +
                    track("B", send("Room", "gain_db = -6\ntap = \"pre\"\npan = 0.3")) + track("C") +
                    bus("Room",
                        "[[bus.insert]]\ntype = \"eq\"\nbands = [ { shape = \"bell\", freq_hz = 300, gain_db "
                        "= -9 } ]\n" +
                            std::string(squeeze)),
                {1, 2, 1});
    CHECK(planned.names() == std::vector<std::string>{"A", "B", "C", "Room"});
    const MaskingObjects& heard = planned.heard();
    CHECK(heard.facts[3].is_return);
    CHECK(heard.facts[3].sources == std::vector<int>{0, 1});
    CHECK(heard.relatives == std::vector<std::vector<int>>{{3}, {3}, {}, {0, 1}});
    // Its rows are the real thing, kernels and all.
    check_sum(planned);
}

TEST_CASE("returns of returns belong to all of whose sound is in them") {
    const Planned planned =
        plan_of(track("A", send("Slap")) + track("B", send("Slap")) + track("C", send("Plate")) +
                    bus("Slap", "[[bus.send]]\nto = \"Plate\"\n") + bus("Plate"),
                {1, 1, 1});
    CHECK(planned.names() == std::vector<std::string>{"A", "B", "C", "Slap", "Plate"});
    CHECK(planned.heard().facts[4].sources == std::vector<int>{0, 1, 2, 3});
    check_sum(planned);
}

TEST_CASE("a return of one source is part of it") {
    const std::string text = track("A", send("Slap")) + track("B") + bus("Slap", "gain_db = -3");
    const Planned planned = plan_of(text, {1, 1});
    CHECK(planned.names() == std::vector<std::string>{"A", "B"});
    CHECK(planned.heard().facts[0].strips == std::vector<std::string>{"A", "Slap"});
    CHECK(planned.heard().excitations_of == std::vector<std::vector<int>>{{0}, {1}});
    check_sum(planned);

    // Behind a bus with a kernel its power is another: two excitations of one object.
    const Planned filtered = plan_of(track("A", "output = \"Bus\"\n" + send("Slap")) + bus("Slap") +
                                         bus("Bus",
                                             "[[bus.insert]]\ntype = \"eq\"\nbands = [ { shape = \"bell\", "
                                             "freq_hz = 300, gain_db = -9 } ]"),
                                     {1});
    CHECK(filtered.heard().excitations_of == std::vector<std::vector<int>>{{0, 1}});
    CHECK(filtered.heard().relatives == std::vector<std::vector<int>>{{}});
}

TEST_CASE("a bus fed by outputs lets its tracks through, and what is sent into it with them") {
    const Planned planned = plan_of(track("A", "output = \"Drums\"\n" + send("Drums", "gain_db = -6")) +
                                        track("B", send("Drums")) + bus("Drums", squeeze),
                                    {1, 2});
    CHECK(planned.names() == std::vector<std::string>{"A", "B"});
    check_sum(planned);
}

TEST_CASE("a fully wet room on a bus is a return, a short response on it colours what passes") {
    const SessionFolder folder;
    folder.add_stem("room.wav", {noise(9600, 0.05, 4)});
    folder.add_stem("cabinet.wav", {noise(500, 0.2, 4)});
    const auto names = [&](const std::string& file, const std::string& mix) {
        return plan_of(track("A", "output = \"Bus\"") + track("B", "output = \"Bus\"") +
                           bus("Bus", "[[bus.insert]]\ntype = \"convolution\"\nfile = \"" +
                                          folder.path(file).string() + "\"\n" + mix),
                       {1, 1});
    };
    CHECK(names("room.wav", "").names() == std::vector<std::string>{"Bus"});
    CHECK(names("cabinet.wav", "").names() == std::vector<std::string>{"A", "B"});
    const Planned dry = names("room.wav", "mix = 0.4");
    CHECK(dry.names() == std::vector<std::string>{"A", "B"});
    REQUIRE(dry.heard().notes.size() == 1);
    CHECK(dry.heard().notes[0].find("\"Bus\"") != std::string::npos);
}

TEST_CASE("a bus's kernel acts on the power of what passes, by channel") {
    const Planned planned =
        plan_of(track("A", "output = \"Bus\"\ngain_db = -6") + track("B", "output = \"Bus\"") +
                    bus("Bus",
                        "[[bus.insert]]\ntype = \"eq\"\nphase = \"linear\"\n"
                        "bands = [ { shape = \"high_shelf\", freq_hz = 1000, gain_db = 12 } ]\n"),
                {1, 2});
    const double fader = std::pow(10.0, -0.6) / 2.0;  // -3 dB of a pan in the centre
    const double middle = std::pow(10.0, 0.6);
    for (int ear = 0; ear < 2; ++ear) {
        const ExcitationObject a = excitation_object(planned.heard().excitations[0], 3);
        const ExcitationObject b = excitation_object(planned.heard().excitations[1], 3);
        // A shelf is half its decibels at its frequency, and all of them or nothing far from it.
        CHECK(b.weights[ear][0] == Approx(1.0).epsilon(0.1));
        CHECK(b.weights[ear][2] == Approx(std::pow(10.0, 1.2)).epsilon(0.1));
        CHECK(b.weights[ear][1] > 0.8 * middle);
        for (int i = 0; i < 3; ++i)
            CHECK(a.weights[ear][i] == Approx(fader * b.weights[ear][i]).epsilon(1e-5));
    }
    // The kernel is late, and so are the rows that do not run through it.
    CHECK(planned.heard().latency_frames > 0);
    CHECK(planned.heard().excitations[0].rows[0] != 0);
}

TEST_CASE("a mono track on its way to two ears takes one row and no room") {
    const Planned planned = plan_of(track("A", "pan = 0.5") + track("B", "pan = -1"), {1, 1});
    CHECK(planned.heard().excitations[0].rows == std::array{0, 0});
    CHECK(planned.plan.render.shape.row_count == 4);  // two sources, the master's two
    const ExcitationObject left = excitation_object(planned.heard().excitations[1], 3);
    CHECK(left.weights[0].empty());
    CHECK(left.weights[1] == std::vector<float>(3, 0.0F));
}

TEST_CASE("coherent tracks are one object, and those on other ways relatives") {
    const std::string text = track("DI", "output = \"Gtr\"") + track("Amp", "output = \"Gtr\"") +
                             track("Room mic") + track("Vox") + bus("Gtr", squeeze);
    const Planned planned = plan_of(text, {1, 2, 1, 1}, {{{1, 0}}, {{1, 2}}});
    CHECK(planned.names() == std::vector<std::string>{"Amp + 1", "Room mic", "Vox"});
    CHECK(planned.heard().facts[0].strips == std::vector<std::string>{"Amp", "DI"});
    CHECK(planned.heard().relatives == std::vector<std::vector<int>>{{1}, {0}, {}});
    check_sum(planned);
}

TEST_CASE("groups are by key, else by bus, else by name") {
    const Planned planned =
        plan_of(track("Kick", "group = \"Drums\"") + track("Snare", "output = \"Kit\"\ngroup = \"Drums\"") +
                    track("Hat", "output = \"Kit\"") + track("Vox", send("Plate")) +
                    track("Choir", "group = \"Voices\"\n" + send("Plate")) + bus("Kit") + bus("Plate"),
                {1, 1, 1, 1, 1});
    const MaskingObjects::Groups groups = planned.heard().groups();
    std::vector<std::string> names;
    for (const MaskingObject& group : groups.facts) names.push_back(group.name);
    CHECK(names == std::vector<std::string>{"Drums", "Kit", "Vox", "Voices", "Plate"});
    CHECK(groups.excitations_of == std::vector<std::vector<int>>{{0, 1}, {2}, {3}, {4}, {5}});
    CHECK(groups.relatives == std::vector<std::vector<int>>{{}, {}, {5}, {5}, {3, 4}});
    CHECK(groups.facts[0].strips == std::vector<std::string>{"Kick", "Snare"});
}

TEST_CASE("the mean power response of two taps is the cosine that it is") {
    const std::vector<double> grid{50.0, 500.0, 2000.0, 2100.0, 5000.0, 5050.0, 5100.0};
    const std::vector<double> delta(300, 0.0);
    std::vector<double> taps(9, 0.0);
    taps[0] = 1.0;
    taps[8] = -0.5;
    const std::vector<double> found = mean_power_response(taps, 48000, grid);
    // |1 - a z^-8|^2 = 1 + a^2 - 2 a cos(8 w), averaged over the stretch around each point.
    for (std::size_t i = 0; i < grid.size(); ++i) {
        const double low = 0.5 * (grid[i] + grid[i > 0 ? i - 1 : i]);
        const double high = 0.5 * (grid[i] + grid[i + 1 < grid.size() ? i + 1 : i]);
        const auto phase = [](double hz) { return 8.0 * 2.0 * M_PI * hz / 48000.0; };
        const double mean = high > low
                                ? (std::sin(phase(high)) - std::sin(phase(low))) / (phase(high) - phase(low))
                                : std::cos(phase(low));
        CHECK(found[i] == Approx(1.25 - mean).epsilon(0.01));
    }
    CHECK(mean_power_response(std::vector<double>{0.5}, 48000, grid) == std::vector<double>(7, 0.25));
}
