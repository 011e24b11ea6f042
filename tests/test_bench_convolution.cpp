#include <array>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "benchmarks/chart.hpp"
#include "benchmarks/convolution_case.hpp"
#include "tests/audio_files.hpp"
#include "tests/program.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::bench;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

/// Width and height in the header of a PNG file (ISO/IEC 15948, 11.2.2), {0, 0} when it is none.
std::array<int, 2> png_size(const std::filesystem::path& file) {
    const std::string bytes = read_bytes(file);
    if (bytes.size() < 24 || bytes.substr(0, 8) != "\x89PNG\r\n\x1a\n" || bytes.substr(12, 4) != "IHDR")
        return {0, 0};
    const auto number = [&](std::size_t at) {
        int value = 0;
        for (std::size_t i = at; i < at + 4; ++i) value = 256 * value + static_cast<unsigned char>(bytes[i]);
        return value;
    };
    // Complete: the last chunk is there.
    return bytes.find("IEND") == std::string::npos ? std::array{0, 0} : std::array{number(16), number(20)};
}

std::vector<std::string> tiny(std::vector<std::string> more) {
    std::vector<std::string> words = {"convolution", "--rows",   "3", "--seconds", "0.2", "--kernel-seconds",
                                      "0.01,0.1",    "--repeat", "2", "--threads", "2"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

}  // namespace

TEST_CASE("A tiny benchmark in memory writes its tables, its measurements and its picture") {
    const TempFolder folder;
    const ProgramResult result =
        run_tutti_bench(tiny({"--level", "memory", "--against", "fftw", "--json", folder / "r.json",
                              "--markdown", folder / "r.md", "--png", folder / "r.png"}));
    INFO(result.output << result.errors);
    REQUIRE(result.status == 0);
    const std::string markdown = read_bytes(folder / "r.md");
    CHECK_THAT(markdown, Contains("### 3 rows of 0.2 s with kernels of 0.01 s (480 taps), in memory"));
    CHECK_THAT(markdown, Contains("| FFTW overlap-add "));
    CHECK_THAT(markdown, Contains("wall / tutti cpu"));
    CHECK_THAT(result.output, Contains("| tutti cpu, from host "));

    const nlohmann::json report = nlohmann::json::parse(read_bytes(folder / "r.json"));
    REQUIRE(report["cases"].size() == 2);
    CHECK(report["cases"][1]["taps"] == 4800);
    CHECK(report["threads"] == 2);
    for (const nlohmann::json& contestant : report["cases"][1]["contestants"]) {
        CAPTURE(contestant["name"]);
        CHECK(contestant["wall_s"].size() == 2);
        CHECK(contestant["signal_to_error_db"] >= 120.0);
        CHECK(contestant["x_real_time"].get<double>() > 0.0);
        CHECK(contestant["tap_macs_per_s"].get<double>() ==
              Approx(4800.0 * contestant["channel_samples_per_s"].get<double>()));
    }
    CHECK(report["cases"][0]["contestants"].size() == 3);
    CHECK(png_size(folder / "r.png") == std::array{chart_width, chart_height});
}

TEST_CASE("A tiny benchmark from files to a file renders job J1 with Tutti, from noise and from stems") {
    const TempFolder folder;
    std::vector<std::string> words = {"--level", "files", "--against", "none", "--json", folder / "r.json"};
    const bool from_stems = GENERATE(false, true);
    if (from_stems) {
        std::filesystem::create_directory(folder / "stems");
        const Signal stem = noise(9600, 1);
        const Signal left = room(480, 2);
        const Signal right = room(480, 3);
        write_audio(folder / "stems/a.wav", {{stem.begin(), stem.end()}}, 48000,
                    SF_FORMAT_WAV | SF_FORMAT_PCM_24);
        write_audio(folder / "hall.wav", {{left.begin(), left.end()}, {right.begin(), right.end()}}, 48000,
                    SF_FORMAT_WAV | SF_FORMAT_FLOAT);
        words.insert(words.end(), {"--stems", folder / "stems", "--kernel", folder / "hall.wav", "--rows",
                                   "4", "--repeat", "1"});
        words.insert(words.begin(), "convolution");
    } else {
        words = tiny(words);
    }
    const ProgramResult result = run_tutti_bench(words);
    INFO(result.output << result.errors);
    REQUIRE(result.status == 0);
    const nlohmann::json report = nlohmann::json::parse(read_bytes(folder / "r.json"));
    const nlohmann::json& tutti = report["cases"][0]["contestants"][0];
    CHECK(tutti["name"] == "tutti render cpu");
    CHECK(tutti["signal_to_error_db"] >= 120.0);
    CHECK(report["cases"][0]["frames"] == 9600);
    CHECK(report["cases"][0]["taps"] == 480);
}

TEST_CASE("The benchmark lists who is here and who is not") {
    const ProgramResult result = run_tutti_bench({"convolution", "--list", "--against", "fftw,zita"});
    CHECK(result.status == 0);
    CHECK_THAT(result.output,
               Contains("FFTW overlap-add") && Contains("fftw-3") && Contains("tutti render cpu"));
    CHECK_THAT(result.output, !Contains("SciPy"));
}

TEST_CASE("The benchmark shows the planner's candidates, cheapest first, and what following it costs") {
    const ProgramResult result = run_tutti_bench(tiny({"--plan"}));
    CHECK(result.status == 0);
    CHECK_THAT(result.output, Contains("predicted") && Contains("measured"));
    CHECK_THAT(result.output, Contains("the first, which is taken, takes ") && Contains("as the fastest"));
}

TEST_CASE("What the benchmark cannot do is said in a line, with exit status 2") {
    struct Row {
        std::vector<std::string> words;
        std::string said;
    };
    const Row row =
        GENERATE(Row{{"--rows", "0"}, "--rows"}, Row{{"--rows", "2,x"}, "--rows"},
                 Row{{"--seconds", "-1"}, "--seconds"}, Row{{"--kernel-seconds", "4000"}, "--kernel-seconds"},
                 Row{{"--full", "--rows", "2"}, "--full"}, Row{{"--scaling", "--rows", "2"}, "--scaling"},
                 Row{{"--against", "everyone"}, "everyone"}, Row{{"--level", "disk"}, "disk"},
                 Row{{"--stems", "/no/such/folder"}, "/no/such/folder"}, Row{{"--kernels", "many"}, "many"},
                 Row{{"--threads", "-1"}, "--threads"}, Row{{"--seconds", "nan"}, "--seconds: found nan"},
                 Row{{"--kernel-seconds", "nan"}, "--kernel-seconds: found nan"},
                 Row{{"--against", "none,fftw"}, "none does not go with others"},
                 Row{{"--device", "gpu"}, "unknown device 'gpu'"},
                 Row{{"--json", "/no/such/folder/x.json"}, "x.json: cannot be written"},
                 Row{{"--png", "/no/such/folder/x.png"}, "x.png: cannot be written"});
    std::vector<std::string> words = {"convolution"};
    words.insert(words.end(), row.words.begin(), row.words.end());
    const ProgramResult result = run_tutti_bench(words);
    CAPTURE(row.words, result.output, result.errors);
    CHECK(result.status == 2);
    CHECK_THAT(result.output + result.errors, Contains(row.said));
}

TEST_CASE("A device that is not there makes the benchmark fail, with what to do, and not its peers") {
    const ProgramResult result =
        run_tutti_bench(tiny({"--level", "memory", "--against", "fftw", "--device", "vulkan:99"}));
    CHECK(result.status == 1);
    CHECK_THAT(result.output, Contains("tutti vulkan:99: not here") && Contains("| FFTW overlap-add "));
}

TEST_CASE("Cases are every combination, kernels innermost, and say what they are") {
    const std::vector<ConvolutionCase> cases =
        combinations(Level::memory, {1, 256}, {60.0}, {0.1, hall_seconds});
    REQUIRE(cases.size() == 4);
    CHECK(cases[1] == ConvolutionCase{Level::memory, 1, 60.0, hall_seconds});
    CHECK(cases[0].text() == "1 row of 60 s with kernels of 0.1 s");
    CHECK(cases[3].text() == "256 rows of 60 s with kernels of 2.345 s");
    CHECK(to_frames(hall_seconds) == 112561);
    CHECK(to_frames(0.0) == 1);
}
