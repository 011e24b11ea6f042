// Impulse responses of convolution inserts on their way into kernels.
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <string>

#include "host/impulse_response.hpp"
#include "host/kernel.hpp"
#include "tests/fused_chain.hpp"
#include "tests/oracle/eq.hpp"

using namespace tutti;
using namespace tutti::tests;
using std::numbers::pi;

TEST_CASE("impulse responses are routed by their number of channels") {
    const Responses responses;
    const Channels four = reverb(4, 500, 3);
    const Channels two = {four[0], four[1]};
    const Channels mono = {four[0]};
    const auto path_is = [](const FusedKernel& kernel, int out, int in, const std::vector<double>& wanted) {
        CAPTURE(out, in);
        if (wanted.empty()) {
            CHECK(kernel.paths[out][in].empty());
        } else {
            CHECK(relative_error_energy(whole_path(kernel, out, in), wanted) < largest_cut);
        }
    };
    const auto fused = [&](const Channels& channels, int inputs) {
        const std::filesystem::path file =
            responses.write(std::to_string(channels.size()) + ".wav", channels);
        FusedKernel kernel = fuse({convolution(file)}, inputs).kernel;
        CHECK(kernel.input_channels == inputs);
        return kernel;
    };

    SECTION("one acts on each channel") {
        const FusedKernel on_mono = fused(mono, 1);
        CHECK(on_mono.output_channels == 1);
        path_is(on_mono, 0, 0, four[0]);
        const FusedKernel on_stereo = fused(mono, 2);
        for (const int out : {0, 1}) {
            for (const int in : {0, 1})
                path_is(on_stereo, out, in, out == in ? four[0] : std::vector<double>{});
        }
    }
    SECTION("two make mono stereo or act each on its side") {
        const FusedKernel on_mono = fused(two, 1);
        CHECK(on_mono.output_channels == 2);
        path_is(on_mono, 0, 0, four[0]);
        path_is(on_mono, 1, 0, four[1]);
        const FusedKernel on_stereo = fused(two, 2);
        path_is(on_stereo, 0, 0, four[0]);
        path_is(on_stereo, 1, 1, four[1]);
        path_is(on_stereo, 0, 1, {});
        path_is(on_stereo, 1, 0, {});
    }
    SECTION("four are L to L, L to R, R to L, R to R, and a mono signal gets the mean of the pairs") {
        const FusedKernel on_stereo = fused(four, 2);
        path_is(on_stereo, 0, 0, four[0]);
        path_is(on_stereo, 1, 0, four[1]);
        path_is(on_stereo, 0, 1, four[2]);
        path_is(on_stereo, 1, 1, four[3]);
        const FusedKernel on_mono = fused(four, 1);
        CHECK(on_mono.output_channels == 2);
        path_is(on_mono, 0, 0, scaled(sum(four[0], four[2]), 0.5));
        path_is(on_mono, 1, 0, scaled(sum(four[1], four[3]), 0.5));
    }
}

TEST_CASE("a response is trimmed at its start and shortened with a fade of 5 ms") {
    const ImpulseResponse ones{{std::vector<double>(4800, 1.0)}, rate, rate};
    ConvolutionInsert insert;
    insert.trim_start_ms = 10.0;
    CHECK(shaped_channels(ones, insert)[0] == std::vector<double>(4320, 1.0));
    insert.length_s = 0.05;
    const std::vector<double> taps = shaped_channels(ones, insert)[0];
    REQUIRE(taps.size() == 2400);
    CHECK(std::all_of(taps.begin(), taps.begin() + 2160, [](double x) { return x == 1.0; }));
    CHECK(std::is_sorted(taps.begin() + 2160, taps.end(), std::greater<>()));
    CHECK(taps[2160] > 0.9999);
    CHECK(0.5 * (taps[2279] + taps[2280]) == Approx(0.5));
    CHECK(taps.back() < 1e-4);
    insert.length_s = 0.09;  // as long as what the trim left: nothing is cut, nothing fades
    CHECK(shaped_channels(ones, insert)[0].size() == 4320);
    CHECK(shaped_channels(ones, insert)[0].back() == 1.0);
    insert.trim_start_ms = 100.0;
    CHECK_THROWS_AS(shaped_channels(ones, insert), InputError);
}

TEST_CASE("normalisation goes by the loudest channel, after trim and length, before the gain") {
    ImpulseResponse response{reverb(2, 2000, 8), rate, rate};
    for (double& x : response.channels[1]) x *= 3.0;
    response.channels[1][0] = 50.0;
    ConvolutionInsert insert;
    insert.trim_start_ms = 1.0;
    insert.length_s = 0.02;
    insert.gain_db = 6.0;
    const double gain = std::pow(10.0, 6.0 / 20.0);

    CHECK(shaped_channels(response, insert)[0][0] == Approx(gain * response.channels[0][48]).epsilon(1e-14));
    insert.normalize = IrNormalize::energy;
    double energy[2] = {};
    const Channels by_energy = shaped_channels(response, insert);
    for (const int c : {0, 1}) {
        for (const double x : by_energy[c]) energy[c] += x * x;
    }
    CHECK(energy[1] == Approx(gain * gain).epsilon(1e-12));
    CHECK(energy[0] < energy[1]);
    insert.normalize = IrNormalize::peak;
    const auto spectrum = oracle::fir_response_on_grid(shaped_channels(response, insert)[1], 1 << 18);
    double peak = 0.0;
    for (const auto& bin : spectrum) peak = std::max(peak, std::abs(bin));
    CHECK(std::abs(20.0 * std::log10(peak / gain)) < 0.01);
}

TEST_CASE("the greatest magnitude of a response is found between the bins within 0.0001 dB") {
    // The sharpest resonance that fits: a cosine over the whole length, at every place between two bins.
    for (const int length : {1, 100, 1024}) {
        for (double cycles = 20.0; cycles < 21.0; cycles += 0.1) {
            std::vector<double> taps(static_cast<std::size_t>(length));
            for (int n = 0; n < length; ++n) taps[n] = std::cos(2.0 * pi * cycles * n / length + 0.3);
            double peak = 0.0;
            for (double at = cycles - 0.05; at <= cycles + 0.05; at += 0.001) {
                peak = std::max(peak, std::abs(oracle::fir_response(taps, at, length)));
            }
            CAPTURE(length, cycles);
            CHECK(std::abs(20.0 * std::log10(peak_magnitude(taps) / peak)) < 0.0001);
        }
    }
}

TEST_CASE("a response at another rate keeps its frequency response, and the resampling is warned of") {
    const Responses responses;
    // Nothing above 20 kHz and nothing abrupt at the ends: all of it survives the resampling.
    Channels low(1);
    for (int n = 0; n < 4000; ++n) {
        const double window = std::pow(std::sin(pi * n / 4000.0), 4.0);
        double sum_of_tones = 0.0;
        for (const double tone_hz : {100.0, 1000.0, 5000.0, 15000.0}) {
            sum_of_tones += std::cos(2.0 * pi * tone_hz * n / 44100.0);
        }
        low[0].push_back(0.01 * window * sum_of_tones);
    }
    const Fused fused = fuse({convolution(responses.write("low.wav", low, 44100))}, 1, 96000);
    REQUIRE(fused.warnings.size() == 1);
    CHECK(fused.warnings[0].find("song.toml:7:3: ") == 0);
    CHECK(fused.warnings[0].find("low.wav: resampled from 44100 to 96000 Hz") != std::string::npos);
    const std::vector<double> taps = whole_path(fused.kernel, 0, 0);
    for (const double freq_hz : {100.0, 1000.0, 5000.0, 15000.0}) {
        const std::complex<double> wanted = oracle::fir_response(low[0], freq_hz, 44100);
        CAPTURE(freq_hz);
        CHECK(std::abs(oracle::fir_response(taps, freq_hz, 96000) - wanted) < 1e-6 * std::abs(wanted));
    }
}

TEST_CASE("a silent response is warned of and leaves only the dry part") {
    const Responses responses;
    ConvolutionInsert insert =
        convolution(responses.write("silence.wav", Channels(2, std::vector<double>(100, 0.0))));
    insert.normalize = IrNormalize::peak;
    const Fused wet = fuse({insert}, 2);
    CHECK(wet.warnings.size() == 1);
    CHECK(wet.kernel.paths[0][0].empty());
    insert.mix = 0.5;
    CHECK(fuse({insert}, 2).kernel.paths[1][1] == std::vector<double>{0.5});
}

TEST_CASE("a response that cannot be used is an error that names the session file and the place") {
    const Responses responses;
    const auto message_of = [](const std::filesystem::path& file) {
        try {
            fuse({convolution(file)}, 1);
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string("no error");
    };
    for (const int channels : {3, 5, 8}) {
        const std::string message = message_of(responses.write("many.wav", reverb(channels, 10, 1)));
        CAPTURE(message);
        CHECK(message.find("song.toml:7:3: ") == 0);
        CHECK(message.find("many.wav: has " + std::to_string(channels) + " channels") != std::string::npos);
    }
    CHECK(message_of("nowhere.wav").find("song.toml:7:3: nowhere.wav") == 0);
    ConvolutionInsert trimmed = convolution(responses.write("short.wav", reverb(1, 10, 1)));
    trimmed.trim_start_ms = 1.0;
    CHECK_THROWS_WITH(fuse({trimmed}, 1),
                      Catch::StartsWith("song.toml:7:3: ") && Catch::Contains("trim_start_ms"));
}

TEST_CASE("a response that many strips name is decoded once, and again when its file has changed") {
    const Responses responses;
    const std::filesystem::path file = responses.write("shared.wav", reverb(1, 100, 1));
    const auto first = read_impulse_response(file, rate);
    CHECK(read_impulse_response(file, rate).get() == first.get());
    CHECK(read_impulse_response(file, 44100).get() != first.get());
    responses.write("shared.wav", reverb(1, 200, 2));
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + std::chrono::seconds(2));
    CHECK(read_impulse_response(file, rate)->channels[0].size() == 200);
}
