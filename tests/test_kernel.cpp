#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/fft.hpp"
#include "host/eq.hpp"
#include "host/kernel.hpp"
#include "tests/fused_chain.hpp"
#include "tests/oracle/convolution.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

const EqInsert sample_eq{
    EqPhase::minimum, {{EqShape::highpass, 200.0, 0.0, 0.7071, 12}, {EqShape::bell, 3000.0, 5.0, 1.0, 12}}};

}  // namespace

TEST_CASE("inserts that do nothing fuse to the identity") {
    const EqInsert flat{EqPhase::linear,
                        {{EqShape::bell, 100.0, 0.0, 3.0, 12}, {EqShape::tilt, 500.0, 0.0, 1.0, 12}}};
    for (const int channels : {1, 2}) {
        CHECK(fuse({}, channels).kernel.is_identity());
        const FusedKernel kernel = fuse({flat, GainInsert{0.0, false}, DelayInsert{0.0}}, channels).kernel;
        CHECK(kernel.is_identity());
        CHECK(kernel.latency_frames == 0);
        std::vector<Insert> bypassed = {{GainInsert{6.0, false}, true, {}}, {sample_eq, true, {}}};
        CHECK(fuse_inserts(bypassed, channels, session_at(rate), {}).is_identity());
    }
}

TEST_CASE("gains and polarities multiply, delays add up, and need no convolution") {
    const FusedKernel kernel =
        fuse({GainInsert{6.0, true}, DelayInsert{10.0}, GainInsert{-2.0, false}, DelayInsert{0.51 / 48.0}}, 2)
            .kernel;
    CHECK(kernel.is_gain_only());
    CHECK_FALSE(kernel.is_identity());
    CHECK(kernel.delay_frames == 481);
    CHECK(kernel.latency_frames == 0);
    for (const int c : {0, 1}) {
        REQUIRE(kernel.paths[c][c].size() == 1);
        CHECK(kernel.paths[c][c][0] == Approx(-std::pow(10.0, 4.0 / 20.0)).epsilon(1e-14));
        CHECK(kernel.paths[c][1 - c].empty());
    }
}

TEST_CASE("a gain of nothing leaves no path") {
    const FusedKernel kernel =
        fuse({GainInsert{-std::numeric_limits<double>::infinity(), false}, sample_eq}, 1).kernel;
    CHECK(kernel.paths[0][0].empty());
    CHECK(kernel.is_gain_only());
    CHECK_FALSE(kernel.is_identity());
}

TEST_CASE("a fused chain equals its inserts one after the other") {
    const Responses responses;
    const Channels room = reverb(1, 3000, 1);
    const Processor chain[] = {sample_eq, GainInsert{-3.0, true},
                               convolution(responses.write("room.wav", room)), DelayInsert{2.0}, sample_eq};
    const FusedKernel kernel = fuse({std::begin(chain), std::end(chain)}, 1).kernel;

    const std::vector<double> eq = design_eq(sample_eq.phase, sample_eq.bands, rate).taps;
    std::vector<double> signal = reverb(1, 8000, 2)[0];
    signal.resize(30000, 0.0);
    std::vector<double> wanted = oracle::convolve_direct(signal, eq);
    wanted = oracle::convolve_direct(scaled(wanted, -std::pow(10.0, -3.0 / 20.0)), room[0]);
    wanted = oracle::convolve_direct(delayed(wanted, 96), eq);
    wanted.resize(signal.size());
    CHECK(kernel.delay_frames == 96);
    const std::vector<double> found = oracle::convolve_direct(signal, whole_path(kernel, 0, 0));
    CHECK(relative_error_energy(found, wanted) < 10.0 * largest_cut);
    // Where nothing has been cut yet, the two agree to the rounding of double precision.
    double loudest = 0.0;
    for (const double x : wanted) loudest = std::max(loudest, std::abs(x));
    for (std::size_t n = 0; n < 3000; ++n) REQUIRE(std::abs(found[n] - wanted[n]) < 1e-12 * loudest);
}

TEST_CASE("latencies of linear-phase EQs add up, those of minimum phase are none") {
    EqInsert linear = sample_eq;
    linear.phase = EqPhase::linear;
    const int one = design_eq(linear.phase, linear.bands, rate).latency_frames;
    REQUIRE(one > 0);
    const FusedKernel kernel = fuse({linear, sample_eq, DelayInsert{1.0}, linear}, 2).kernel;
    CHECK(kernel.latency_frames == 2 * one);
    CHECK(kernel.delay_frames == 48);
}

TEST_CASE("true-stereo responses in series multiply as matrices, with an EQ in between") {
    const Responses responses;
    const Channels a = reverb(4, 300, 4);
    const Channels b = reverb(4, 400, 5);
    const FusedKernel kernel =
        fuse({convolution(responses.write("a.wav", a)), sample_eq, convolution(responses.write("b.wav", b))},
             2)
            .kernel;
    const std::vector<double> eq = design_eq(sample_eq.phase, sample_eq.bands, rate).taps;
    for (const int out : {0, 1}) {
        for (const int in : {0, 1}) {
            // Channel 2 * from + to of the file is the path from one side to the other.
            const std::vector<double> by_left = convolve(a[2 * in + 0], b[0 + out]);
            const std::vector<double> by_right = convolve(a[2 * in + 1], b[2 + out]);
            CAPTURE(out, in);
            CHECK(relative_error_energy(whole_path(kernel, out, in), convolve(sum(by_left, by_right), eq)) <
                  4.0 * largest_cut);
        }
    }
}

TEST_CASE(
    "mix, pre-delay and gain make (1 - mix) dry and mix wet, and only the wet part is late and louder") {
    const Responses responses;
    const Channels room = reverb(2, 700, 6);
    ConvolutionInsert insert = convolution(responses.write("room.wav", room));
    insert.predelay_ms = 12.0;
    insert.gain_db = -6.0;
    const double gain = std::pow(10.0, -6.0 / 20.0);

    insert.mix = 0.25;
    for (const int inputs : {1, 2}) {
        const FusedKernel kernel = fuse({insert}, inputs).kernel;
        CHECK(kernel.delay_frames == 0);
        for (const int out : {0, 1}) {
            const std::vector<double> wanted = sum({0.75}, delayed(scaled(room[out], 0.25 * gain), 576));
            CHECK(relative_error_energy(whole_path(kernel, out, inputs == 1 ? 0 : out), wanted) <
                  largest_cut);
        }
    }
    insert.mix = 1.0;
    const FusedKernel wet = fuse({insert}, 2).kernel;
    CHECK(wet.delay_frames == 576);
    CHECK(relative_error_energy(wet.paths[1][1], scaled(room[1], gain)) < largest_cut);
    insert.mix = 0.0;
    CHECK(fuse({insert}, 2).kernel.is_identity());
}

TEST_CASE("exact zeros in front of every path become the delay, zeros at the end are dropped") {
    const Responses responses;
    Channels late = reverb(2, 50, 7);
    for (std::vector<double>& channel : late) channel.resize(80, 0.0);
    late[0] = delayed(late[0], 30);
    late[1] = delayed(late[1], 33);
    late[0].resize(200, 0.0);
    late[1].resize(200, 0.0);
    const FusedKernel kernel = fuse({convolution(responses.write("late.wav", late)), sample_eq}, 2).kernel;
    CHECK(kernel.delay_frames == 30);
    CHECK(kernel.paths[0][0][0] != 0.0);
    for (const int n : {0, 1, 2}) CHECK(kernel.paths[1][1][n] == 0.0);
    CHECK(kernel.paths[1][1][3] != 0.0);
    const FusedKernel alone = fuse({convolution(responses.write("late.wav", late))}, 2).kernel;
    CHECK(alone.paths[0][0].size() == 50);
    CHECK(alone.paths[1][1].size() == 53);
    CHECK(alone.dropped_frames == 120);
}

TEST_CASE("an end below 1e-14 of the kernel's energy is dropped, a louder one is kept") {
    const Responses responses;
    std::vector<double> faint(1000, 0.0);
    faint[0] = 1.0;
    faint[500] = 1.1e-7;
    faint[999] = 0.9e-7;
    const FusedKernel kernel = fuse({convolution(responses.write("faint.wav", {faint}))}, 1).kernel;
    CHECK(kernel.paths[0][0].size() == 501);
    CHECK(kernel.dropped_frames == 499);
}
