#include "host/audio_writer.hpp"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <string>
#include <vector>

#include "engine/errors.hpp"
#include "host/dither.hpp"
#include "host/pending_file.hpp"
#include "host/sample_check.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

/// Frames converted at a time.
constexpr int block_frames = 8192;

int bits_of(SampleFormat sample) {
    switch (sample) {
        case SampleFormat::int16:
            return 16;
        case SampleFormat::int24:
            return 24;
        case SampleFormat::float32:
            return 32;
    }
    return 32;
}

int sndfile_format(const AudioFormat& format, std::int64_t frame_count) {
    const int container = format.file == FileFormat::flac   ? SF_FORMAT_FLAC
                          : needs_rf64(format, frame_count) ? SF_FORMAT_RF64
                                                            : SF_FORMAT_WAV;
    const int encoding = format.sample == SampleFormat::int16   ? SF_FORMAT_PCM_16
                         : format.sample == SampleFormat::int24 ? SF_FORMAT_PCM_24
                                                                : SF_FORMAT_FLOAT;
    return container | encoding;
}

PendingFile& pending_of(void* user) { return *static_cast<PendingFile*>(user); }

/// libsndfile writes through these, so that every failure of the disk is seen here, also those it does not
/// report.
SF_VIRTUAL_IO virtual_io() {
    SF_VIRTUAL_IO io{};
    io.get_filelen = [](void* user) -> sf_count_t { return pending_of(user).size(); };
    io.seek = [](sf_count_t offset, int whence, void* user) -> sf_count_t {
        PendingFile& file = pending_of(user);
        const std::int64_t origin = whence == SEEK_SET   ? 0
                                    : whence == SEEK_CUR ? file.position()
                                                         : file.size();
        file.seek(origin + offset);
        return file.position();
    };
    io.read = [](void*, sf_count_t, void*) -> sf_count_t { return 0; };
    io.write = [](const void* bytes, sf_count_t count, void* user) -> sf_count_t {
        return pending_of(user).write(bytes, static_cast<std::size_t>(count)) ? count : 0;
    };
    io.tell = [](void* user) -> sf_count_t { return pending_of(user).position(); };
    return io;
}

using OpenFile = std::unique_ptr<SNDFILE, decltype(&sf_close)>;

OpenFile open_sound(const std::filesystem::path& file, PendingFile& pending, const AudioFormat& format,
                    std::int64_t frame_count) {
    if (format.file == FileFormat::flac && format.sample == SampleFormat::float32) {
        throw InputError(printable(file.string()) +
                         ": FLAC holds integers only; use 16 or 24 bits, or WAV for 32-bit float");
    }
    // Why an opening failed is a global of libsndfile.
    static std::mutex one_opening;
    const std::lock_guard lock(one_opening);
    SF_INFO info{};
    info.channels = format.channels;
    info.samplerate = format.sample_rate_hz;
    info.format = sndfile_format(format, frame_count);
    SF_VIRTUAL_IO io = virtual_io();
    OpenFile sound(sf_open_virtual(&io, SFM_WRITE, &info, &pending), &sf_close);
    pending.throw_if_failed();
    if (!sound) {
        throw InputError(printable(file.string()) + ": cannot hold " + std::to_string(format.channels) +
                         " channels of " + std::to_string(bits_of(format.sample)) + " bits at " +
                         std::to_string(format.sample_rate_hz) + " Hz: " + sf_strerror(nullptr));
    }
    // The PEAK chunk carries the time of writing: the same mix would not be the same bytes.
    sf_command(sound.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
    return sound;
}

}  // namespace

bool needs_rf64(const AudioFormat& format, std::int64_t frame_count) {
    if (format.file != FileFormat::wav) return false;
    // The RIFF chunk's size counts all but its first eight bytes; 2^32 - 1 itself means "see ds64".
    constexpr std::int64_t greatest_size = 0xFFFFFFFE;
    constexpr std::int64_t header_allowance = 1024;  // libsndfile's WAV headers are below 100 bytes
    const std::int64_t frame_bytes = std::int64_t{format.channels} * (bits_of(format.sample) / 8);
    return frame_count > (greatest_size - header_allowance) / frame_bytes;
}

struct AudioWriter::File {
    std::filesystem::path path;
    AudioFormat format;
    std::int64_t frame_count;
    std::int64_t position = 0;
    std::int64_t over_count = 0;
    float peak = 0.0F;
    std::vector<DitheringQuantizer> quantizers;
    std::vector<std::int32_t> integers;  ///< [frame][channel] of one block
    std::vector<float> floats;           ///< the same for float32
    PendingFile pending;
    OpenFile sound;  ///< writes to `pending` until it is closed: destroyed before it

    File(const std::filesystem::path& file, const AudioFormat& wanted, std::int64_t frames)
        : path(file),
          format(wanted),
          frame_count(frames),
          pending(file),
          sound(open_sound(file, pending, wanted, frames)) {
        const auto samples =
            static_cast<std::size_t>(block_frames) * static_cast<std::size_t>(format.channels);
        if (format.sample == SampleFormat::float32) {
            floats.resize(samples);
            return;
        }
        integers.resize(samples);
        for (int c = 0; c < format.channels; ++c) quantizers.emplace_back(bits_of(format.sample), c);
    }

    void write_block(const float* planes, int count, int stride) {
        for (int c = 0; c < format.channels; ++c) {
            const std::span<const float> plane(planes + static_cast<std::ptrdiff_t>(c) * stride,
                                               static_cast<std::size_t>(count));
            const float block_peak = peak_magnitude(plane);
            if (!std::isfinite(block_peak)) fail_nonfinite(plane, c);
            peak = std::max(peak, block_peak);
            if (format.sample == SampleFormat::float32) {
                for (int i = 0; i < count; ++i)
                    floats[static_cast<std::size_t>(i * format.channels + c)] = plane[i];
            } else {
                over_count += quantizers[static_cast<std::size_t>(c)].quantize(
                    plane, position, integers.data() + c, format.channels);
            }
        }
        const sf_count_t written = format.sample == SampleFormat::float32
                                       ? sf_writef_float(sound.get(), floats.data(), count)
                                       : sf_writef_int(sound.get(), integers.data(), count);
        pending.throw_if_failed();
        if (written != count)
            throw InputError(printable(path.string()) + ": cannot be written: " + sf_strerror(sound.get()));
        position += count;
    }

    /// Stems are finite when they are read, so a gain in the session has gone beyond what a float can hold.
    [[noreturn]] void fail_nonfinite(std::span<const float> plane, int channel) const {
        const std::int64_t frame = position + static_cast<std::int64_t>(first_nonfinite(plane));
        throw InputError(
            printable(path.string()) + ": frame " + std::to_string(frame) + ", channel " +
            std::to_string(channel + 1) +
            " of the result is not finite: gains of the session overflow there; nothing was written");
    }
};

AudioWriter::AudioWriter(const std::filesystem::path& file, const AudioFormat& format,
                         std::int64_t frame_count)
    : file_(std::make_unique<File>(file, format, frame_count)) {}
AudioWriter::~AudioWriter() = default;
AudioWriter::AudioWriter(AudioWriter&&) noexcept = default;
AudioWriter& AudioWriter::operator=(AudioWriter&&) noexcept = default;

void AudioWriter::write(std::span<const float> planes, int count, int stride) {
    TUTTI_CHECK(file_->sound != nullptr && count <= stride && file_->position + count <= file_->frame_count);
    for (int start = 0; start < count; start += block_frames) {
        file_->write_block(planes.data() + start, std::min(block_frames, count - start), stride);
    }
}

void AudioWriter::finish() {
    TUTTI_CHECK(file_->sound != nullptr && file_->position == file_->frame_count);
    const int error = sf_close(file_->sound.release());
    file_->pending.throw_if_failed();
    if (error != 0)
        throw InputError(printable(file_->path.string()) + ": cannot be finished: " + sf_error_number(error));
    file_->pending.finish();
}

void AudioWriter::commit() {
    if (file_->sound != nullptr) finish();
    file_->pending.commit();
}

std::int64_t AudioWriter::over_count() const { return file_->over_count; }
float AudioWriter::peak() const { return file_->peak; }

}  // namespace tutti
