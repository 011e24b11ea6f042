#include <catch2/catch.hpp>

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <limits>

#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "tests/audio_files.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

std::atomic<bool> fsync_fails{false};

}  // namespace

// Stands in front of the C library's, so that a disk can fail at the last moment.
extern "C" int fsync(int descriptor) {
    if (!fsync_fails) return static_cast<int>(syscall(SYS_fsync, descriptor));
    errno = ENOSPC;
    return -1;
}

namespace {

std::vector<float> planes_of(const Channels& channels) {
    std::vector<float> planes;
    for (const auto& channel : channels) planes.insert(planes.end(), channel.begin(), channel.end());
    return planes;
}

/// Writes all, in calls of `step` frames; returns the overs.
std::int64_t write_file(const std::filesystem::path& file, const AudioFormat& format,
                        const Channels& channels, int step = 1 << 20) {
    const auto frames = static_cast<int>(channels.front().size());
    const std::vector<float> planes = planes_of(channels);
    AudioWriter writer(file, format, frames);
    for (int start = 0; start < frames; start += step) {
        writer.write(std::span(planes).subspan(static_cast<std::size_t>(start)),
                     std::min(step, frames - start), frames);
    }
    writer.commit();
    return writer.over_count();
}

std::string error_of(const std::filesystem::path& file, const AudioFormat& format = {}) {
    return message_of<InputError>([&] { write_file(file, format, {{0.1}, {0.2}}); });
}

/// A file system of 1 MiB in a folder, where this process may mount one.
class SmallDisk {
  public:
    explicit SmallDisk(const std::filesystem::path& folder, unsigned long flags = 0)
        : folder_(folder), is_mounted_(mount("none", folder.c_str(), "tmpfs", flags, "size=1m") == 0) {}
    ~SmallDisk() {
        if (is_mounted_) umount2(folder_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    bool is_mounted() const { return is_mounted_; }

  private:
    std::filesystem::path folder_;
    bool is_mounted_;
};

const Channels two_channels{noise(20001, 0.9, 1), noise(20001, 0.9, 2)};

}  // namespace

TEST_CASE("32-bit float files hold the samples as they are") {
    const TempFolder folder;
    const Channels wanted{{0.1F, 1.5F, -3.0F, 1e-30F}, {-0.0F, 0.25F, 1e10F, -1.0F}};
    CHECK(write_file(folder / "mix.wav", {.sample = SampleFormat::float32}, wanted) == 0);
    SF_INFO info{};
    CHECK(read_audio(folder / "mix.wav", &info) == wanted);
    CHECK(info.format == (SF_FORMAT_WAV | SF_FORMAT_FLOAT));
    CHECK(info.samplerate == 48000);
}

TEST_CASE("Integer files hold the samples within 1.5 LSB: one of dither, half of rounding") {
    const TempFolder folder;
    const FileFormat container = GENERATE(FileFormat::wav, FileFormat::flac);
    const SampleFormat sample = GENERATE(SampleFormat::int16, SampleFormat::int24);
    write_file(folder / "mix", {container, sample, 2, 44100}, two_channels);
    SF_INFO info{};
    const Channels found = read_audio(folder / "mix", &info);
    CHECK(info.format == ((container == FileFormat::wav ? SF_FORMAT_WAV : SF_FORMAT_FLAC) |
                          (sample == SampleFormat::int16 ? SF_FORMAT_PCM_16 : SF_FORMAT_PCM_24)));
    CHECK(info.samplerate == 44100);
    const double lsb = std::ldexp(1.0, sample == SampleFormat::int16 ? -15 : -23);
    for (std::size_t c = 0; c < 2; ++c) {
        REQUIRE(found[c].size() == two_channels[c].size());
        double greatest = 0.0;
        for (std::size_t i = 0; i < found[c].size(); ++i) {
            greatest = std::max(greatest, std::abs(found[c][i] - static_cast<float>(two_channels[c][i])));
        }
        CHECK(greatest <= 1.5 * lsb);
    }
}

TEST_CASE("TPDF dither makes mean and variance of the error independent of the signal") {
    const TempFolder folder;
    const double offset_lsb = GENERATE(0.0, 0.25, 0.5, 123.3);
    constexpr std::size_t frames = 200000;
    const double lsb = std::ldexp(1.0, -15);
    const float level = static_cast<float>(offset_lsb * lsb);
    write_file(folder / "mix.wav", {.sample = SampleFormat::int16},
               Channels(2, std::vector<double>(frames, level)));
    const Channels found = read_audio(folder / "mix.wav");
    double between = 0.0;
    for (const auto& channel : found) {
        double mean = 0.0;
        double square = 0.0;
        double neighbours = 0.0;
        for (std::size_t i = 0; i < frames; ++i) {
            const double error = (channel[i] - level) / lsb;
            mean += error;
            square += error * error;
            if (i > 0) neighbours += error * (channel[i - 1] - level) / lsb;
        }
        CAPTURE(offset_lsb);
        // The error's variance is 1/6 (TPDF) + 1/12 (rounding) = 1/4 LSB^2. The bounds are five standard
        // deviations of each estimate: 0.5 / sqrt(n) for the mean; for mean square and products below 0.5 /
        // sqrt(n) as well.
        const double bound = 5.0 * 0.5 / std::sqrt(static_cast<double>(frames));
        CHECK(std::abs(mean / frames) < bound);
        CHECK(square / frames == Approx(0.25).margin(bound));
        CHECK(std::abs(neighbours / frames) < bound);
    }
    for (std::size_t i = 0; i < frames; ++i)
        between += (found[0][i] - level) * (found[1][i] - level) / (lsb * lsb);
    CHECK(std::abs(between / frames) < 5.0 * 0.5 / std::sqrt(static_cast<double>(frames)));
}

TEST_CASE("Samples beyond full scale are clipped and counted in integer files, and the peak is told") {
    const TempFolder folder;
    const Channels loud{{0.5, 1.5, -1.5, 0.0}, {0.0, 0.0, 2.0, -0.9}};
    AudioWriter writer(folder / "mix.wav", {}, 4);
    writer.write(planes_of(loud), 4, 4);
    writer.commit();
    CHECK(writer.over_count() == 3);
    CHECK(writer.peak() == 2.0F);
    const Channels found = read_audio(folder / "mix.wav");
    CHECK(found[0][1] == 1.0 - std::ldexp(1.0, -23));
    CHECK(found[0][2] == -1.0);
    CHECK(found[1][2] == 1.0 - std::ldexp(1.0, -23));
}

TEST_CASE("The same samples become the same bytes, in calls of any length") {
    const TempFolder folder;
    const FileFormat container = GENERATE(FileFormat::wav, FileFormat::flac);
    const SampleFormat sample = GENERATE(SampleFormat::int16, SampleFormat::int24, SampleFormat::float32);
    if (container == FileFormat::flac && sample == SampleFormat::float32) return;
    write_file(folder / "a", {container, sample}, two_channels);
    write_file(folder / "b", {container, sample}, two_channels, 333);
    CHECK(read_bytes(folder / "a") == read_bytes(folder / "b"));
    CHECK(read_bytes(folder / "a").find("PEAK") == std::string::npos);
}

TEST_CASE("A mix is RF64 from the first frame that a WAV cannot address") {
    const AudioFormat stereo24{};
    const std::int64_t four_gib = std::int64_t{1} << 32;
    CHECK_FALSE(needs_rf64(stereo24, 0));
    CHECK_FALSE(needs_rf64(stereo24, (four_gib - 2000) / 6));
    CHECK(needs_rf64(stereo24, four_gib / 6 + 1));
    CHECK(needs_rf64(stereo24, (four_gib - 40) / 6));  // the header counts too
    CHECK_FALSE(needs_rf64({.file = FileFormat::flac}, four_gib));
    CHECK(needs_rf64({.sample = SampleFormat::float32}, four_gib / 8));
    CHECK_FALSE(needs_rf64({.sample = SampleFormat::int16}, four_gib / 8));
}

TEST_CASE("A writer that is told of a length beyond 4 GiB begins an RF64 file") {
    const TempFolder folder;
    AudioWriter writer(folder / "mix.wav", {}, std::int64_t{1} << 32);
    writer.write(std::vector<float>(2 << 18, 0.0F), 1 << 18, 1 << 18);
    // The file has no name yet: it is found among what this process has open.
    std::string begins;
    for (const auto& open_file : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(open_file.path(), gone);
        if (target.string().starts_with(folder.path().string()))
            begins = read_bytes(open_file.path()).substr(0, 4);
    }
    CHECK(begins == "RF64");
}

TEST_CASE("A file appears under its name only when it is complete") {
    const TempFolder folder;
    write_bytes(folder / "mix.wav", "old");
    {
        AudioWriter writer(folder / "mix.wav", {}, 20001);
        writer.write(planes_of(two_channels), 20001, 20001);
        CHECK(read_bytes(folder / "mix.wav") == "old");
        writer.finish();
        CHECK(read_bytes(folder / "mix.wav") == "old");
        writer.commit();
        CHECK(read_bytes(folder / "mix.wav").substr(0, 4) == "RIFF");
    }
    {
        AudioWriter given_up(folder / "finished.wav", {}, 20001);
        given_up.write(planes_of(two_channels), 20001, 20001);
        given_up.finish();
    }
    { AudioWriter given_up(folder / "mix.wav", {}, 20001); }
    { AudioWriter given_up(folder / "other.wav", {}, 20001); }
    CHECK(read_bytes(folder / "mix.wav").substr(0, 4) == "RIFF");
    CHECK(folder.names() == std::vector<std::string>{"mix.wav"});
}

TEST_CASE("A process killed while it writes leaves what was there before") {
    const TempFolder folder;
    write_bytes(folder / "mix.wav", "old");
    const pid_t child = fork();
    if (child == 0) {
        AudioWriter writer(folder / "mix.wav", {}, 1 << 20);
        const std::vector<float> planes(2 * 65536, 0.1F);
        for (int i = 0; i < 10; ++i) writer.write(planes, 65536, 65536);
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    CHECK(read_bytes(folder / "mix.wav") == "old");
    CHECK(folder.names() == std::vector<std::string>{"mix.wav"});
}

TEST_CASE("A link is followed: the file it leads to is replaced") {
    const TempFolder folder;
    write_bytes(folder / "real.wav", "old");
    std::filesystem::create_symlink("real.wav", folder / "link.wav");
    write_file(folder / "link.wav", {}, two_channels);
    CHECK(std::filesystem::is_symlink(folder / "link.wav"));
    CHECK(read_bytes(folder / "real.wav").substr(0, 4) == "RIFF");
}

TEST_CASE("A place that cannot be written to is refused before the first sample, by name") {
    const TempFolder folder;
    write_bytes(folder / "file", "text");
    std::filesystem::create_directory(folder / "mix.wav");
    mkfifo((folder / "fifo").c_str(), 0600);
    const auto refused = [&](const std::filesystem::path& file, const std::string& why) {
        const std::string error = message_of<InputError>([&] { AudioWriter writer(file, {}, 1000); });
        CHECK_THAT(error, Contains(file.string() + ": "));
        CHECK_THAT(error, Contains(why));
    };
    refused(folder / "missing/mix.wav", "there is no folder " + (folder / "missing").string());
    refused(folder / "file/mix.wav", (folder / "file").string() + " is no folder");
    refused(folder / "mix.wav", "is a folder");
    refused((folder / "mix.wav").string() + "/", "is a folder's name");
    refused("/proc/mix.wav", "no file can be made in /proc");
    refused(folder / std::string(300, 'x'), "File name too long");
    refused(folder / "fifo", "no regular file");
    CHECK(folder.names().size() == 3);
}

TEST_CASE("A read-only file system is refused by name") {
    const TempFolder folder;
    const SmallDisk disk(folder.path(), MS_RDONLY);
    if (!disk.is_mounted()) return;  // the case above has a folder that nobody can write in
    CHECK_THAT(error_of(folder / "mix.wav"),
               Contains("mix.wav: cannot be written") && Contains("Read-only file system"));
}

TEST_CASE("FLAC refuses float and what it cannot hold") {
    const TempFolder folder;
    CHECK_THAT(error_of(folder / "mix.flac", {FileFormat::flac, SampleFormat::float32}),
               Contains("FLAC holds integers"));
    CHECK_THAT(message_of<InputError>([&] {
                   AudioWriter(folder / "m.flac", {FileFormat::flac, SampleFormat::int16, 9}, 1);
               }),
               Contains("m.flac: cannot hold 9 channels"));
    CHECK(folder.names().empty());
}

TEST_CASE("A full disk is an error with the file's name and leaves nothing, for every format") {
    const TempFolder folder;
    const SmallDisk disk(folder.path());
    const FileFormat container = GENERATE(FileFormat::wav, FileFormat::flac);
    // 1.2 MB of noise fills the disk while writing; 4 MiB of buffers never hide it.
    const Channels noisy{noise(200000, 0.9, 1), noise(200000, 0.9, 2)};
    const AudioFormat format{container, SampleFormat::int24};
    if (disk.is_mounted()) {
        CHECK_THAT(message_of<InputError>([&] { write_file(folder / "mix", format, noisy); }),
                   Contains("mix: cannot be written: No space left on device"));
        CHECK(folder.names().empty());
        // Little enough to wait in the buffers until commit().
        write_bytes(folder / "filler", std::string(1040000, 'x'));
        CHECK_THAT(message_of<InputError>([&] { write_file(folder / "mix", format, two_channels); }),
                   Contains("mix: cannot be written: No space left on device"));
        CHECK(folder.names() == std::vector<std::string>{"filler"});
    }
    CHECK_THAT(message_of<InputError>([&] { write_file("/dev/full", format, noisy); }),
               Contains("/dev/full: cannot be written: No space left on device"));
    CHECK_THAT(message_of<InputError>([&] { write_file("/dev/full", format, two_channels); }),
               Contains("/dev/full: cannot be written: No space left on device"));
    CHECK(write_file("/dev/null", format, two_channels) == 0);
    CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE(
    "A disk that fails at the very last, when the file is flushed to it, leaves what was there before") {
    const TempFolder folder;
    write_bytes(folder / "mix.wav", "old");
    fsync_fails = true;
    const std::string error = error_of(folder / "mix.wav");
    const std::string text_error =
        message_of<InputError>([&] { write_text_file(folder / "report.json", "{}"); });
    fsync_fails = false;
    CHECK_THAT(error, Contains("mix.wav: cannot be written to the disk: No space left on device"));
    CHECK_THAT(text_error, Contains("report.json: cannot be written to the disk: No space left on device"));
    CHECK(read_bytes(folder / "mix.wav") == "old");
    CHECK(folder.names() == std::vector<std::string>{"mix.wav"});
}

TEST_CASE("A result that is not finite is an error with frame and channel") {
    const TempFolder folder;
    Channels samples = two_channels;
    samples[1][12345] = std::numeric_limits<double>::infinity();
    CHECK_THAT(message_of<InputError>([&] { write_file(folder / "mix.wav", {}, samples); }),
               Contains("mix.wav: frame 12345, channel 2 of the result is not finite"));
    CHECK(folder.names().empty());
}

TEST_CASE("A text file is complete or not there") {
    const TempFolder folder;
    const std::string text(1 << 20, 'x');
    write_text_file(folder / "report.json", text);
    CHECK(read_bytes(folder / "report.json") == text);
    write_text_file(folder / "report.json", "");
    CHECK(read_bytes(folder / "report.json").empty());
    CHECK_THAT(message_of<InputError>([&] { write_text_file("/dev/full", text); }),
               Contains("/dev/full: cannot be written"));
    CHECK_THAT(message_of<InputError>([&] { write_text_file(folder / "no/report.json", text); }),
               Contains("there is no folder"));
    CHECK(folder.names() == std::vector<std::string>{"report.json"});
}
