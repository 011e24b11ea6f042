#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace tutti {

enum class FileFormat { wav, flac };
enum class SampleFormat { int16, int24, float32 };

struct AudioFormat {
    FileFormat file = FileFormat::wav;
    SampleFormat sample = SampleFormat::int24;
    int channels = 2;
    int sample_rate_hz = 48000;
};

/// True when a WAV of so many frames cannot be addressed by 32 bits and is written as RF64 (EBU Tech 3306).
bool needs_rf64(const AudioFormat& format, std::int64_t frame_count);

/// Writes one audio file that appears under its name only when commit() is called: until then there is no
/// file, or the old one. Integers are dithered (TPDF, 1 LSB each way, a fixed seed per file and channel) and
/// clipped at full scale, counted. Digital silence from the start of a run of zeros stays silence only in
/// float; dither runs over it in integers.
class AudioWriter {
  public:
    /// Throws InputError when the folder is missing or read-only, or the format cannot hold this (flac with
    /// float). `frame_count` is the length to come; it decides between WAV and RF64.
    AudioWriter(const std::filesystem::path& file, const AudioFormat& format, std::int64_t frame_count);
    ~AudioWriter();
    AudioWriter(AudioWriter&&) noexcept;
    AudioWriter& operator=(AudioWriter&&) noexcept;

    /// `planes`: [channel][stride], the first `count` frames of each. Throws InputError when the disk is
    /// full.
    void write(std::span<const float> planes, int count, int stride);

    /// After the last frame: the whole file is on the disk, under no name yet. Throws InputError.
    void finish();

    /// finish(), where that was not yet, then puts the file under its name.
    void commit();

    std::int64_t over_count() const;  ///< samples clipped at full scale so far; 0 for float32
    float peak() const;               ///< greatest magnitude so far, before any clipping

  private:
    struct File;
    std::unique_ptr<File> file_;
};

/// Writes a text file the same way: complete or not at all.
void write_text_file(const std::filesystem::path& file, std::string_view text);

}  // namespace tutti
