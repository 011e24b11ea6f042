#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "benchmarks/contest.hpp"
#include "benchmarks/convolution_text.hpp"
#include "benchmarks/gate.hpp"
#include "benchmarks/table.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::bench;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

/// The definition, in double.
std::vector<double> convolved(const Signal& row, const Signal& kernel) {
    std::vector<double> result(row.size() + kernel.size() - 1, 0.0);
    for (std::size_t n = 0; n < row.size(); ++n) {
        for (std::size_t k = 0; k < kernel.size(); ++k) {
            result[n + k] += static_cast<double>(row[n]) * static_cast<double>(kernel[k]);
        }
    }
    return result;
}

Signal noise_with_impulses(int frame_count) {
    Signal row = noise(frame_count, 5);
    for (const std::int64_t frame : critical_frames(frame_count))
        row[static_cast<std::size_t>(frame)] += 4.0F;
    return row;
}

Signal as_floats(const std::vector<double>& values) { return {values.begin(), values.end()}; }

/// A program that serves and does nothing: what it "made" is whatever the gate finds.
ContestantProgram idle() {
    return {
        "idle", "idle", "1.0", {"sh", "-c", "echo ready idle; while read -r line; do echo 2 3 4 0.5; done"}};
}

Measured outcome(const std::vector<double>& reference, const Signal& made) {
    return hold_contest({{idle(), {[] {}, [&] { return signal_to_error_db(reference, made); }}}},
                        {2, [](const std::string&) {}})
        .at(0);
}

}  // namespace

TEST_CASE("The benchmark's reference convolution is the plain sum in double") {
    const int frame_count = GENERATE(1, 2, 100, 5000);
    const int tap_count = GENERATE(1, 7, 700);
    CAPTURE(frame_count, tap_count);
    const Signal row = noise(frame_count, 1);
    const Signal kernel = noise(tap_count, 2);
    const std::vector<double> expected = convolved(row, kernel);
    const std::vector<double> found = convolve_exactly(row, kernel);
    REQUIRE(found.size() == expected.size());
    // The error of an FFT in double: 2^-53 sqrt(60), as promised_db says of float, in the scale of the peak.
    double largest = 0.0;
    double error = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        largest = std::max(largest, std::abs(expected[i]));
        error = std::max(error, std::abs(found[i] - expected[i]));
    }
    CHECK(error <= 1e-14 * std::sqrt(static_cast<double>(tap_count)) * std::max(1.0, largest));
}

TEST_CASE("The gate admits what is right to float and refuses what is wrong in one thing") {
    const Signal row = noise_with_impulses(20000);
    const Signal kernel = room(3000, 3);
    const std::vector<double> reference = convolve_exactly(row, kernel);
    const Signal right = as_floats(reference);
    CHECK(signal_to_error_db(reference, right) > 140.0);
    CHECK(outcome(reference, right).is_timed());

    Signal wrong = right;
    SECTION("a gain of 1.000002") {
        for (float& sample : wrong) sample *= 1.000002F;
    }
    SECTION("one frame late") { wrong = delayed(right, 1); }
    SECTION("without its tail") { std::fill(wrong.begin() + 20000, wrong.end(), 0.0F); }
    SECTION("without its last frame's part") {
        for (std::size_t k = 0; k < kernel.size(); ++k) wrong[row.size() - 1 + k] -= row.back() * kernel[k];
    }
    SECTION("one sample is lost") { wrong[12345] = 0.0F; }
    SECTION("one sample is not a number") { wrong[7] = std::numeric_limits<float>::quiet_NaN(); }
    const Measured measured = outcome(reference, wrong);
    CHECK(measured.refused);
    CHECK_FALSE(measured.is_timed());
    CHECK(*measured.signal_to_error_db < least_signal_to_error_db);
    CaseResults results{{Level::memory, 1, 1.0, 0.1}, 20000, 3000, "Noise.", {measured}};
    CHECK_THAT(case_text(results), Contains("idle: REFUSED, "));
}

TEST_CASE("Who becomes wrong while being timed loses its times") {
    int runs = 0;
    const auto ratio_db = [&] { return ++runs < 3 ? 130.0 : 100.0; };
    const Measured measured =
        hold_contest({{idle(), {[] {}, ratio_db}}}, {4, [](const std::string&) {}}).at(0);
    CHECK(runs == 3);
    CHECK(measured.refused);
    CHECK_FALSE(measured.is_timed());
}

TEST_CASE("A contestant that fails is said to be missing, with its own words, and the others go on") {
    ContestantProgram failing = idle();
    failing.name = "failing";
    failing.command = {"sh", "-c", "echo no such kernel >&2; exit 2"};
    const Gate right = {[] {}, [] { return 130.0; }};
    const std::vector<Measured> measured =
        hold_contest({{failing, right}, {idle(), right}}, {2, [](const std::string&) {}});
    CHECK_THAT(measured[0].missing, Contains("no such kernel"));
    CHECK_FALSE(measured[0].is_timed());
    CHECK(measured[1].wall_s == std::vector<double>{2.0, 2.0});
    CHECK(measured[1].cpu_s == std::vector<double>{3.0, 3.0});
    CHECK(measured[1].peak_memory_mib == 4.0);
    CHECK_THAT(case_text({{Level::memory, 1, 1.0, 0.1}, 20000, 3000, "Noise.", measured}),
               Contains("| 25.0 % of copying |") && Contains("* failing: not here, "));
}

TEST_CASE("What takes a contestant long before its first run is told") {
    std::vector<std::string> told;
    ContestOptions options{1, [](const std::string&) {}};
    options.tell = [&](const std::string& text) { told.push_back(text); };
    const Gate right = {[] {}, [] { return 130.0; }};
    hold_contest({{idle(), right}, {idle(), right, "plans for long"}}, options);
    CHECK(told == std::vector<std::string>{"idle plans for long"});
}

TEST_CASE("The critical frames are the ends and both sides of every edge of a partition") {
    CHECK(critical_frames(1) == std::vector<std::int64_t>{0});
    CHECK(critical_frames(4096) == std::vector<std::int64_t>{0, 4095});
    CHECK(critical_frames(10000) == std::vector<std::int64_t>{0, 4095, 4096, 8191, 8192, 9999});
}

TEST_CASE("Numbers in tables have as many significant digits as are asked for") {
    CHECK(significant(0.0, 3) == "0");
    CHECK(significant(0.0123456, 3) == "0.0123");
    CHECK(significant(9.999, 3) == "10.0");
    CHECK(significant(12345.0, 3) == "12300");
    CHECK(significant(0.001, 1) == "0.001");
    CHECK(significant(-1.5, 1) == "-2");
}
