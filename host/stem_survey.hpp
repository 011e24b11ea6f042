#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "host/stem_reader.hpp"

namespace tutti {

/// What listening once to a stem tells.
struct SurveyedStem {
    std::filesystem::path file;
    std::string
        problem;  ///< why it cannot be rendered, without the file's name; then nothing below is filled
    AudioInfo info;
    float peak = 0.0F;
    double loudness_lufs = 0.0;  ///< BS.1770-4, gated; of what has no gated block, the plain mean
    std::int64_t clipped_count = 0;
    std::vector<std::uint64_t> fingerprints;  ///< per channel; equal for equal samples

    /// Nothing in it is above two steps of 16 bits (-84 dBFS): no more than the dither of silence.
    bool is_silent() const;
    bool is_dual_mono() const;  ///< stereo, left equals right
    bool has_samples_of(const SurveyedStem& other) const;
    double seconds() const;
};

/// The audio files in a folder and the folders in it, by their extensions, hidden ones left out, in natural
/// order. Throws InputError when there is no such folder or it cannot be read.
std::vector<std::filesystem::path> find_audio_files(const std::filesystem::path& folder);

/// Listens to all files, several at a time. `progress`, if given, is called after each with the number done
/// so far, one call at a time, from any thread.
std::vector<SurveyedStem> survey_stems(const std::vector<std::filesystem::path>& files,
                                       const std::function<void(int done)>& progress);

}  // namespace tutti
