#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "host/stem_reader.hpp"

namespace tutti {

/// An audio file being decoded, at its own rate, frames front to back (libsndfile).
class SoundFile {
  public:
    /// Throws as read_audio_info() does.
    explicit SoundFile(const std::filesystem::path& file);
    ~SoundFile();
    SoundFile(SoundFile&&) noexcept;
    SoundFile& operator=(SoundFile&&) noexcept;

    const std::filesystem::path& path() const;
    const AudioInfo& info() const;

    /// The magnitude of the greatest positive sample that the file can hold; 1 for float.
    float full_scale() const;

    /// True when seek() lands on the very samples that reading on would give. Lossy decoders depend on what
    /// was before.
    bool seeks_exactly() const;

    /// Fills `interleaved` ([frame][channel], a whole number of frames) with the next frames; the caller asks
    /// for no more than info().frame_count in all. Throws InputError naming file and frame when the data end
    /// early or do not decode.
    void read(std::span<float> interleaved);
    void read(std::span<double> interleaved);

    /// The same with the file's own bytes, in the format of info().pcm, which must be there.
    void read(std::span<std::byte> interleaved);

    void seek(std::int64_t frame);

  private:
    struct Decoder;
    std::unique_ptr<Decoder> decoder_;
};

}  // namespace tutti
