#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "benchmarks/convolution_job.hpp"
#include "benchmarks/convolution_samples.hpp"
#include "benchmarks/energy_meter.hpp"
#include "benchmarks/entrants.hpp"
#include "benchmarks/gate.hpp"
#include "benchmarks/peers/overlap_add.hpp"
#include "benchmarks/peers/transforms.hpp"
#include "benchmarks/process.hpp"
#include "benchmarks/scaling.hpp"
#include "benchmarks/tutti_worker.hpp"
#include "engine/errors.hpp"
#include "tests/audio_files.hpp"

using namespace tutti;
using namespace tutti::bench;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

using Serve = std::function<void(const ConvolutionJob&, std::istream&, std::ostream&)>;

/// What a contestant says when it does the job twice; the second time is as good as the first.
std::string serve_twice(PreparedJob& prepared, const Serve& serve) {
    prepared.spoil_results();
    std::istringstream in("run\nrun\n");
    std::ostringstream out;
    serve(prepared.job(), in, out);
    return out.str();
}

}  // namespace

TEST_CASE("Tutti and the overlap-add pass the benchmark's gate, with shared kernels and with own") {
    SampleSources sources;
    sources.own_kernels = GENERATE(false, true);
    const int row_count = GENERATE(1, 5);
    const std::int64_t tap_count = GENERATE(1, 1000, 20000);
    CAPTURE(sources.own_kernels, row_count, tap_count);
    PreparedJob prepared = prepare_job(row_count, 9000, tap_count, sources, 2);
    const Serve resident = [](const ConvolutionJob& job, std::istream& in, std::ostream& out) {
        serve_tutti("cpu", TimedPart::resident, job, in, out);
    };
    const Serve from_host = [](const ConvolutionJob& job, std::istream& in, std::ostream& out) {
        serve_tutti("cpu", TimedPart::from_host, job, in, out);
    };
    for (const Serve& serve : {resident, from_host, Serve(serve_overlap_add)}) {
        const std::string said = serve_twice(prepared, serve);
        CHECK_THAT(said, Catch::Matchers::StartsWith("ready "));
        CHECK(std::count(said.begin(), said.end(), '\n') == 3);
        CHECK(prepared.signal_to_error_db() >= least_signal_to_error_db);
    }
    prepared.spoil_results();
    CHECK_FALSE(prepared.signal_to_error_db() >= least_signal_to_error_db);
}

TEST_CASE("What transforms can bring forward at most is half of them, or more where the kernel leaves more") {
    CHECK(greatest_hop(4096, 112561) == 2048);
    CHECK(greatest_hop(4096, 1) == 4096);
    CHECK(greatest_hop(4096, 1001) == 3096);
}

TEST_CASE("A job survives the way through a command line") {
    const ConvolutionJob job{3, 1000, 2, 48, 4, {0, 2}, "/a b", "/c", "/d", "/e"};
    const ConvolutionJob back = parse_job(to_arguments(job));
    CHECK(to_arguments(back) == to_arguments(job));
    CHECK(back.kept_rows == job.kept_rows);
    CHECK(back.wisdom_file == "/e");
    std::vector<std::string> words = to_arguments(job);
    words[1] = "3x";
    CHECK_THROWS_WITH(parse_job(words), Contains("--rows") && Contains("3x"));
    words[1] = "0";
    CHECK_THROWS_AS(parse_job(words), InputError);
    words.resize(4);
    CHECK_THROWS_WITH(parse_job(words), Contains("--kernels"));
}

TEST_CASE("The noise of the benchmark is the same for the same seed and differs for others") {
    std::vector<float> a(1000);
    std::vector<float> b(1000);
    std::vector<float> c(1000);
    fill_with_noise(a, 1);
    fill_with_noise(b, 1);
    fill_with_noise(c, 2);
    CHECK(a == b);
    CHECK(a != c);
    CHECK(*std::max_element(a.begin(), a.end()) <= 0.25F);
    CHECK(*std::max_element(a.begin(), a.end()) > 0.24F);
}

TEST_CASE("A program's cost holds what its children took, and what it left behind") {
    const TempFolder folder;
    const auto seconds_of = [&](const std::string& script) {
        return run_program({"bash", "-c", script}, folder / "log");
    };
    const std::string spin = "for ((i = 0; i < 100000; ++i)); do :; done";
    const double alone = seconds_of(spin).cpu_s;
    REQUIRE(alone > 0.0);
    // The child outlives its parent by far.
    const Cost left = seconds_of("(sleep 0.2; " + spin + ") & exit 0");
    CHECK(left.cpu_s > 0.5 * alone);
    CHECK(left.wall_s > 0.2);
    CHECK_THROWS_WITH(seconds_of("echo gone wrong; exit 3"), Contains("gone wrong"));
}

TEST_CASE("Energy is the sum over packages, over a counter's end, and not what cannot be read") {
    const TempFolder folder;
    const auto set = [&](const std::string& package, const std::string& file, const std::string& value) {
        std::filesystem::create_directories(folder / package);
        std::ofstream(folder / package / file) << value;
    };
    CHECK_FALSE(EnergyMeter(folder.path()).reads_anything());
    CHECK_THAT(EnergyMeter(folder / "none").source(), Contains("not readable here"));
    set("intel-rapl:0", "max_energy_range_uj", "100000000");
    set("intel-rapl:0", "energy_uj", "99000000");
    set("intel-rapl:1", "max_energy_range_uj", "100000000");
    set("intel-rapl:1", "energy_uj", "5000000");
    set("intel-rapl:0:0", "energy_uj", "1");  // a part of package 0
    EnergyMeter meter(folder.path());
    REQUIRE(meter.reads_anything());
    meter.start();
    set("intel-rapl:0", "energy_uj", "1000000");
    set("intel-rapl:1", "energy_uj", "8000000");
    set("intel-rapl:0:0", "energy_uj", "50000000");
    CHECK(meter.stop(1.0) == Approx(2.0 + 3.0));
    std::filesystem::remove(folder / "intel-rapl:1" / "energy_uj");
    CHECK_FALSE(meter.stop(1.0).has_value());
}

TEST_CASE("Growth is told from the first kernel on and over the steepest stretch, beside the logarithm's") {
    const auto point = [](std::int64_t taps, double cost) {
        return ScalingPoint{1, taps, {3.0 * cost, cost}};
    };
    const std::vector<ScalingPoint> slow = {point(1 << 8, 1.0), point(1 << 16, 1.9), point(1 << 20, 2.2)};
    CHECK(growth_from_first(slow).to_taps == 1 << 16);
    CHECK(growth_from_first(slow).excess() == Approx(0.95));
    CHECK_THAT(growth_text(slow), Contains("From 256 taps on") && Contains("no faster than the logarithm") &&
                                      Contains("nearest to it at 65536 taps, 1.90 times"));
    // Cheaper at first, and steeper for it, which is another matter.
    const std::vector<ScalingPoint> dip = {point(1 << 8, 1.0), point(1 << 10, 0.5), point(1 << 20, 2.0)};
    CHECK(growth_from_first(dip).excess() < 1.0);
    const Growth steepest = steepest_growth(dip);
    CHECK(steepest.from_taps == 1 << 10);
    CHECK(steepest.to_taps == 1 << 20);
    CHECK(steepest.growth == Approx(4.0));
    CHECK(steepest.allowed == Approx(2.0));
    CHECK_THAT(growth_text(dip), Contains("from 1024 taps to 1048576 taps, grows 4.00 times"));
    CHECK_THAT(growth_text({point(1 << 8, 1.0), point(1 << 16, 2.5)}),
               Contains("FASTER than the logarithm of the taps: most at 65536 taps, 2.50 times"));
    CHECK(growth_text({point(1 << 8, 1.0)}).empty());
}

TEST_CASE("Of long kernels it is said what FFTW plans, and for how long at most") {
    const std::vector<ContestantProgram> programs = contestants_in_memory({}, {{"cpu"}, {"fftw", "bound"}});
    const auto slow_starts = [&](std::int64_t tap_count) {
        PreparedJob prepared = prepare_job(1, 16, tap_count, {}, 1);
        std::vector<std::string> texts;
        for (const Entrant& entrant : entrants_in_memory(programs, prepared, {})) {
            if (!entrant.program.is_tutti) texts.push_back(entrant.slow_start);
        }
        return texts;
    };
    CHECK(slow_starts(1000) == std::vector<std::string>{"", ""});
    const std::vector<std::string> slow = slow_starts(1'100'000);
    REQUIRE(slow.size() == 2);
    CHECK_THAT(slow[0], Contains("transforms of 4194304 frames") && Contains("at most 10 s"));
    CHECK_THAT(slow[1], Contains("at most 10 s"));
}
