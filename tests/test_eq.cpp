#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <string>
#include <thread>

#include "engine/fft.hpp"
#include "host/eq.hpp"
#include "host/eq_prototypes.hpp"
#include "host/minimum_phase.hpp"
#include "tests/oracle/eq.hpp"

using namespace tutti;
using std::numbers::pi;

namespace {

double to_db(double gain) { return 20.0 * std::log10(gain); }

/// Every shape, every slope, low and high, wide and sharp.
std::vector<EqBand> every_band() {
    std::vector<EqBand> bands;
    for (const double freq_hz : {60.0, 1000.0, 15000.0}) {
        for (const EqShape shape : {EqShape::bell, EqShape::low_shelf, EqShape::high_shelf, EqShape::tilt}) {
            bands.push_back({shape, freq_hz, 9.0, 0.7071, 12});
            bands.push_back({shape, freq_hz, -12.0, 2.0, 12});
        }
        for (const double q : {0.5, 8.0}) {
            bands.push_back({EqShape::notch, freq_hz, 0.0, q, 12});
            bands.push_back({EqShape::bandpass, freq_hz, 0.0, q, 12});
        }
        for (int slope = 6; slope <= 48; slope += 6) {
            bands.push_back({EqShape::highpass, freq_hz, 0.0, 0.7071, slope});
            bands.push_back({EqShape::lowpass, freq_hz, 0.0, 0.7071, slope});
        }
    }
    return bands;
}

std::string text_of(const EqBand& band) {
    static constexpr const char* names[] = {"bell",    "low_shelf", "high_shelf", "highpass",
                                            "lowpass", "notch",     "bandpass",   "tilt"};
    return std::string(names[static_cast<int>(band.shape)]) + " " + std::to_string(band.freq_hz) + " Hz, " +
           std::to_string(band.gain_db) + " dB, q " + std::to_string(band.q) + ", " +
           std::to_string(band.slope_db_per_oct) + " dB/oct";
}

/// A grid that sees the whole kernel and has bins from well under 20 Hz on.
int grid_for(const std::vector<double>& taps) {
    return static_cast<int>(std::max<std::size_t>(1 << 14, std::bit_ceil(2 * taps.size())));
}

/// The greatest deviation in dB from the analogue magnitude, 20 Hz ... 0.45 rate, wherever the response is
/// above `floor_db`.
double worst_deviation_db(const std::vector<double>& taps, std::span<const EqBand> bands, int rate,
                          double floor_db) {
    const int grid = grid_for(taps);
    const auto response = oracle::fir_response_on_grid(taps, grid);
    double worst = 0.0;
    for (int k = 1; k <= grid / 2; ++k) {
        const double freq_hz = static_cast<double>(k) * rate / grid;
        if (freq_hz < 20.0 || freq_hz > 0.45 * rate) continue;
        double wanted = 1.0;
        for (const EqBand& band : bands) wanted *= std::abs(oracle::analogue_response(band, freq_hz));
        if (to_db(wanted) < floor_db) continue;
        worst = std::max(worst, std::abs(to_db(std::abs(response[static_cast<std::size_t>(k)]) / wanted)));
    }
    return worst;
}

double energy(std::span<const double> taps) {
    double sum = 0.0;
    for (const double x : taps) sum += x * x;
    return sum;
}

/// At these frequencies, wherever the response is above -80 dB, the phase is the one that goes with its own
/// log magnitude. The grid has to be fine: d bins away from a zero on the unit circle (DC, a notch) sampling
/// ln |H| errs by about 1/d radians. Bins are even, so that the sum leaves DC itself out.
void check_minimum_phase(const std::vector<double>& taps, int grid,
                         std::initializer_list<double> frequencies_hz) {
    REQUIRE(2 * taps.size() < static_cast<std::size_t>(grid));
    const auto response = oracle::fir_response_on_grid(taps, grid);
    for (const double freq_hz : frequencies_hz) {
        const int bin = 2 * static_cast<int>(std::lround(freq_hz / 96000.0 * grid));
        const std::complex<double> found = response[static_cast<std::size_t>(bin)];
        if (to_db(std::abs(found)) < -80.0) continue;
        CAPTURE(freq_hz);
        const double off =
            std::remainder(std::arg(found) - oracle::minimum_phase_at(response, bin), 2.0 * pi);
        CHECK(std::abs(off) * 180.0 / pi < 1.0);
    }
}

}  // namespace

TEST_CASE("every analogue prototype is the textbook's transfer function") {
    for (const EqBand& band : every_band()) {
        for (const double freq_hz : {1.0, 20.0, 59.0, 60.0, 997.0, 1000.0, 1414.2, 15000.0, 40000.0}) {
            CAPTURE(text_of(band), freq_hz);
            const std::complex<double> wanted = oracle::analogue_response(band, freq_hz);
            CHECK(std::abs(analogue_response(band, freq_hz) - wanted) <= 1e-12 * (1.0 + std::abs(wanted)));
        }
    }
}

TEST_CASE("prototypes have their stated level at their frequency and far from it") {
    const auto level_db = [](const EqBand& band, double freq_hz) {
        return to_db(std::abs(analogue_response(band, freq_hz)));
    };
    CHECK(level_db({EqShape::bell, 1000.0, 6.0, 3.0, 12}, 1000.0) == Approx(6.0));
    CHECK(level_db({EqShape::low_shelf, 1000.0, 6.0, 0.7071, 12}, 0.01) == Approx(6.0));
    CHECK(level_db({EqShape::low_shelf, 1000.0, 6.0, 0.7071, 12}, 1000.0) == Approx(3.0));
    CHECK(level_db({EqShape::high_shelf, 1000.0, 6.0, 0.7071, 12}, 1e8) == Approx(6.0));
    CHECK(level_db({EqShape::high_shelf, 1000.0, 6.0, 0.7071, 12}, 1000.0) == Approx(3.0));
    CHECK(level_db({EqShape::bandpass, 1000.0, 0.0, 5.0, 12}, 1000.0) == Approx(0.0).margin(1e-12));
    CHECK(level_db({EqShape::tilt, 1000.0, 6.0, 1.0, 12}, 0.01) == Approx(-3.0));
    CHECK(level_db({EqShape::tilt, 1000.0, 6.0, 1.0, 12}, 1000.0) == Approx(0.0).margin(1e-12));
    CHECK(level_db({EqShape::tilt, 1000.0, 6.0, 1.0, 12}, 1e8) == Approx(3.0));
    CHECK(std::abs(analogue_response({EqShape::notch, 1000.0, 0.0, 5.0, 12}, 1000.0)) < 1e-15);
    for (int slope = 6; slope <= 48; slope += 6) {
        CAPTURE(slope);
        const double half_power_db = -10.0 * std::log10(2.0);
        CHECK(level_db({EqShape::highpass, 1000.0, 0.0, 1.0, slope}, 1000.0) == Approx(half_power_db));
        CHECK(level_db({EqShape::lowpass, 1000.0, 0.0, 1.0, slope}, 1000.0) == Approx(half_power_db));
        CHECK(level_db({EqShape::highpass, 1000.0, 0.0, 1.0, slope}, 1.0) == Approx(-60.0 * slope / 6));
        CHECK(level_db({EqShape::lowpass, 1000.0, 0.0, 1.0, slope}, 1e6) == Approx(-60.0 * slope / 6));
    }
}

TEST_CASE("a minimum-phase EQ is within 0.1 dB of the analogue magnitude, at every rate") {
    for (const int rate : {44100, 48000, 96000}) {
        for (const EqBand& band : every_band()) {
            CAPTURE(rate, text_of(band));
            const EqKernel kernel = design_eq(EqPhase::minimum, {&band, 1}, rate);
            CHECK(kernel.latency_frames == 0);
            CHECK(worst_deviation_db(kernel.taps, {&band, 1}, rate, -80.0) < 0.1);
        }
    }
}

TEST_CASE("a linear-phase EQ is symmetric about its latency and within 0.1 dB of the analogue magnitude") {
    for (const EqBand& band : every_band()) {
        if (band.freq_hz < 1000.0 && band.q > 1.0) continue;  // long: one of them has a test of its own
        CAPTURE(text_of(band));
        const EqKernel kernel = design_eq(EqPhase::linear, {&band, 1}, 48000);
        REQUIRE(kernel.taps.size() % 2 == 1);
        CHECK(kernel.latency_frames == static_cast<int>(kernel.taps.size() / 2));
        CHECK(std::equal(kernel.taps.begin(), kernel.taps.end(), kernel.taps.rbegin()));
        // At a corner of the magnitude the response falls as c/n^2; with an energy of 1e-12 behind tap L,
        // what is cut adds up to 2.4e-6 sqrt(L) at the corner, -61 dB for the longest here. The corner of a
        // notch is where it is deepest.
        const double floor_db = band.shape == EqShape::notch ? -40.0 : -60.0;
        CHECK(worst_deviation_db(kernel.taps, {&band, 1}, 48000, floor_db) < 0.1);
    }
}

TEST_CASE("the phase of a minimum-phase EQ is the Hilbert transform of its log magnitude within 1 degree") {
    for (const EqBand& band : every_band()) {
        CAPTURE(text_of(band));
        const EqKernel kernel = design_eq(EqPhase::minimum, {&band, 1}, 48000);
        check_minimum_phase(kernel.taps, 1 << 17, {110.0, 300.0, 720.0, 1700.0, 6100.0, 22000.0});
    }
}

TEST_CASE("the lowest and sharpest bands keep magnitude and minimum phase") {
    const std::vector<EqBand> extremes = {
        {EqShape::bell, 20.0, 12.0, 10.0, 12},      {EqShape::bell, 20.0, -12.0, 10.0, 12},
        {EqShape::highpass, 20.0, 0.0, 0.7071, 12}, {EqShape::highpass, 20.0, 0.0, 0.7071, 48},
        {EqShape::lowpass, 20.0, 0.0, 0.7071, 48},  {EqShape::notch, 50.0, 0.0, 30.0, 12},
        {EqShape::bandpass, 20.0, 0.0, 5.0, 12},    {EqShape::bell, 21000.0, 12.0, 40.0, 12}};
    for (const EqBand& band : extremes) {
        CAPTURE(text_of(band));
        const EqKernel kernel = design_eq(EqPhase::minimum, {&band, 1}, 48000);
        CHECK(worst_deviation_db(kernel.taps, {&band, 1}, 48000, -80.0) < 0.1);
        check_minimum_phase(kernel.taps, 1 << 20, {21.0, 300.0, 20800.0});
    }
}

TEST_CASE("a low sharp bell and a first-order highpass at 20 Hz work at linear phase") {
    for (const EqBand& band :
         {EqBand{EqShape::bell, 20.0, 12.0, 10.0, 12}, EqBand{EqShape::highpass, 20.0, 0.0, 0.7, 6}}) {
        CAPTURE(text_of(band));
        const EqKernel kernel = design_eq(EqPhase::linear, {&band, 1}, 48000);
        CHECK(kernel.taps.size() < (1 << 19));
        CHECK(worst_deviation_db(kernel.taps, {&band, 1}, 48000, -60.0) < 0.1);
    }
}

TEST_CASE("what is cut off a minimum-phase EQ is below -120 dB of its energy") {
    for (const EqBand& band : every_band()) {
        CAPTURE(text_of(band));
        const Prototype prototype = designed_prototype(band, 48000);
        const std::vector<double> longer = minimum_phase_response({&prototype, 1}, 1e-24, 1 << 20);
        const EqKernel kernel = design_eq(EqPhase::minimum, {&band, 1}, 48000);
        REQUIRE(kernel.taps.size() <= longer.size());
        CHECK(energy(std::span(longer).subspan(kernel.taps.size())) < 1e-12 * energy(longer));
        CHECK(std::equal(kernel.taps.begin(), kernel.taps.end(), longer.begin(),
                         [](double a, double b) { return std::abs(a - b) < 1e-12; }));
    }
}

TEST_CASE("what is cut off a linear-phase EQ is below -120 dB of its energy") {
    // By Parseval: the energy of the whole response is that of the magnitude, which is known at every
    // frequency.
    for (const EqBand& band :
         {EqBand{EqShape::bell, 1000.0, 9.0, 2.0, 12}, EqBand{EqShape::highpass, 60.0, 0.0, 0.7, 12},
          EqBand{EqShape::notch, 1000.0, 0.0, 0.5, 12}}) {
        CAPTURE(text_of(band));
        const EqKernel kernel = design_eq(EqPhase::linear, {&band, 1}, 48000);
        const int grid = 1 << 18;
        const auto response = oracle::fir_response_on_grid(kernel.taps, grid);
        double missing = 0.0;
        double whole = 0.0;
        for (int k = 1; k < grid / 2; ++k) {
            const double found = std::abs(response[static_cast<std::size_t>(k)]);
            whole += found * found;
            if (k > grid * 45 / 100) continue;
            const double lacks = std::abs(oracle::analogue_response(band, 48000.0 * k / grid)) - found;
            missing += lacks * lacks;
        }
        CHECK(missing < 1e-12 * whole);
    }
}

TEST_CASE("an EQ whose gains are all 0 dB is one tap of exactly 1 without latency") {
    const std::vector<EqBand> neutral = {{EqShape::bell, 100.0, 0.0, 8.0, 12},
                                         {EqShape::low_shelf, 200.0, 0.0, 0.7, 12},
                                         {EqShape::high_shelf, 8000.0, 0.0, 0.7, 12},
                                         {EqShape::tilt, 700.0, 0.0, 1.0, 12}};
    for (const EqPhase phase : {EqPhase::minimum, EqPhase::linear}) {
        for (const std::span<const EqBand> bands : {std::span(neutral), std::span(neutral).first(0)}) {
            const EqKernel kernel = design_eq(phase, bands, 48000);
            CHECK(kernel.taps == std::vector<double>{1.0});
            CHECK(kernel.latency_frames == 0);
        }
    }
}

TEST_CASE("several bands as one kernel equal their kernels one after the other") {
    const std::vector<EqBand> bands = {{EqShape::highpass, 30.0, 0.0, 0.7071, 12},
                                       {EqShape::bell, 62.0, 3.5, 1.1, 12},
                                       {EqShape::bell, 62.0, 3.5, 1.1, 12},
                                       {EqShape::high_shelf, 8000.0, -4.0, 0.7071, 12}};
    const std::vector<double> found = design_eq(EqPhase::minimum, bands, 48000).taps;
    std::vector<double> wanted = {1.0};
    for (const EqBand& band : bands)
        wanted = convolve(wanted, design_eq(EqPhase::minimum, {&band, 1}, 48000).taps);
    const std::size_t length = std::max(found.size(), wanted.size());
    std::vector<double> difference(wanted);
    difference.resize(length, 0.0);
    for (std::size_t n = 0; n < found.size(); ++n) difference[n] -= found[n];
    // Five cuts of 1e-14 of the energy each, at most in phase: 25e-14, and no band amplifies by more than 7
    // dB in between.
    CHECK(energy(difference) < 5.0 * 25e-14 * energy(wanted));
    CHECK(worst_deviation_db(found, bands, 48000, -80.0) < 0.1);
}

TEST_CASE("eight sharp bells in one place are designed to their end") {
    const std::vector<EqBand> bands(8, EqBand{EqShape::bell, 50.0, 3.0, 4.0, 12});
    const std::vector<double> taps = design_eq(EqPhase::minimum, bands, 48000).taps;
    CHECK(worst_deviation_db(taps, bands, 48000, -80.0) < 0.1);
}

TEST_CASE("bands at and beyond Nyquist are designed without a corner") {
    for (const EqBand& band :
         {EqBand{EqShape::bell, 22050.0, 12.0, 2.0, 12}, EqBand{EqShape::high_shelf, 30000.0, 9.0, 0.7, 12},
          EqBand{EqShape::lowpass, 23000.0, 0.0, 0.7, 48}, EqBand{EqShape::notch, 21000.0, 0.0, 4.0, 12},
          EqBand{EqShape::notch, 22050.0, 0.0, 4.0, 12}, EqBand{EqShape::bandpass, 21900.0, 0.0, 4.0, 12}}) {
        CAPTURE(text_of(band));
        for (const EqPhase phase : {EqPhase::minimum, EqPhase::linear}) {
            const EqKernel kernel = design_eq(phase, {&band, 1}, 44100);
            CHECK(worst_deviation_db(kernel.taps, {&band, 1}, 44100, -60.0) < 0.1);
            CHECK(kernel.taps.size() < 32768);
        }
    }
}

TEST_CASE("designs made by several threads at once are the same as alone") {
    const std::vector<EqBand> bands = {{EqShape::highpass, 80.0, 0.0, 0.7071, 24},
                                       {EqShape::bell, 2500.0, 4.0, 2.0, 12}};
    const std::vector<double> alone = design_eq(EqPhase::minimum, bands, 48000).taps;
    std::vector<std::vector<double>> found(8);
    std::vector<std::thread> threads;
    for (std::vector<double>& taps : found) {
        threads.emplace_back([&] { taps = design_eq(EqPhase::minimum, bands, 48000).taps; });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::vector<double>& taps : found) CHECK(taps == alone);
}

TEST_CASE("a bell that would ring for minutes ends at the longest kernel there is") {
    const EqBand band{EqShape::bell, 10.0, 40.0, 40.0, 12};
    CHECK(design_eq(EqPhase::minimum, {&band, 1}, 48000).taps.size() == std::size_t{1} << 20);
    CHECK(design_eq(EqPhase::linear, {&band, 1}, 48000).taps.size() == (std::size_t{1} << 19) - 1);
}
