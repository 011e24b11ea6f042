#include "tests/wide_session.hpp"

#include "tests/render_sessions.hpp"

namespace tutti::tests {

namespace {

constexpr std::size_t length = test_rate_hz;

std::string track(const std::string& name, const std::string& file, const std::string& keys = "") {
    return "[[track]]\nname = \"" + name + "\"\nfile = \"" + file + "\"\n" + keys + "\n";
}

constexpr const char* shared_chain = R"(
  [[track.insert]]
  type = "eq"
  phase = "linear"
  bands = [ { shape = "highpass", freq_hz = 80, slope_db_per_oct = 24 } ]
  [[track.insert]]
  type = "convolution"
  file = "room.wav"
)";

std::string compressor(const std::string& owner, const std::string& key = "") {
    return "  [[" + owner + ".insert]]\n  type = \"compressor\"\n  threshold_db = -30\n  ratio = 4\n" +
           (key.empty() ? std::string() : "  sidechain = \"" + key + "\"\n");
}

}  // namespace

void write_wide_session(const SessionFolder& folder) {
    folder.add_stem("kick.wav", {tail(length / 2, 1)});
    for (int i = 0; i < 3; ++i) {
        folder.add_stem("mono" + std::to_string(i) + ".wav", {noise(length, 0.2, 10 + i)});
        folder.add_stem("stereo" + std::to_string(i) + ".wav",
                        {noise(length + 333 * i, 0.2, 20 + i), noise(length + 333 * i, 0.2, 30 + i)});
    }
    folder.add_stem("room.wav", {tail(9001, 4), tail(9001, 5)});
    folder.add_stem("hall.wav", {tail(30001, 6), tail(30001, 7)});
    const std::string send = "  [[track.send]]\n  to = \"Hall\"\n  gain_db = -6\n";
    const std::string pre = "  [[track.send]]\n  to = \"Hall\"\n  gain_db = -9\n  tap = \"pre\"\n";
    folder.write_session(
        track("Kick", "kick.wav", "output = \"Drums\"\nstart_s = 0.2\n" + compressor("track")) +
        track("Snare", "mono0.wav", "output = \"Drums\"\npan = 0.3" + std::string(shared_chain) + send) +
        track("Overheads", "stereo0.wav", std::string("output = \"Drums\"") + shared_chain) +
        track("Bass", "mono1.wav", "gain_db = -3\n" + compressor("track", "Kick") + pre) +
        track("Guitar", "mono2.wav", "output = \"Band\"\npan = -0.6" + std::string(shared_chain)) +
        track("Keys", "stereo1.wav", "output = \"Band\"\npan = 0.2\n" + compressor("track") + send) +
        track("Pad", "stereo2.wav", "trim_db = -4\n" + compressor("track", "Drums") + send) +
        track("Lead", "mono1.wav", "output = \"Mono\"\npolarity = \"inverted\"" + std::string(shared_chain)) +
        track("Choir", "stereo0.wav", "output = \"Band\"\n" + compressor("track", "Kick")) +
        track("Quiet", "mono2.wav", "mute = true") + "[[bus]]\nname = \"Drums\"\ngain_db = -1\n" +
        compressor("bus") + "[[bus]]\nname = \"Band\"\n" + compressor("bus", "Kick") +
        "[[bus]]\nname = \"Mono\"\nchannels = 1\noutput = \"Band\"\npan = 0.1\n" +
        "[[bus]]\nname = \"Hall\"\n  [[bus.insert]]\n  type = \"convolution\"\n  file = \"hall.wav\"\n  "
        "predelay_ms = 7\n[master]\ngain_db = -2\n  [[master.insert]]\n  type = \"limiter\"\n  ceiling_dbtp "
        "= -3\n");
}

}  // namespace tutti::tests
