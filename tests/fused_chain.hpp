#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "host/kernel.hpp"
#include "tests/audio_files.hpp"

/// What tests of kernels share: chains of inserts fused, the responses they name, and arithmetic of taps.
namespace tutti::tests {

inline constexpr int rate = 48000;
inline constexpr double largest_cut = 1e-14;  ///< of a kernel's energy: fuse_inserts()

/// Decaying noise, different in every channel.
inline Channels reverb(int channel_count, int frame_count, unsigned seed) {
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
        write_audio(folder_ / name, channels, rate_hz, SF_FORMAT_WAV | SF_FORMAT_DOUBLE);
        return folder_ / name;
    }

  private:
    TempFolder folder_;
};

inline Session session_at(int rate_hz) {
    Session session;
    session.path = "song.toml";
    session.sample_rate_hz = rate_hz;
    return session;
}

struct Fused {
    FusedKernel kernel;
    std::vector<std::string> warnings;
};

inline Fused fuse(const std::vector<Processor>& processors, int input_channels, int rate_hz = rate) {
    std::vector<Insert> inserts;
    for (const Processor& processor : processors) inserts.push_back({processor, false, {7, 3}});
    Fused fused;
    fused.kernel = fuse_inserts(inserts, input_channels, session_at(rate_hz),
                                [&](const std::string& text) { fused.warnings.push_back(text); });
    return fused;
}

inline ConvolutionInsert convolution(const std::filesystem::path& file) {
    ConvolutionInsert insert;
    insert.file = file;
    return insert;
}

/// What a path does, with the delay in front of it put back.
inline std::vector<double> whole_path(const FusedKernel& kernel, int out, int in) {
    std::vector<double> taps(static_cast<std::size_t>(kernel.delay_frames), 0.0);
    const std::vector<double>& path = kernel.paths[out][in];
    taps.insert(taps.end(), path.begin(), path.end());
    return taps;
}

/// The energy of the difference over that of `wanted`.
inline double relative_error_energy(std::vector<double> found, std::vector<double> wanted) {
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

inline std::vector<double> scaled(std::vector<double> taps, double gain) {
    for (double& x : taps) x *= gain;
    return taps;
}

inline std::vector<double> sum(std::vector<double> a, std::vector<double> b) {
    a.resize(std::max(a.size(), b.size()), 0.0);
    for (std::size_t n = 0; n < b.size(); ++n) a[n] += b[n];
    return a;
}

inline std::vector<double> delayed(const std::vector<double>& taps, std::size_t frames) {
    std::vector<double> late(frames, 0.0);
    late.insert(late.end(), taps.begin(), taps.end());
    return late;
}

}  // namespace tutti::tests
