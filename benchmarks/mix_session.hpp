#pragma once

#include <filesystem>

namespace tutti::bench {

/// What the benchmark's session is made of.
struct MixRecipe {
    std::filesystem::path stems;             ///< a folder of audio files
    std::filesystem::path impulse_response;  ///< every track is convolved with it
    int track_count = 0;  ///< the stems are repeated or cut down to this many; 0: each stem once
};

/// Writes a session file: on every track a four-band EQ, a convolution and a 4:1 compressor, fader and pan; a
/// limiter on the master. Settings differ from track to track, so that nothing can be shared. Throws
/// InputError for a folder without stems or an impulse response that cannot be read.
void write_mix_session(const MixRecipe& recipe, const std::filesystem::path& session_file);

}  // namespace tutti::bench
