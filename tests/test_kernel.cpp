#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <random>
#include <string>

#include "engine/fft.hpp"
#include "host/eq.hpp"
#include "host/impulse_response.hpp"
#include "host/kernel.hpp"
#include "tests/audio_files.hpp"
#include "tests/oracle/convolution.hpp"
#include "tests/oracle/eq.hpp"

using namespace tutti;
using std::numbers::pi;
using tests::Channels;
using tests::TempFolder;

namespace {

constexpr int rate = 48000;
constexpr double largest_cut = 1e-14;  ///< of a kernel's energy: fuse_inserts()

/// Decaying noise, different in every channel.
Channels reverb(int channel_count, int frame_count, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> noise;
    Channels channels(static_cast<std::size_t>(channel_count));
    for (std::vector<double>& channel : channels) {
        for (int n = 0; n < frame_count; ++n)
            channel.push_back(0.1 * noise(random) * std::exp(-6.0 * n / frame_count));
    }
    return channels;
}

/// A folder with the responses that a test needs, as 64 bit float WAV: exactly what is written is read.
class Responses {
  public:
    std::filesystem::path write(const std::string& name, const Channels& channels, int rate_hz = rate) const {
        tests::write_audio(folder_ / name, channels, rate_hz, SF_FORMAT_WAV | SF_FORMAT_DOUBLE);
        return folder_ / name;
    }

  private:
    TempFolder folder_;
};

Session session_at(int rate_hz) {
    Session session;
    session.path = "song.toml";
    session.sample_rate_hz = rate_hz;
    return session;
}

struct Fused {
    FusedKernel kernel;
    std::vector<std::string> warnings;
};

Fused fuse(const std::vector<Processor>& processors, int input_channels, int rate_hz = rate) {
    std::vector<Insert> inserts;
    for (const Processor& processor : processors) inserts.push_back({processor, false, {7, 3}});
    Fused fused;
    fused.kernel = fuse_inserts(inserts, input_channels, session_at(rate_hz),
                                [&](const std::string& text) { fused.warnings.push_back(text); });
    return fused;
}

ConvolutionInsert convolution(const std::filesystem::path& file) {
    ConvolutionInsert insert;
    insert.file = file;
    return insert;
}

/// What a path does, with the delay in front of it put back.
std::vector<double> whole_path(const FusedKernel& kernel, int out, int in) {
    std::vector<double> taps(static_cast<std::size_t>(kernel.delay_frames), 0.0);
    const std::vector<double>& path = kernel.paths[out][in];
    taps.insert(taps.end(), path.begin(), path.end());
    return taps;
}

/// The energy of the difference over that of `wanted`.
double relative_error_energy(std::vector<double> found, std::vector<double> wanted) {
    const std::size_t length = std::max(found.size(), wanted.size());
    found.resize(length, 0.0);
    wanted.resize(length, 0.0);
    double error = 0.0;
    double whole = 0.0;
    for (std::size_t n = 0; n < length; ++n) {
        error += (found[n] - wanted[n]) * (found[n] - wanted[n]);
        whole += wanted[n] * wanted[n];
    }
    return error / whole;
}

std::vector<double> scaled(std::vector<double> taps, double gain) {
    for (double& x : taps) x *= gain;
    return taps;
}

std::vector<double> sum(std::vector<double> a, std::vector<double> b) {
    a.resize(std::max(a.size(), b.size()), 0.0);
    for (std::size_t n = 0; n < b.size(); ++n) a[n] += b[n];
    return a;
}

std::vector<double> delayed(const std::vector<double>& taps, std::size_t frames) {
    std::vector<double> late(frames, 0.0);
    late.insert(late.end(), taps.begin(), taps.end());
    return late;
}

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
