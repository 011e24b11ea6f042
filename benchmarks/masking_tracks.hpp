#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace tutti::bench {

inline constexpr int masking_rate_hz = 48000;

/// Stereo tracks for a benchmark of masking, chunk after chunk, without end.
class MaskingTracks {
  public:
    virtual ~MaskingTracks() = default;

    /// The next frames of all rows: [track][left, right][frame].
    virtual void next(std::span<float> rows, int frame_count) = 0;
    virtual std::string description() const = 0;
};

/// Tracks that play: notes and rests, tones with overtones and noise, each in its register; the same every
/// time.
std::unique_ptr<MaskingTracks> synthetic_tracks(int track_count);

/// The stems of a folder, repeated to fill the tracks, from their beginning and over again at their end.
/// Throws InputError.
std::unique_ptr<MaskingTracks> stem_tracks(int track_count, const std::filesystem::path& folder);

}  // namespace tutti::bench
