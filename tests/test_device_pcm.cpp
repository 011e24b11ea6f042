// Renders in which the device converts stems, held against those in which the host does, through the program.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "host/render.hpp"
#include "tests/render_sessions.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Contains;

namespace {

nlohmann::json pcm_of_report(const SessionFolder& folder) {
    std::ifstream stream(folder.path("report.json"));
    return nlohmann::json::parse(stream).at("pcm");
}

bool has_vulkan() { return device_words().size() > 1; }

/// Stems that are PCM in many ways, some that are not, some that begin later, end early or never sound.
void write_mixed_session(const SessionFolder& folder) {
    const std::size_t frames = second + 12345;
    folder.add_stem("a.wav", {noise(frames, 0.2, 1), noise(frames, 0.2, 2)},
                    SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    folder.add_stem("b.wav", {noise(frames, 0.2, 3)}, SF_FORMAT_WAV | SF_FORMAT_PCM_24);
    folder.add_stem("c.aif", {noise(777, 0.2, 4), std::vector<double>(777, 0.0)},
                    SF_FORMAT_AIFF | SF_FORMAT_PCM_24);
    folder.add_stem("d.w64", {noise(frames, 0.2, 5), noise(frames, 0.2, 6)},
                    SF_FORMAT_W64 | SF_FORMAT_PCM_32);
    folder.add_stem("e.caf", {noise(frames, 0.2, 7)}, SF_FORMAT_CAF | SF_FORMAT_FLOAT | SF_ENDIAN_BIG);
    folder.add_stem("f.flac", {noise(frames, 0.2, 8)}, SF_FORMAT_FLAC | SF_FORMAT_PCM_24);
    folder.add_stem("g.wav", {std::vector<double>(frames, 0.0)}, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    write_audio(folder.path("h.wav"), {noise(30000, 0.2, 9)}, 44100, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    folder.add_stem("hall.wav", {tail(30001, 4), tail(30001, 5)});
    folder.write_session(R"(
[[track]]
name = "A"
file = "a.wav"
pan = -0.4
output = "Group"
  [[track.insert]]
  type = "eq"
  bands = [ { shape = "bell", freq_hz = 900, gain_db = 4, q = 2 } ]
[[track]]
name = "B"
file = "b.wav"
start_s = 0.25
trim_db = -3
  [[track.insert]]
  type = "compressor"
  threshold_db = -24
  sidechain = "D"
  [[track.send]]
  to = "Hall"
  gain_db = -6
[[track]]
name = "C"
file = "c.aif"
start_s = 0.7
polarity = "inverted"
  [[track.send]]
  to = "Hall"
[[track]]
name = "D"
file = "d.w64"
output = "Group"
gain_db = -4
[[track]]
name = "E"
file = "e.caf"
pan = 0.6
[[track]]
name = "F"
file = "f.flac"
[[track]]
name = "G"
file = "g.wav"
[[track]]
name = "H"
file = "h.wav"
[[bus]]
name = "Group"
  [[bus.insert]]
  type = "limiter"
  ceiling_dbtp = -6
[[bus]]
name = "Hall"
  [[bus.insert]]
  type = "convolution"
  file = "hall.wav"
)");
}

std::string bytes_of(const SessionFolder& folder, std::vector<std::string> arguments,
                     const char* device_pcm) {
    arguments.insert(arguments.end(),
                     {"--device-pcm", device_pcm, "--json", folder.path("report.json").string()});
    folder.render(arguments);
    return read_bytes(folder.path("mix.wav"));
}

}  // namespace

TEST_CASE("a mix is the same to the byte, whether the device converts its stems or the host") {
    if (!has_vulkan()) return;
    const SessionFolder folder;
    write_mixed_session(folder);
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {"--device", "vulkan:0"},
             {"--device", "vulkan:0", "--from", "0.31", "--to", "1.1"},
             {"--device", "vulkan:0", "--memory", "64MiB", "--threads", "3"},
             {"--device", "vulkan:0,0"},
             {"--device", "cpu,vulkan:0"}}) {
        CAPTURE(arguments);
        const std::string off = bytes_of(folder, arguments, "off");
        for (const nlohmann::json& kind : pcm_of_report(folder)) CHECK(kind.at("converted_by") == "host");
        CHECK(bytes_of(folder, arguments, "on") == off);
        int stems = 0;
        for (const nlohmann::json& kind : pcm_of_report(folder)) {
            CHECK(kind.at("converted_by") == "device");
            CHECK(kind.at("asked_for") == true);
            stems += kind.at("stems").get<int>();
        }
        if (arguments[1] == "vulkan:0") CHECK(stems == 6);  // neither FLAC nor what is resampled
        CHECK(bytes_of(folder, arguments, "auto") == off);
    }
}

TEST_CASE("stems of a mix, its analysis and its warnings are the same when the device converts") {
    if (!has_vulkan()) return;
    const SessionFolder folder;
    write_mixed_session(folder);
    const auto run = [&](const char* device_pcm) {
        const std::string name = device_pcm;
        return folder.try_render({"--device", "vulkan:0", "--device-pcm", device_pcm, "--stems",
                                  folder.path(name + "-stems").string(), "--masking",
                                  folder.path(name + "-report").string()});
    };
    const ProgramResult off = run("off");
    const ProgramResult on = run("on");
    CHECK(on.status == 0);
    CHECK(on.errors == off.errors);
    CHECK_THAT(on.errors, Contains("track \"G\": silent"));
    int count = 0;
    for (const char* folder_name : {"-stems", "-report"}) {
        for (const auto& item :
             std::filesystem::directory_iterator(folder.path(std::string("off") + folder_name))) {
            const std::string name = item.path().filename().string();
            if (!name.ends_with(".wav") && !name.ends_with(".npy")) continue;
            CAPTURE(name);
            CHECK(read_bytes(item.path()) == read_bytes(folder.path(std::string("on") + folder_name) / name));
            ++count;
        }
    }
    CHECK(count > 12);
}

TEST_CASE("a cache does not care who converted stems") {
    if (!has_vulkan()) return;
    const SessionFolder folder;
    write_mixed_session(folder);
    const auto run = [&](const char* cache, const char* device_pcm) {
        return bytes_of(folder, {"--device", "vulkan:0", "--cache", folder.path(cache).string()}, device_pcm);
    };
    const auto made = [&] {
        std::ifstream stream(folder.path("report.json"));
        return nlohmann::json::parse(stream).at("cache").at("rendered").size();
    };
    const std::string off = run("one", "off");
    CHECK(made() > 0);
    CHECK(run("two", "on") == off);
    CHECK(made() > 0);
    CHECK(run("two", "off") == off);
    CHECK(made() == 0);
    CHECK(run("one", "on") == off);
    CHECK(made() == 0);
}

TEST_CASE("a stem that is cut short, or holds what is no number, is refused alike however it is converted") {
    if (!has_vulkan()) return;
    const SessionFolder folder;
    write_mixed_session(folder);
    const auto errors = [&](const char* device_pcm) {
        const ProgramResult result = folder.try_render({"--device", "vulkan:0", "--device-pcm", device_pcm});
        CHECK(result.status == 2);
        return result.errors;
    };
    SECTION("cut short") {
        std::filesystem::resize_file(folder.path("b.wav"), 5000);
        CHECK(errors("on") == errors("off"));
        CHECK_THAT(errors("on"), Contains("is cut short"));
    }
    SECTION("not a number") {
        std::vector<double> samples = noise(50000, 0.2, 7);
        samples[44444] = std::numeric_limits<double>::quiet_NaN();
        folder.add_stem("e.caf", {samples}, SF_FORMAT_CAF | SF_FORMAT_FLOAT | SF_ENDIAN_BIG);
        CHECK(errors("on") == errors("off"));
        CHECK_THAT(errors("on"), Contains("frame 44444, channel 1 is not a number"));
        const std::string repaired = bytes_of(folder, {"--device", "vulkan:0", "--repair-nonfinite"}, "off");
        CHECK(bytes_of(folder, {"--device", "vulkan:0", "--repair-nonfinite"}, "on") == repaired);
    }
}

TEST_CASE("whoever asks a device to convert that cannot is told so in one line") {
    const SessionFolder folder;
    folder.add_stem("a.flac", {noise(5000, 0.2, 1)}, SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
    folder.write_session("[[track]]\nname = \"A\"\nfile = \"a.flac\"\n");
    const ProgramResult on_cpu = folder.try_render({"--device", "cpu", "--device-pcm", "on"});
    CHECK(on_cpu.status == 0);
    CHECK_THAT(on_cpu.errors, Contains("--device-pcm on has no effect: no GPU takes part"));
    if (has_vulkan()) {
        const ProgramResult coded = folder.try_render({"--device", "vulkan:0", "--device-pcm", "on"});
        CHECK(coded.status == 0);
        CHECK_THAT(coded.errors, Contains("--device-pcm on has no effect: no stem is WAV"));
    }
    CHECK(folder.try_render({"--device", "cpu", "--device-pcm", "auto"}).errors.empty());
    const ProgramResult wrong = folder.try_render({"--device-pcm", "maybe"});
    CHECK(wrong.status == 2);
    CHECK_THAT(wrong.errors, Contains("--device-pcm"));
}

TEST_CASE("a report says who converts stems and why, and timings show it as a stage") {
    if (!has_vulkan()) return;
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(70000, 0.2, 1), noise(70000, 0.2, 2)}, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    folder.write_session("[[track]]\nname = \"A\"\nfile = \"a.wav\"\n");
    const auto run = [&](const char* device_pcm) {
        const ProgramResult result =
            run_tutti({"render", folder.session(), "-o", folder.path("mix.wav"), "--device", "vulkan:0",
                       "--device-pcm", device_pcm, "--verbose", "--timings", "--trace",
                       folder.path("trace.json"), "--json", folder.path("report.json")});
        INFO(result.errors);
        REQUIRE(result.status == 0);
        return result.output;
    };
    const std::string on = run("on");
    CHECK_THAT(on, Contains("pcm: 1 stereo stem of 16 bit to vulkan:0 as they are: asked for"));
    CHECK_THAT(on, Contains("  pcm_loader\n"));
    CHECK_THAT(read_bytes(folder.path("trace.json")), Contains("\"pcm_loader\""));
    const std::string automatic = run("auto");
    CHECK_THAT(automatic, Contains("pcm: 1 stereo stem of 16 bit to vulkan:0 as "));
    CHECK_THAT(automatic, Contains("ns a sample, here "));
    const nlohmann::json kind = pcm_of_report(folder).at(0);
    CHECK(kind.at("host_seconds_per_sample") > 0.0);
    CHECK(kind.at("device_seconds_per_sample") > 0.0);
    const bool is_less = kind.at("device_seconds_per_sample").get<double>() <
                         0.9 * kind.at("host_seconds_per_sample").get<double>();
    const bool is_by_device = kind.at("converted_by") == "device";
    CHECK(is_by_device == is_less);
    const bool is_shown = automatic.find("  pcm_loader\n") != std::string::npos;
    CHECK(is_shown == is_less);
}

TEST_CASE("sessions at random give the same mix however stems are converted") {
    if (!has_vulkan()) return;
    const std::vector<std::pair<const char*, int>> formats{
        {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},  {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24},
        {"wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT},   {"wav", SF_FORMAT_RF64 | SF_FORMAT_PCM_32},
        {"aif", SF_FORMAT_AIFF | SF_FORMAT_PCM_24}, {"caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16},
        {"w64", SF_FORMAT_W64 | SF_FORMAT_FLOAT},   {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16}};
    std::mt19937 random(7);
    const auto below = [&](std::uint32_t limit) { return random() % limit; };
    for (int round = 0; round < 24; ++round) {
        CAPTURE(round);
        const SessionFolder folder;
        std::string text;
        const std::uint32_t tracks = 1 + below(9);
        for (std::uint32_t t = 0; t < tracks; ++t) {
            const auto& [extension, format] = formats[below(formats.size())];
            const std::string file = std::to_string(t) + "." + extension;
            const std::size_t frames = 1 + below(below(4) == 0 ? 100 : 60000);
            Channels channels;
            for (std::uint32_t c = 0; c <= below(2); ++c) {
                channels.push_back(below(6) == 0 ? std::vector<double>(frames, 0.0)
                                                 : noise(frames, 0.1 + 0.01 * below(100), random()));
            }
            write_audio(folder.path(file), channels, below(8) == 0 ? 44100 : test_rate_hz, format);
            text += "[[track]]\nname = \"" + std::to_string(t) + "\"\nfile = \"" + file + "\"\n";
            if (below(2) == 0) text += "start_s = " + std::to_string(0.001 * below(900)) + "\n";
            if (below(2) == 0) text += "pan = " + std::to_string(0.01 * below(100)) + "\n";
            if (below(3) == 0) text += "output = \"Bus\"\n";
            if (below(3) == 0) {
                text +=
                    "[[track.insert]]\ntype = \"eq\"\nbands = [ { shape = \"bell\", freq_hz = 500, gain_db = "
                    "3 } ]\n";
            }
            if (below(4) == 0) text += "[[track.insert]]\ntype = \"compressor\"\nthreshold_db = -20\n";
        }
        folder.write_session(text + "[[bus]]\nname = \"Bus\"\n");
        const auto rendered = [&](DevicePcm device_pcm, const std::string& device,
                                  std::uint64_t memory_bytes) {
            RenderOptions options;
            options.session = folder.session();
            options.output = folder.path("mix.wav");
            options.device = device;
            options.device_pcm = device_pcm;
            options.memory_bytes = memory_bytes;
            options.sample = SampleFormat::float32;
            render(options, [](const std::string& /*heard often*/) {});
            return read_bytes(folder.path("mix.wav"));
        };
        const std::string device = below(4) == 0 ? "vulkan:0,0" : "vulkan:0";
        // From little to plenty: small chunks, and large ones.
        const std::uint64_t memory_bytes = std::uint64_t{60U + below(200)} << 20U;
        const std::string off = rendered(DevicePcm::off, device, memory_bytes);
        CHECK(rendered(DevicePcm::on, device, memory_bytes) == off);
        CHECK(rendered(DevicePcm::automatic, device, memory_bytes) == off);
    }
}
