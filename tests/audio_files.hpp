#pragma once

#include <sndfile.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace tutti::tests {

/// A folder of its own under the system's folder for temporary files, gone when the test ends.
class TempFolder {
  public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "tutti-test-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder: " + name);
        path_ = name;
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

    /// Names of all that is in it, hidden files too.
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(path_)) {
            found.push_back(entry.path().filename().string());
        }
        return found;
    }

  private:
    std::filesystem::path path_;
};

using Channels = std::vector<std::vector<double>>;  ///< [channel][frame]

/// Writes with libsndfile itself, in any of its formats (`format`: SF_FORMAT_...).
inline void write_audio(const std::filesystem::path& file, const Channels& channels, int sample_rate_hz,
                        int format) {
    SF_INFO info{};
    info.channels = static_cast<int>(channels.size());
    info.samplerate = sample_rate_hz;
    info.format = format;
    SNDFILE* sound = sf_open(file.c_str(), SFM_WRITE, &info);
    if (sound == nullptr) throw std::runtime_error(file.string() + ": " + sf_strerror(nullptr));
    sf_command(sound, SFC_SET_CLIPPING, nullptr, SF_TRUE);
    const std::size_t frames = channels.front().size();
    std::vector<double> interleaved;
    interleaved.reserve(frames * channels.size());
    for (std::size_t i = 0; i < frames; ++i) {
        for (const auto& channel : channels) interleaved.push_back(channel[i]);
    }
    const sf_count_t written = sf_writef_double(sound, interleaved.data(), static_cast<sf_count_t>(frames));
    sf_close(sound);
    if (written != static_cast<sf_count_t>(frames)) throw std::runtime_error(file.string() + ": not written");
}

/// Reads with libsndfile itself.
inline Channels read_audio(const std::filesystem::path& file, SF_INFO* info_out = nullptr) {
    SF_INFO info{};
    SNDFILE* sound = sf_open(file.c_str(), SFM_READ, &info);
    if (sound == nullptr) throw std::runtime_error(file.string() + ": " + sf_strerror(nullptr));
    const auto count = static_cast<std::size_t>(info.channels);
    std::vector<double> interleaved(static_cast<std::size_t>(info.frames) * count);
    sf_readf_double(sound, interleaved.data(), info.frames);
    sf_close(sound);
    Channels channels(count, std::vector<double>(static_cast<std::size_t>(info.frames)));
    for (std::size_t i = 0; i < interleaved.size(); ++i) channels[i % count][i / count] = interleaved[i];
    if (info_out != nullptr) *info_out = info;
    return channels;
}

inline std::string read_bytes(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

/// What a call throws as E; empty when it throws nothing.
template <typename E, typename Call>
std::string message_of(const Call& call) {
    try {
        call();
    } catch (const E& error) {
        return error.what();
    }
    return {};
}

/// Noise that is the same in every run: uniform in [-amplitude, amplitude].
inline std::vector<double> noise(std::size_t frames, double amplitude, std::uint32_t seed) {
    std::vector<double> samples(frames);
    for (double& sample : samples) {
        seed = seed * 1664525U + 1013904223U;
        sample = amplitude * (static_cast<double>(seed >> 8U) / 8388608.0 - 1.0);
    }
    return samples;
}

}  // namespace tutti::tests
