#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/session.hpp"

namespace tutti::bench {

/// What the benchmark's session is made of.
struct StandardRecipe {
    std::filesystem::path
        stems;  ///< a folder of audio files, one or two channels each, of which new stems are made
    int track_count = 32;
    double seconds = 60.0;  ///< of every new stem
    std::uint64_t seed = 1;
};

/// A track of the session before its stem is made.
struct StandardTrack {
    std::filesystem::path source;  ///< the stem that it is made from
    std::string file_name;         ///< of the new one: "007_lead_sax.wav"
    double offset_s = 0.0;         ///< where in the source the new stem begins; it loops
    double spread_s = 0.0;         ///< of a mono source: the right channel's lag, as of a spaced pair
    double gain = 1.0;
};

/// What the recipe comes to, the same every time. `session` stands in `folder`; its stems and impulse
/// responses are not there yet.
///
/// Per track a trim, a four-band EQ, a compressor, a balance and two sends; drum tracks a room of 0.3 s of
/// their own. Up to eight buses, one per family of instruments, each with a compressor; a stereo hall of 2 s
/// and a plate of 1.2 s; on the master an EQ, a compressor and a limiter. Settings differ from track to
/// track, so that nothing can be shared; those of a track do not depend on how many there are, but for its
/// fader. Throws InputError for a folder without audio files.
struct StandardMix {
    Session session;
    std::vector<StandardTrack> tracks;
};
StandardMix standard_mix(const StandardRecipe& recipe, const std::filesystem::path& folder);

/// Writes the session and all its files into `folder`, which exists, on all cores; returns the session file.
/// Stems are stereo WAV files of 24 bits. Throws InputError for what cannot be read or written.
std::filesystem::path write_standard_mix(const StandardRecipe& recipe, const std::filesystem::path& folder);

}  // namespace tutti::bench
