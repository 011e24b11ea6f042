#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/session_folder.hpp"

namespace tutti::tests {

using Samples = std::vector<double>;

inline Samples tone(int frames, double hz, double amplitude, double from_s = 0.0, double to_s = 1e9) {
    Samples x(frames, 0.0);
    for (int n = 0; n < frames; ++n) {
        const double t = static_cast<double>(n) / test_rate_hz;
        if (t >= from_s && t < to_s) x[n] = amplitude * std::sin(2.0 * M_PI * hz * t);
    }
    return x;
}

inline Samples hiss(int frames, std::uint32_t seed, double amplitude) {
    const Signal white = noise(frames, seed);
    Samples x(white.begin(), white.end());
    for (double& v : x) v *= amplitude;
    return x;
}

inline std::string track_of(const std::string& name, const std::string& more = "") {
    return "[[track]]\nname = \"" + name + "\"\nfile = \"" + name + ".wav\"\n" + more + "\n";
}

inline constexpr int scene_second = test_rate_hz;

/// A tone, noise that is over it for a while, and a low hum.
class HeardScene : public SessionFolder {
  public:
    explicit HeardScene(const std::string& more = "") {
        add_stem("Tone.wav", {tone(2 * scene_second, 1000.0, 0.01)});
        Samples burst = hiss(2 * scene_second, 7, 0.3);
        std::fill(burst.begin(), burst.begin() + scene_second, 0.0);
        add_stem("Burst.wav", {burst});
        add_stem("Hum.wav", {tone(2 * scene_second, 60.0, 0.1), tone(2 * scene_second, 63.0, 0.1)});
        write_session(track_of("Tone", more) + track_of("Burst") + track_of("Hum", "group = \"Low\""));
    }
};

}  // namespace tutti::tests
