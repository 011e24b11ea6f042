#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/backend.hpp"
#include "host/loudness_over_time.hpp"
#include "host/stationary_loudness.hpp"

namespace tutti {

/// How loud the sound in a file is to a listener, by the constants of ANSI S3.4-2007: left and right channel
/// are the ears, a mono file is heard by both.
struct FileLoudness {
    std::filesystem::path file;
    int channels = 0;
    int sample_rate_hz = 0;
    double duration_s = 0.0;
    StationaryLoudness stationary;  ///< by the long-term spectrum of all of it
    LoudnessSeries over_time;
};

/// Reads the file once, front to back. Throws InputError as StemReader does.
FileLoudness measure_loudness(const std::filesystem::path& file, const ListeningLevel& level,
                              Backend& backend);

/// What the command prints of a file; and all there is of several as JSON.
std::string loudness_text(const FileLoudness& loudness);
std::string loudness_json(const std::vector<FileLoudness>& files, const ListeningLevel& level,
                          const std::string& device);

}  // namespace tutti
