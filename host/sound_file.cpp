#include "host/sound_file.hpp"

#include <fcntl.h>
#include <sndfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "host/declared_length.hpp"
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

/// Closes itself.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }

  private:
    int number_;
};

/// Opens for reading; a FIFO must not make us wait for its writer.
int open_for_reading(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0) return descriptor;
    if (errno == ENOENT) fail(file, "no such file");
    if (errno == EACCES) fail(file, "no permission to read it");
    fail(file, std::string("cannot be opened: ") + std::strerror(errno));
}

std::uint64_t size_of_regular_file(const std::filesystem::path& file, int descriptor) {
    struct stat status {};
    if (fstat(descriptor, &status) != 0) fail(file, std::string("cannot be read: ") + std::strerror(errno));
    if (S_ISDIR(status.st_mode)) fail(file, "is a folder; expected an audio file");
    if (!S_ISREG(status.st_mode)) fail(file, "is no regular file; expected an audio file");
    if (status.st_size == 0) fail(file, "is empty (0 bytes)");
    return static_cast<std::uint64_t>(status.st_size);
}

[[noreturn]] void fail_cut_short(const std::filesystem::path& file, const DeclaredLength& length) {
    const bool in_frames = length.bytes_per_frame > 0;
    const std::uint64_t unit = in_frames ? length.bytes_per_frame : 1;
    fail(file, "is cut short: its header promises " + std::to_string(length.promised_bytes / unit) +
                   (in_frames ? " frames" : " bytes of samples") + ", the file holds " +
                   std::to_string(length.held_bytes / unit));
}

using OpenFile = std::unique_ptr<SNDFILE, decltype(&sf_close)>;

/// Opens with libsndfile. Takes a duplicate, so that `descriptor` stays open whatever happens. Null and `why`
/// when it is not audio that libsndfile reads.
OpenFile open_sound(const std::filesystem::path& file, int descriptor, SF_INFO& info, std::string& why) {
    // Why an opening failed is a global of libsndfile.
    static std::mutex one_opening;
    const std::lock_guard lock(one_opening);
    const int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0) fail(file, std::string("cannot be read: ") + std::strerror(errno));
    lseek(own, 0, SEEK_SET);
    info = {};
    OpenFile sound(sf_open_fd(own, SFM_READ, &info, SF_TRUE), &sf_close);
    if (!sound) why = sf_strerror(nullptr);
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
    SF_INFO header{};
    OpenFile sound{nullptr, &sf_close};
    AudioInfo info;
    std::int64_t position = 0;

    explicit Decoder(const std::filesystem::path& file) : path(file) {
        const Descriptor descriptor(open_for_reading(file));
        const std::uint64_t file_bytes = size_of_regular_file(file, descriptor.number());
        const std::optional<DeclaredLength> declared = read_declared_length(descriptor.number(), file_bytes);
        const bool is_cut_short = declared && declared->is_cut_short();
        std::string why;
        sound = open_sound(file, descriptor.number(), header, why);
        if (!sound && is_cut_short) fail_cut_short(file, *declared);
        if (!sound)
            fail(file, "is not audio that can be read: " + why + " Expected " + readable_formats + ".");
        if (!is_readable_container(header.format)) {
            fail(file, std::string("is in a format that is not read here; expected ") + readable_formats);
        }
        if (is_cut_short) fail_cut_short(file, *declared);
        check_rate();
        if (is_flac(header.format)) check_flac_length(descriptor.number());
        if (header.frames <= 0) fail(file, "holds no frames");
        if (static_cast<std::uint64_t>(header.frames) / most_frames_per_byte > file_bytes) {
            fail(file, "promises " + std::to_string(header.frames) + " frames, more than its " +
                           std::to_string(file_bytes) + " bytes can hold");
        }
        info = {header.channels, header.samplerate, header.frames, is_float(header.format)};
    }

    void check_rate() const {
        if (header.samplerate < lowest_rate_hz || header.samplerate > highest_rate_hz) {
            fail(path, "has a sample rate of " + std::to_string(header.samplerate) + " Hz; allowed are " +
                           std::to_string(lowest_rate_hz) + " to " + std::to_string(highest_rate_hz) + " Hz");
        }
    }

    /// FLAC's header promises a number of frames, or leaves it open, whatever the file holds.
    void check_flac_length(int descriptor) {
        const bool is_open = header.frames <= 0 || header.frames == SF_COUNT_MAX;
        if (!is_open && reaches_its_end(sound.get(), header)) return;
        const std::int64_t promised = header.frames;
        const std::int64_t held = count_by_decoding(open_again(descriptor).get(), header.channels);
        if (!is_open) {
            fail(path, "is cut short: its header promises " + std::to_string(promised) +
                           " frames, the file holds " + std::to_string(held));
        }
        sound = open_again(descriptor);
        header.frames = held;
    }

    OpenFile open_again(int descriptor) const {
        SF_INFO again{};
        std::string why;
        OpenFile reopened = open_sound(path, descriptor, again, why);
        if (!reopened) fail(path, "cannot be read: " + why);
        return reopened;
    }

    template <typename Sample>
    void read(std::span<Sample> interleaved, sf_count_t (*read_frames)(SNDFILE*, Sample*, sf_count_t)) {
        const auto wanted = static_cast<sf_count_t>(interleaved.size()) / header.channels;
        const sf_count_t got = read_frames(sound.get(), interleaved.data(), wanted);
        position += std::max<sf_count_t>(got, 0);
        if (got == wanted) return;
        const int error = sf_error(sound.get());
        fail(path, "frame " + std::to_string(position) + " of " + std::to_string(header.frames) +
                       " cannot be read: " +
                       (error == SF_ERR_NO_ERROR ? "the data end there" : sf_error_number(error)));
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

void SoundFile::read(std::span<float> interleaved) { decoder_->read(interleaved, &sf_readf_float); }
void SoundFile::read(std::span<double> interleaved) { decoder_->read(interleaved, &sf_readf_double); }

void SoundFile::seek(std::int64_t frame) {
    if (sf_seek(decoder_->sound.get(), frame, SEEK_SET) != frame) {
        fail(decoder_->path, "frame " + std::to_string(frame) + " of " +
                                 std::to_string(decoder_->header.frames) +
                                 " cannot be reached: " + sf_strerror(decoder_->sound.get()));
    }
    decoder_->position = frame;
}

}  // namespace tutti
