#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/audio_files.hpp"
#include "tests/line_spectra.hpp"
#include "tests/program.hpp"

namespace tutti::tests {

using Json = nlohmann::json;

/// Files of these tests are played so that a sine that reaches full scale has so many dB SPL.
inline constexpr double full_scale_spl_db = 100.0;

/// Lines as a sound, phases at random.
std::vector<double> sound_of(const Spectrum& lines, double seconds, int rate_hz = 48000);

/// Noise at 48 kHz of `density_db` per Hz, made of a line per bin of a transform as long as it is.
std::vector<double> shaped_noise(int frames, double from_hz, double to_hz,
                                 const std::function<double(double hz)>& density_db);

void write_float(const std::filesystem::path& file, const Channels& channels, int rate_hz = 48000);

/// What `tutti loudness` says of some files, or of one.
Json loudness_of(const std::vector<std::filesystem::path>& files, const std::vector<std::string>& more = {},
                 double spl_db = full_scale_spl_db);
Json loudness_of(const std::filesystem::path& file, const std::vector<std::string>& more = {},
                 double spl_db = full_scale_spl_db);

}  // namespace tutti::tests
