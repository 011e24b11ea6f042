#include "host/sound_file.hpp"

#include <sndfile.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "host/declared_length.hpp"
#include "host/input_file.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

constexpr const char* readable_formats = "WAV, RF64, W64, AIFF, CAF, AU, FLAC, Ogg Vorbis, Opus or MP3";
/// No codec packs more into a byte: the largest FLAC block is 65535 frames. An Ogg may claim any length.
constexpr std::uint64_t most_frames_per_byte = 65536;
constexpr int lowest_rate_hz = 4000;
constexpr int highest_rate_hz = 768000;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
    throw InputError(printable(file.string()) + ": " + what);
}

[[noreturn]] void fail_cut_short(const std::filesystem::path& file, const DeclaredLength& length) {
    const bool in_frames = length.bytes_per_frame > 0;
    const std::uint64_t unit = in_frames ? length.bytes_per_frame : 1;
    fail(file, "is cut short: its header promises " + std::to_string(length.promised_bytes / unit) +
                   (in_frames ? " frames" : " bytes of samples") + ", the file holds " +
                   std::to_string(length.held_bytes / unit));
}

/// What libsndfile reads through: a file that need not stay open between its calls.
struct Stream {
    InputFile& file;
    int descriptor = -1;  ///< while it is open
    std::int64_t position = 0;
    int error = 0;  ///< errno of the first reading that failed
};

/// The file behind a stream is open for as long as this lives.
class Opening {
  public:
    explicit Opening(Stream& stream) : stream_(stream), use_(stream.file) {
        stream.descriptor = use_.descriptor();
    }
    ~Opening() { stream_.descriptor = -1; }
    Opening(const Opening&) = delete;
    Opening& operator=(const Opening&) = delete;

  private:
    Stream& stream_;
    InputFile::Use use_;
};

Stream& stream_of(void* user) { return *static_cast<Stream*>(user); }

sf_count_t read_from(Stream& stream, char* bytes, sf_count_t wanted) {
    sf_count_t done = 0;
    while (done < wanted) {
        const ssize_t got = pread(stream.descriptor, bytes + done, static_cast<std::size_t>(wanted - done),
                                  static_cast<off_t>(stream.position));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && stream.error == 0) stream.error = errno;
        if (got <= 0) break;
        done += got;
        stream.position += got;
    }
    return done;
}

SF_VIRTUAL_IO stream_io() {
    SF_VIRTUAL_IO io{};
    io.get_filelen = [](void* user) { return static_cast<sf_count_t>(stream_of(user).file.size()); };
    io.seek = [](sf_count_t offset, int whence, void* user) -> sf_count_t {
        Stream& stream = stream_of(user);
        const auto size = static_cast<sf_count_t>(stream.file.size());
        const sf_count_t origin = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? stream.position : size;
        if (origin + offset < 0) return -1;
        return stream.position = origin + offset;
    };
    io.read = [](void* bytes, sf_count_t count, void* user) {
        return read_from(stream_of(user), static_cast<char*>(bytes), count);
    };
    io.write = [](const void* /*bytes*/, sf_count_t /*count*/, void* /*user*/) -> sf_count_t { return 0; };
    io.tell = [](void* user) -> sf_count_t { return stream_of(user).position; };
    return io;
}

using OpenFile = std::unique_ptr<SNDFILE, decltype(&sf_close)>;

/// Opens a stream that is open with libsndfile, from its start. Null and `why` when it is not audio that
/// libsndfile reads.
OpenFile open_sound(Stream& stream, SF_INFO& info, std::string& why) {
    // Why an opening failed is a global of libsndfile.
    static std::mutex one_opening;
    const std::lock_guard lock(one_opening);
    stream.position = 0;
    info = {};
    SF_VIRTUAL_IO io = stream_io();
    OpenFile sound(sf_open_virtual(&io, SFM_READ, &info, &stream), &sf_close);
    if (!sound) why = stream.error != 0 ? std::strerror(stream.error) : sf_strerror(nullptr);
    return sound;
}

bool is_readable_container(int format) {
    switch (format & SF_FORMAT_TYPEMASK) {
        case SF_FORMAT_WAV:
        case SF_FORMAT_WAVEX:
        case SF_FORMAT_RF64:
        case SF_FORMAT_W64:
        case SF_FORMAT_AIFF:
        case SF_FORMAT_CAF:
        case SF_FORMAT_AU:
        case SF_FORMAT_FLAC:
        case SF_FORMAT_OGG:
        case SF_FORMAT_MPEG:
            return true;
        default:
            return false;
    }
}

/// Bits of a linear PCM sample; 0 for everything else.
int pcm_bits(int format) {
    switch (format & SF_FORMAT_SUBMASK) {
        case SF_FORMAT_PCM_S8:
        case SF_FORMAT_PCM_U8:
            return 8;
        case SF_FORMAT_PCM_16:
            return 16;
        case SF_FORMAT_PCM_24:
            return 24;
        case SF_FORMAT_PCM_32:
            return 32;
        default:
            return 0;
    }
}

bool is_float(int format) {
    switch (format & SF_FORMAT_SUBMASK) {
        case SF_FORMAT_FLOAT:
        case SF_FORMAT_DOUBLE:
        case SF_FORMAT_VORBIS:
        case SF_FORMAT_OPUS:
        case SF_FORMAT_MPEG_LAYER_I:
        case SF_FORMAT_MPEG_LAYER_II:
        case SF_FORMAT_MPEG_LAYER_III:
            return true;
        default:
            return false;
    }
}

/// How libsndfile says the samples of an open file stand in it, where sf_read_raw() gives them as they are.
std::optional<PcmFormat> pcm_format_of(SNDFILE* sound, int format) {
    switch (format & SF_FORMAT_TYPEMASK) {
        case SF_FORMAT_WAV:
        case SF_FORMAT_WAVEX:
        case SF_FORMAT_RF64:
        case SF_FORMAT_W64:
        case SF_FORMAT_AIFF:
        case SF_FORMAT_CAF:
            break;
        default:
            return std::nullopt;
    }
    const bool is_swapped = sf_command(sound, SFC_RAW_DATA_NEEDS_ENDSWAP, nullptr, 0) == SF_TRUE;
    const bool is_big_endian = is_swapped == (std::endian::native == std::endian::little);
    switch (format & SF_FORMAT_SUBMASK) {
        case SF_FORMAT_PCM_16:
            return PcmFormat{PcmSample::int16, is_big_endian};
        case SF_FORMAT_PCM_24:
            return PcmFormat{PcmSample::int24, is_big_endian};
        case SF_FORMAT_PCM_32:
            return PcmFormat{PcmSample::int32, is_big_endian};
        case SF_FORMAT_FLOAT:
            return PcmFormat{PcmSample::float32, is_big_endian};
        default:
            return std::nullopt;
    }
}

bool is_flac(int format) { return (format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC; }

std::int64_t count_by_decoding(SNDFILE* sound, int channels) {
    constexpr int block_frames = 4096;
    std::vector<float> block(static_cast<std::size_t>(block_frames) * static_cast<std::size_t>(channels));
    std::int64_t count = 0;
    while (true) {
        const sf_count_t got = sf_readf_float(sound, block.data(), block_frames);
        if (got <= 0) return count;
        count += got;
    }
}

/// True when the last frame of a file decodes; the file is at its start afterwards.
bool reaches_its_end(SNDFILE* sound, const SF_INFO& info) {
    std::vector<float> frame(static_cast<std::size_t>(info.channels));
    return sf_seek(sound, info.frames - 1, SEEK_SET) == info.frames - 1 &&
           sf_readf_float(sound, frame.data(), 1) == 1 && sf_seek(sound, 0, SEEK_SET) == 0;
}

}  // namespace

struct SoundFile::Decoder {
    std::filesystem::path path;
    InputFile file;
    Stream stream{file};
    SF_INFO header{};
    OpenFile sound{nullptr, &sf_close};
    AudioInfo info;
    std::int64_t position = 0;

    explicit Decoder(const std::filesystem::path& name) : path(name), file(name) {
        const Opening opening(stream);
        const std::optional<DeclaredLength> declared = read_declared_length(stream.descriptor, file.size());
        const bool is_cut_short = declared && declared->is_cut_short();
        std::string why;
        sound = open_sound(stream, header, why);
        if (!sound && is_cut_short) fail_cut_short(path, *declared);
        if (!sound)
            fail(path, "is not audio that can be read: " + why + " Expected " + readable_formats + ".");
        if (!is_readable_container(header.format)) {
            fail(path, std::string("is in a format that is not read here; expected ") + readable_formats);
        }
        if (is_cut_short) fail_cut_short(path, *declared);
        check_rate();
        if (is_flac(header.format)) check_flac_length();
        if (header.frames <= 0) fail(path, "holds no frames");
        if (static_cast<std::uint64_t>(header.frames) / most_frames_per_byte > file.size()) {
            fail(path, "promises " + std::to_string(header.frames) + " frames, more than its " +
                           std::to_string(file.size()) + " bytes can hold");
        }
        info = {header.channels, header.samplerate, header.frames, is_float(header.format),
                pcm_format_of(sound.get(), header.format)};
        if (info.pcm && declared && declared->bytes_per_frame > 0 &&
            declared->bytes_per_frame != static_cast<std::uint64_t>(info.pcm->bytes() * info.channels)) {
            info.pcm.reset();  // the header contradicts itself, and libsndfile has its own mind about it
        }
    }

    void check_rate() const {
        if (header.samplerate < lowest_rate_hz || header.samplerate > highest_rate_hz) {
            fail(path, "has a sample rate of " + std::to_string(header.samplerate) + " Hz; allowed are " +
                           std::to_string(lowest_rate_hz) + " to " + std::to_string(highest_rate_hz) + " Hz");
        }
    }

    /// FLAC's header promises a number of frames, or leaves it open, whatever the file holds.
    void check_flac_length() {
        const bool is_open = header.frames <= 0 || header.frames == SF_COUNT_MAX;
        if (!is_open && reaches_its_end(sound.get(), header)) return;
        const std::int64_t promised = header.frames;
        open_again();
        const std::int64_t held = count_by_decoding(sound.get(), header.channels);
        if (!is_open) {
            fail(path, "is cut short: its header promises " + std::to_string(promised) +
                           " frames, the file holds " + std::to_string(held));
        }
        open_again();
        header.frames = held;
    }

    void open_again() {
        sound.reset();
        SF_INFO again{};
        std::string why;
        sound = open_sound(stream, again, why);
        if (!sound) fail(path, "cannot be read: " + why);
    }

    /// Reads that many frames: read_frames(sound, wanted) says how many it could.
    template <typename ReadFrames>
    void read(sf_count_t wanted, const ReadFrames& read_frames) {
        const Opening opening(stream);
        const sf_count_t got = read_frames(sound.get(), wanted);
        position += std::max<sf_count_t>(got, 0);
        if (got == wanted) return;
        fail(path, "frame " + std::to_string(position) + " of " + std::to_string(header.frames) +
                       " cannot be read: " + what_failed());
    }

    std::string what_failed() const {
        if (stream.error != 0) return std::strerror(stream.error);
        const int error = sf_error(sound.get());
        return error == SF_ERR_NO_ERROR ? "the data end there" : sf_error_number(error);
    }
};

SoundFile::SoundFile(const std::filesystem::path& file) : decoder_(std::make_unique<Decoder>(file)) {}
SoundFile::~SoundFile() = default;
SoundFile::SoundFile(SoundFile&&) noexcept = default;
SoundFile& SoundFile::operator=(SoundFile&&) noexcept = default;

const std::filesystem::path& SoundFile::path() const { return decoder_->path; }
const AudioInfo& SoundFile::info() const { return decoder_->info; }

float SoundFile::full_scale() const {
    const int bits = pcm_bits(decoder_->header.format);
    return bits == 0 ? 1.0F : static_cast<float>(1.0 - std::ldexp(1.0, 1 - bits));
}

bool SoundFile::seeks_exactly() const {
    const int encoding = decoder_->header.format & SF_FORMAT_SUBMASK;
    const bool is_linear =
        pcm_bits(decoder_->header.format) > 0 || encoding == SF_FORMAT_FLOAT || encoding == SF_FORMAT_DOUBLE;
    return is_linear && decoder_->header.seekable != 0;
}

void SoundFile::read(std::span<float> interleaved) {
    const auto wanted = static_cast<sf_count_t>(interleaved.size()) / decoder_->header.channels;
    decoder_->read(wanted, [&](SNDFILE* sound, sf_count_t count) {
        return sf_readf_float(sound, interleaved.data(), count);
    });
}

void SoundFile::read(std::span<double> interleaved) {
    const auto wanted = static_cast<sf_count_t>(interleaved.size()) / decoder_->header.channels;
    decoder_->read(wanted, [&](SNDFILE* sound, sf_count_t count) {
        return sf_readf_double(sound, interleaved.data(), count);
    });
}

void SoundFile::read(std::span<std::byte> interleaved) {
    TUTTI_CHECK(decoder_->info.pcm.has_value());
    const sf_count_t frame_bytes = sf_count_t{1} * decoder_->info.pcm->bytes() * decoder_->header.channels;
    const sf_count_t wanted = static_cast<sf_count_t>(interleaved.size()) / frame_bytes;
    decoder_->read(wanted, [&](SNDFILE* sound, sf_count_t count) {
        return sf_read_raw(sound, interleaved.data(), count * frame_bytes) / frame_bytes;
    });
}

void SoundFile::seek(std::int64_t frame) {
    const Opening opening(decoder_->stream);
    if (sf_seek(decoder_->sound.get(), frame, SEEK_SET) != frame) {
        fail(decoder_->path, "frame " + std::to_string(frame) + " of " +
                                 std::to_string(decoder_->header.frames) +
                                 " cannot be reached: " + sf_strerror(decoder_->sound.get()));
    }
    decoder_->position = frame;
}

}  // namespace tutti
