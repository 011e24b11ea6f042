#include "tests/loudness_files.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>

#include "engine/fft.hpp"

namespace tutti::tests {

namespace {

double random_phase(std::mt19937& random) { return 2.0 * std::numbers::pi * (random() / 4294967296.0); }

}  // namespace

std::vector<double> sound_of(const Spectrum& lines, double seconds, int rate_hz) {
    std::mt19937 random(1);
    std::vector<double> samples(static_cast<std::size_t>(std::lround(seconds * rate_hz)), 0.0);
    for (const Line& line : lines) {
        const double amplitude = std::pow(10.0, (line.spl_db - full_scale_spl_db) / 20.0);
        const std::complex<double> turn = std::polar(1.0, 2.0 * std::numbers::pi * line.hz / rate_hz);
        std::complex<double> z = std::polar(amplitude, random_phase(random));
        for (double& sample : samples) {
            sample += z.real();
            z *= turn;
        }
    }
    return samples;
}

std::vector<double> shaped_noise(int frames, double from_hz, double to_hz,
                                 const std::function<double(double hz)>& density_db) {
    std::mt19937 random(2);
    tutti::DesignFft fft(frames);
    std::vector<std::complex<double>> spectrum(fft.bin_count());
    const double step_hz = 48000.0 / frames;
    for (std::size_t bin = 1; bin < spectrum.size(); ++bin) {
        const double hz = step_hz * static_cast<double>(bin);
        if (hz < from_hz || hz > to_hz) continue;
        const double spl_db = density_db(hz) + 10.0 * std::log10(step_hz);
        const double amplitude = std::pow(10.0, (spl_db - full_scale_spl_db) / 20.0);
        spectrum[bin] = std::polar(0.5 * frames * amplitude, random_phase(random));
    }
    std::vector<double> samples(frames);
    fft.inverse(spectrum, samples);
    return samples;
}

void write_float(const std::filesystem::path& file, const Channels& channels, int rate_hz) {
    write_audio(file, channels, rate_hz, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
}

Json loudness_of(const std::vector<std::filesystem::path>& files, const std::vector<std::string>& more,
                 double spl_db) {
    const std::filesystem::path json = files.at(0).string() + ".json";
    std::vector<std::string> arguments{"loudness"};
    for (const std::filesystem::path& file : files) arguments.push_back(file.string());
    for (const std::string& word :
         {std::string("--full-scale-spl"), std::to_string(spl_db), std::string("--json"), json.string(),
          std::string("--device"), std::string("cpu")}) {
        arguments.push_back(word);
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramResult result = run_tutti(arguments);
    CAPTURE(result.output, result.errors);
    REQUIRE(result.status == 0);
    return Json::parse(read_bytes(json));
}

Json loudness_of(const std::filesystem::path& file, const std::vector<std::string>& more, double spl_db) {
    return loudness_of(std::vector{file}, more, spl_db);
}

}  // namespace tutti::tests
