// Which tracks carry the same sound.
#include <catch2/catch.hpp>

#include <cmath>

#include "host/coherence.hpp"
#include "tests/session_folder.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

constexpr int frames = 3 * test_rate_hz;

using Samples = std::vector<double>;

/// White noise below about `cut` times half the sample rate: a running mean of 1 / cut.
Samples dull_noise(std::uint32_t seed, int length) {
    const Signal white = noise(frames, seed);
    Samples dull(frames, 0.0);
    double sum = 0.0;
    for (int n = 0; n < frames; ++n) {
        sum += white[n] - (n >= length ? white[n - length] : 0.0F);
        dull[n] = sum / length;
    }
    return dull;
}

Samples steady(double hz, double amplitude) {
    Samples tone(frames);
    for (int n = 0; n < frames; ++n) tone[n] = amplitude * std::sin(2.0 * M_PI * hz * n / test_rate_hz);
    return tone;
}

Samples late(const Samples& x, int delay) {
    Samples y(x.size(), 0.0);
    std::copy(x.begin(), x.end() - delay, y.begin() + delay);
    return y;
}

Samples sum(const Samples& a, double gain_a, const Samples& b, double gain_b) {
    Samples y(a.size());
    for (std::size_t n = 0; n < y.size(); ++n) y[n] = gain_a * a[n] + gain_b * b[n];
    return y;
}

/// Decaying hits at these seconds, all alike but for their level.
Samples hits(std::uint32_t seed, const std::vector<double>& seconds, const std::vector<double>& levels) {
    const Signal hit = room(4800, seed);
    Samples y(frames, 0.0);
    for (std::size_t i = 0; i < seconds.size(); ++i) {
        const auto first = static_cast<std::size_t>(seconds[i] * test_rate_hz);
        for (std::size_t n = 0; n < hit.size() && first + n < y.size(); ++n)
            y[first + n] += 3.0 * levels[i] * hit[n];
    }
    return y;
}

struct Stem {
    std::string name;
    Samples samples;
    std::string more;
};

class Tracks {
  public:
    explicit Tracks(const std::vector<Stem>& stems, const std::string& more = "") {
        std::string text;
        for (const Stem& stem : stems) {
            folder_.add_stem(stem.name + ".wav", {stem.samples});
            text += "[[track]]\nname = \"" + stem.name + "\"\nfile = \"" + stem.name + ".wav\"\n" +
                    stem.more + "\n";
        }
        folder_.write_session(text + more);
    }
    Coherence coherence() const {
        const OpenedSession opened =
            open_session(folder_.session(), [](const std::string& line) { FAIL(line); });
        return find_coherence(opened, false);
    }

  private:
    SessionFolder folder_;
};

}  // namespace

TEST_CASE(
    "a DI and its amplifier are one, some milliseconds apart and distorted; the louder gives the name") {
    const Samples di = dull_noise(1, 12);
    Samples amp = late(di, 240);
    for (double& x : amp) x = 0.5 * std::tanh(6.0 * x);
    const Tracks tracks({{"DI", di, ""},
                         {"Other", dull_noise(2, 12), ""},
                         {"Amp", sum(amp, 1.0, dull_noise(3, 12), 0.1), ""}});
    const Coherence found = tracks.coherence();
    REQUIRE(found.tracks.merged.size() == 1);
    CHECK(found.tracks.merged[0] == std::vector<int>{2, 0});
    CHECK(found.merges[0].strips == std::vector<std::string>{"Amp", "DI"});
    CHECK(found.merges[0].coherence > 0.5);
    CHECK(found.merges[0].coherence < 1.0);
    CHECK(found.tracks.related.empty());
}

TEST_CASE("a copy is wholly coherent, also upside down and at another level") {
    const Samples a = dull_noise(1, 12);
    const Coherence found =
        Tracks({{"A", a, ""}, {"B", a, "polarity = \"inverted\"\ngain_db = 6"}}).coherence();
    REQUIRE(found.merges.size() == 1);
    CHECK(found.merges[0].strips == std::vector<std::string>{"B", "A"});
    CHECK(found.merges[0].coherence == Approx(1.0).epsilon(1e-3));
}

TEST_CASE("unlike sounds are not coherent, however few and loud their hits are") {
    const std::vector<double> beats{0.1, 0.6, 1.1, 1.6, 2.1, 2.6};
    CHECK(Tracks({{"A", dull_noise(1, 12), ""}, {"B", dull_noise(2, 12), ""}, {"C", dull_noise(3, 3), ""}})
              .coherence()
              .merges.empty());
    // One hit outweighs all others together.
    const std::vector<double> levels{0.1, 0.1, 1.0, 0.1, 0.1, 0.1};
    CHECK(Tracks({{"Snare", sum(hits(1, beats, levels), 1.0, dull_noise(5, 4), 0.01), ""},
                  {"Clap", sum(hits(2, beats, levels), 1.0, dull_noise(6, 4), 0.01), ""}})
              .coherence()
              .merges.empty());
}

TEST_CASE("steady tones are coherent at one pitch alone") {
    CHECK(Tracks({{"A", steady(440.0, 0.3), ""}, {"B", steady(660.0, 0.3), ""}}).coherence().merges.empty());
    CHECK(Tracks({{"A", steady(440.0, 0.3), ""}, {"B", steady(444.0, 0.3), ""}}).coherence().merges.empty());
    CHECK(Tracks({{"A", steady(440.0, 0.3), ""}, {"B", steady(440.0, 0.1), ""}}).coherence().merges.size() ==
          1);
}

TEST_CASE("what is a part of another track only is not that track") {
    const Samples kick = dull_noise(1, 200);
    CHECK(Tracks({{"Kick", kick, ""}, {"Overheads", sum(kick, 0.3, dull_noise(2, 2), 0.3), ""}})
              .coherence()
              .merges.empty());
}

TEST_CASE("coherent tracks on different ways are related, not merged") {
    const Samples a = dull_noise(1, 12);
    const Coherence found = Tracks({{"A", a, ""}, {"B", a, "output = \"Bus\""}, {"C", late(a, 48), ""}},
                                   "[[bus]]\nname = \"Bus\"\n")
                                .coherence();
    REQUIRE(found.tracks.merged.size() == 1);
    CHECK(found.tracks.merged[0] == std::vector<int>{0, 2});
    CHECK(found.tracks.related == std::vector<std::pair<int, int>>{{0, 1}, {1, 0}});
}

TEST_CASE("what is not heard and what is too short is not listened to") {
    const Samples a = dull_noise(1, 12);
    CHECK(Tracks({{"A", a, ""}, {"B", a, "mute = true"}}).coherence().merges.empty());
    const Samples brief(a.begin(), a.begin() + test_rate_hz / 2);
    CHECK(Tracks({{"A", brief, ""}, {"B", brief, ""}}).coherence().merges.empty());
    CHECK(Tracks({{"A", Samples(frames, 0.0), ""}, {"B", Samples(frames, 0.0), ""}})
              .coherence()
              .merges.empty());
}
