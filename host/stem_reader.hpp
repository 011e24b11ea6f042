#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/errors.hpp"
#include "engine/pcm.hpp"

namespace tutti {

/// What a file's header says, before any sample is read.
struct AudioInfo {
    int channels = 0;
    int sample_rate_hz = 0;
    std::int64_t frame_count = 0;    ///< at the file's own rate
    bool is_float = false;           ///< may hold values beyond full scale, NaN and infinities
    std::optional<PcmFormat> pcm{};  ///< how its frames stand in it, where they do
};

/// Opens the file and reads its header. Throws InputError: missing, a folder, empty, not audio, cut short, no
/// frames.
AudioInfo read_audio_info(const std::filesystem::path& file);

struct StemOptions {
    int sample_rate_hz = 48000;  ///< the session's: a file at another rate is resampled (libsoxr, VHQ)
    bool repair_nonfinite =
        false;                   ///< NaN and infinities become 0 and are counted; else they throw InputError
    bool hint_at_repair = true;  ///< the error names the option that repairs; false where there is none
};

/// One audio file (mono or stereo), read once from front to back at the session's rate, as planar float32.
class StemReader {
  public:
    /// Throws InputError as read_audio_info() does, and for more than two channels.
    StemReader(const std::filesystem::path& file, const StemOptions& options);
    ~StemReader();
    StemReader(StemReader&&) noexcept;
    StemReader& operator=(StemReader&&) noexcept;

    int channels() const;
    std::int64_t frame_count() const;  ///< at the session's rate

    /// Fills planes [channel][count] with the next `count` frames; zeros after the end. Throws InputError
    /// naming the file and the frame when the data end early, cannot be decoded, or are not finite.
    void read(std::span<float> planes, int count);

    /// In which format read_pcm() gives the file's own bytes; nothing where they have to be decoded or
    /// resampled.
    std::optional<PcmFormat> pcm_format() const;

    /// read() without conversion: fills `bytes` ([frame][channel] of pcm_format(), whole frames) with the
    /// next frames; zeros after the end. Throws and finds what read() does, at the same frames.
    void read_pcm(std::span<std::byte> bytes);

    /// Moves on to `frame` (at the session's rate) from anywhere at or before it, as if the frames between
    /// were read.
    void skip_to(std::int64_t frame);

    /// Seen in what was read so far.
    struct Findings {
        std::int64_t nonfinite_count = 0;  ///< repaired samples
        std::int64_t clipped_count = 0;    ///< runs of three or more full-scale samples in a row
        float peak = 0.0F;                 ///< of integers that came by read_pcm(), less than 1/128 above it
    };
    Findings findings() const;

  private:
    struct File;
    std::unique_ptr<File> file_;
};

/// A whole file in double at `sample_rate_hz`, [channel][frame], up to `max_channels`; for impulse responses.
/// Throws as StemReader does.
std::vector<std::vector<double>> read_whole(const std::filesystem::path& file, int sample_rate_hz,
                                            int max_channels);

}  // namespace tutti
