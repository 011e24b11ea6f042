// End to end: files in, files out, through the program.
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "tests/render_sessions.hpp"
#include "tests/session_folder.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

std::vector<double> scaled(std::vector<double> samples, double factor) {
    for (double& sample : samples) sample *= factor;
    return samples;
}

double peak_of(const Channels& channels) {
    double peak = 0.0;
    for (const std::vector<double>& channel : channels) {
        for (const double sample : channel) peak = std::max(peak, std::abs(sample));
    }
    return peak;
}

}  // namespace

TEST_CASE("a session of neutral inserts equals the plain sum of its stems, frame for frame and bit for bit") {
    const SessionFolder folder;
    const Channels a{noise(70001, 0.3, 1), noise(70001, 0.3, 2)};
    const Channels b{noise(99991, 0.3, 3), noise(99991, 0.3, 4)};
    folder.add_stem("a.wav", a);
    folder.add_stem("b.wav", b);
    folder.write_session(R"(
[[track]]
name = "A"
file = "a.wav"
  [[track.insert]]
  type = "eq"
  bands = [ { shape = "bell", freq_hz = 1000, gain_db = 0 } ]
  [[track.insert]]
  type = "gain"
  gain_db = 0
[[track]]
name = "B"
file = "b.wav"
output = "Group"
  [[track.insert]]
  type = "compressor"
  threshold_db = 0
  lookahead_ms = 3
[[bus]]
name = "Group"
  [[bus.insert]]
  type = "limiter"
  ceiling_dbtp = 0
)");
    Channels sum(2, std::vector<double>(99991));
    for (int c = 0; c < 2; ++c) {
        for (std::size_t i = 0; i < sum[c].size(); ++i) {
            const float first = i < a[c].size() ? static_cast<float>(a[c][i]) : 0.0F;
            sum[c][i] = first + static_cast<float>(b[c][i]);
        }
    }
    for (const std::string& device : device_words()) {
        INFO(device);
        const Channels mix = folder.render({"--device", device});
        CHECK(first_unequal(to_signals(sum), to_signals(mix)).empty());
    }
}

TEST_CASE(
    "a linear-phase EQ and the one that undoes it null against the plain track, which the plan delays") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(2 * second, 0.3, 1), noise(2 * second, 0.3, 2)});
    folder.write_session(R"(
[[track]]
name = "Through two EQs"
file = "a.wav"
  [[track.insert]]
  type = "eq"
  phase = "linear"
  bands = [ { shape = "bell", freq_hz = 500, gain_db = 9, q = 1.5 } ]
  [[track.insert]]
  type = "eq"
  phase = "linear"
  bands = [ { shape = "bell", freq_hz = 500, gain_db = -9, q = 1.5 } ]
[[track]]
name = "Turned over"
file = "a.wav"
polarity = "inverted"
)");
    for (const std::string& device : device_words()) {
        INFO(device);
        const Channels mix = folder.render({"--device", device});
        // Each EQ leaves out less than -120 dB of its energy; the two together less than 6 dB more, the boost
        // 9 dB.
        CHECK(20.0 * std::log10(peak_of(mix) / 0.3) < -105.0);
    }
}

TEST_CASE("pan, faders, trims, polarity, start offsets and sends are what they say") {
    const SessionFolder folder;
    const std::vector<double> a = noise(20000, 0.3, 1);
    folder.add_stem("a.wav", {a});
    folder.write_session(R"(
[[track]]
name = "A"
file = "a.wav"
start_s = 0.1
trim_db = -6
polarity = "inverted"
gain_db = -3
pan = 0.5
  [[track.send]]
  to = "Pre"
  tap = "pre"
  gain_db = -10
  [[track.send]]
  to = "Post"
  gain_db = -20
[[bus]]
name = "Pre"
[[bus]]
name = "Post"
)");
    // Constant power: at +0.5 the angle is 3/8 pi, at the centre 1/4 pi.
    const auto gain = [](double db) { return std::pow(10.0, db / 20.0); };
    const double quarter = std::numbers::pi / 4.0;
    const double trimmed = -gain(-6.0);
    const double fader = gain(-3.0) * (1.0 + gain(-20.0));
    const double left = trimmed * (std::cos(1.5 * quarter) * fader + std::cos(quarter) * gain(-10.0));
    const double right = trimmed * (std::sin(1.5 * quarter) * fader + std::sin(quarter) * gain(-10.0));
    Channels expected{scaled(a, left), scaled(a, right)};
    for (std::vector<double>& channel : expected) channel.insert(channel.begin(), 4800, 0.0);
    for (const std::string& device : device_words()) {
        INFO(device);
        CHECK(error_db(expected, folder.render({"--device", device})) < promised_db);
    }
}

TEST_CASE("a mono master makes a mono mix: mono as it is, stereo as the mean of its sides") {
    const SessionFolder folder;
    const Channels a{noise(20000, 0.3, 1)};
    const Channels b{noise(20000, 0.3, 2), noise(20000, 0.3, 3)};
    folder.add_stem("a.wav", a);
    folder.add_stem("b.wav", b);
    folder.write_session(R"(
[[track]]
name = "A"
file = "a.wav"
pan = -1
[[track]]
name = "B"
file = "b.wav"
[master]
channels = 1
)");
    Channels expected{a[0]};
    for (std::size_t i = 0; i < a[0].size(); ++i) expected[0][i] += 0.5 * (b[0][i] + b[1][i]);
    for (const std::string& device : device_words()) {
        INFO(device);
        CHECK(error_db(expected, folder.render({"--device", device})) < promised_db);
    }
}

TEST_CASE("the stems of strips that feed the master add up to what enters the master's inserts") {
    const SessionFolder folder;
    write_linear_session(folder);
    for (const std::string& device : device_words()) {
        INFO(device);
        const Channels mix = folder.render({"--device", device, "--stems", folder.path("stems")});
        const Channels b = read_audio(folder.path("stems") / "B.wav");
        const Channels group = read_audio(folder.path("stems") / "Group.wav");
        const Channels hall = read_audio(folder.path("stems") / "Hall.wav");
        const Channels a = read_audio(folder.path("stems") / "A.wav");
        for (int c = 0; c < 2; ++c) {
            double greatest = 0.0;
            double greatest_group = 0.0;
            for (std::size_t i = 0; i < mix[c].size(); ++i) {
                greatest = std::max(greatest, std::abs(mix[c][i] - b[c][i] - group[c][i] - hall[c][i]));
                greatest_group =
                    std::max(greatest_group, std::abs(group[c][i] - std::pow(10.0, -1.5 / 20.0) * a[c][i]));
            }
            CHECK(greatest < 1e-6);
            CHECK(greatest_group < 1e-6);
        }
    }
}

TEST_CASE("a render gives the same bytes for one thread and for many") {
    const SessionFolder folder;
    write_dynamic_session(folder);
    folder.render({"--device", "cpu", "--threads", "1"});
    const std::string one = read_bytes(folder.path("mix.wav"));
    folder.render({"--device", "cpu", "--threads", "4"});
    CHECK(one == read_bytes(folder.path("mix.wav")));
}

TEST_CASE("a render with little memory takes smaller chunks and sounds the same") {
    const SessionFolder folder;
    const bool dynamics = GENERATE(false, true);
    INFO("dynamics: " << dynamics);
    dynamics ? write_dynamic_session(folder) : write_linear_session(folder);
    for (const std::string& device : device_words()) {
        INFO(device);
        const Channels large = folder.render({"--device", device, "--json", folder.path("large.json")});
        const std::string needed = folder.try_render({"--device", device, "--memory", "1MiB"}).errors;
        INFO(needed);
        const std::string at_least = "at least ";
        REQUIRE(needed.find(at_least) != std::string::npos);
        const double least_mib = std::stod(needed.substr(needed.find(at_least) + at_least.size()));
        const Channels small =
            folder.render({"--device", device, "--memory", std::to_string(least_mib + 0.1) + "MiB", "--json",
                           folder.path("small.json")});
        const auto chunk_frames = [&](const char* report) {
            return nlohmann::json::parse(read_bytes(folder.path(report))).at("chunk_frames").get<int>();
        };
        CHECK(chunk_frames("small.json") < chunk_frames("large.json"));
        CHECK(error_db(large, small) < promised_db);
    }
}

TEST_CASE("a render's memory does not grow with its minutes, stays within --memory, and is reported") {
    const SessionFolder folder;
    constexpr int rate_hz = 8000;
    constexpr double budget_mib = 160.0;
    write_audio(folder.path("stem.wav"), {noise(600 * rate_hz, 0.01, 1)}, rate_hz,
                SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    std::string text = "[session]\nsample_rate = 8000\n";
    for (int i = 0; i < 60; ++i) {
        text += "[[track]]\nname = \"T" + std::to_string(i) + "\"\nfile = \"stem.wav\"\npan = 0.01\n";
    }
    write_bytes(folder.session(), text);
    const auto peak_mib = [&](const std::string& to) {
        const std::string report = folder.path("report.json");
        const ProgramResult result =
            run_tutti({"render", folder.session(), "-o", folder.path("mix.wav"), "--to", to, "--device",
                       "cpu", "--memory", "160MiB", "--json", report});
        INFO(result.errors);
        REQUIRE(result.status == 0);
        CHECK(result.output.find(" at its peak, ") != std::string::npos);
        return nlohmann::json::parse(read_bytes(report)).at("peak_memory_bytes").get<double>() / (1 << 20);
    };
    // Long enough for chunks of the same size: all samples of the longer one would be 1.1 GB.
    const double short_mib = peak_mib("1:30");
    const double long_mib = peak_mib("10:00");
    CAPTURE(short_mib, long_mib);
    CHECK(short_mib > 8.0);
    CHECK(long_mib < budget_mib);
    CHECK(long_mib < 1.1 * short_mib);
}

TEST_CASE("a render through a response of ten minutes takes no more memory than it says, and than --memory") {
    const SessionFolder folder;
    constexpr int rate_hz = 8000;
    write_audio(folder.path("stem.wav"), {noise(20 * rate_hz, 0.1, 1)}, rate_hz,
                SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    write_audio(folder.path("long.wav"), {noise(600 * rate_hz, 0.001, 2), noise(600 * rate_hz, 0.001, 3)},
                rate_hz, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    const bool with_eq = GENERATE(false, true);
    CAPTURE(with_eq);
    const std::string eq =
        "[[track.insert]]\ntype = \"eq\"\nbands = [ { shape = \"bell\", freq_hz = 750, gain_db = 3.0 } ]\n";
    write_bytes(folder.session(),
                "[session]\nsample_rate = 8000\n[[track]]\nname = \"T\"\nfile = \"stem.wav\"\n" +
                    (with_eq ? eq : "") + "[[track.insert]]\ntype = \"convolution\"\nfile = \"long.wav\"\n");
    const auto render = [&](const std::string& memory) {
        return run_tutti({"render", folder.session(), "-o", folder.path("mix.wav"), "--device", "cpu", "--to",
                          "0:40", "--memory", memory, "--json", folder.path("report.json"), "--quiet"});
    };
    const std::string needed = render("1MiB").errors;
    INFO(needed);
    const std::string at_least = "at least ";
    REQUIRE(needed.find(at_least) != std::string::npos);
    const double least_mib = std::stod(needed.substr(needed.find(at_least) + at_least.size()));
    CHECK(least_mib > 2 * 600 * rate_hz * 4 / 1048576.0);  // two kernels, as float
    const double budget_mib = least_mib + 0.1;
    const ProgramResult result = render(std::to_string(budget_mib) + "MiB");
    INFO(result.errors);
    REQUIRE(result.status == 0);
    const auto report = nlohmann::json::parse(read_bytes(folder.path("report.json")));
    const double peak_mib = report.at("peak_memory_bytes").get<double>() / (1 << 20);
    const double said_mib = report.at("memory_bytes").get<double>() / (1 << 20);
    CAPTURE(peak_mib, said_mib, budget_mib);
    CHECK(said_mib <= budget_mib);
    CHECK(peak_mib <= said_mib);
}

TEST_CASE("both backends render the same") {
    const SessionFolder folder;
    const bool dynamics = GENERATE(false, true);
    INFO("dynamics: " << dynamics);
    dynamics ? write_dynamic_session(folder) : write_linear_session(folder);
    const Channels cpu = folder.render({"--device", "cpu"});
    for (const std::string& device : device_words()) {
        INFO(device);
        CHECK(error_db(cpu, folder.render({"--device", device})) < promised_db);
    }
}

TEST_CASE("A stretch by --from and --to equals that of the whole render, for sessions without dynamics") {
    const SessionFolder folder;
    write_linear_session(folder);
    const Channels whole = folder.render({"--device", "cpu"});
    for (const std::string& device : device_words()) {
        const Channels part = folder.render({"--device", device, "--from", "1.21", "--to", "1.9"});
        Channels expected;
        for (const std::vector<double>& channel : whole) {
            expected.emplace_back(channel.begin() + 58080, channel.begin() + 91200);
        }
        INFO(device);
        CHECK(error_db(expected, part) < promised_db);
    }
}

TEST_CASE("a render that is killed leaves the old output and nothing else") {
    const SessionFolder folder;
    // Ten minutes of audio: far more than is rendered before the signal.
    const std::vector<double> samples = noise(600 * second, 0.1, 1);
    folder.add_stem("a.wav", {samples}, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    folder.write_session(
        "[[track]]\nname = \"A\"\nfile = \"a.wav\"\n  [[track.insert]]\n  type = \"compressor\"\n");
    write_bytes(folder.path("mix.wav"), "what was there before");
    const std::vector<std::string> before = folder.names();
    int kills = 0;
    for (const int milliseconds : {20, 60, 150}) {
        if (kill_tutti({"render", folder.session(), "-o", folder.path("mix.wav"), "--device", "cpu"},
                       milliseconds)) {
            ++kills;
            CHECK(read_bytes(folder.path("mix.wav")) == "what was there before");
            CHECK(folder.names().size() == before.size());
        }
    }
    CHECK(kills > 0);
}

TEST_CASE(
    "a verbose render says how convolutions were planned and what was left out of kernels; JSON always "
    "does") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(second, 0.4, 21)});
    std::vector<double> faint = noise(20000, 0.5, 22);
    for (std::size_t i = 8000; i < faint.size(); ++i) faint[i] *= 1e-10;
    folder.add_stem("hall.wav", {faint});
    folder.write_session(R"(
[[track]]
name = "A"
file = "a.wav"
  [[track.insert]]
  type = "convolution"
  file = "hall.wav"
)");
    const auto run = [&](const std::string& how) {
        return run_tutti({"render", folder.session().string(), "-o", folder.path("mix.wav").string(),
                          "--json", folder.path("report.json").string(), "--device", "cpu", how});
    };
    const ProgramResult loud = run("--verbose");
    CAPTURE(loud.output, loud.errors);
    REQUIRE(loud.status == 0);
    CHECK_THAT(loud.output, Catch::Matchers::Contains("convolver: 1 rows in transforms of "));
    CHECK_THAT(loud.output, Catch::Matchers::Contains("kernel: the last 0.250 s of A's are 140 dB below"));
    const std::string json = read_bytes(folder.path("report.json"));
    CHECK_THAT(json, Catch::Matchers::Contains("\"transform_frames\": "));
    CHECK_THAT(json, Catch::Matchers::Contains("\"frames\": 12000"));
    const ProgramResult quiet = run("--quiet");
    CHECK(quiet.output.empty());
}
