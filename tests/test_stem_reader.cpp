#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

#include "host/stem_reader.hpp"
#include "tests/audio_files.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

constexpr int wav24 = SF_FORMAT_WAV | SF_FORMAT_PCM_24;
constexpr int wav_float = SF_FORMAT_WAV | SF_FORMAT_FLOAT;

std::string error_of(const std::filesystem::path& file, const StemOptions& options = {}) {
    return message_of<InputError>([&] {
        StemReader reader(file, options);
        std::vector<float> planes(static_cast<std::size_t>(reader.frame_count() * reader.channels()));
        reader.read(planes, static_cast<int>(reader.frame_count()));
    });
}

/// All of a stem, [channel][frame], in calls of `step` frames.
std::vector<std::vector<float>> read_all(StemReader& reader, int step) {
    const auto channels = static_cast<std::size_t>(reader.channels());
    const auto frames = static_cast<std::size_t>(reader.frame_count());
    std::vector<std::vector<float>> all(channels, std::vector<float>(frames));
    std::vector<float> planes(channels * static_cast<std::size_t>(step));
    for (std::size_t start = 0; start < frames; start += static_cast<std::size_t>(step)) {
        reader.read(planes, step);
        const std::size_t count = std::min(static_cast<std::size_t>(step), frames - start);
        for (std::size_t c = 0; c < channels; ++c) {
            std::copy_n(planes.begin() + static_cast<std::ptrdiff_t>(c) * step, count,
                        all[c].begin() + static_cast<std::ptrdiff_t>(start));
        }
    }
    return all;
}

std::vector<double> sine(double freq_hz, int sample_rate_hz, std::size_t frames) {
    std::vector<double> samples(frames);
    for (std::size_t i = 0; i < frames; ++i) {
        samples[i] =
            0.5 * std::sin(2.0 * std::numbers::pi * freq_hz * static_cast<double>(i) / sample_rate_hz);
    }
    return samples;
}

}  // namespace

TEST_CASE("A stem's samples come out as they are in the file, in calls of any length, zeros after the end") {
    const TempFolder folder;
    const Channels wanted{noise(40001, 0.9, 1), noise(40001, 0.9, 2)};
    const int format = GENERATE(SF_FORMAT_WAV | SF_FORMAT_DOUBLE, SF_FORMAT_WAV | SF_FORMAT_PCM_24,
                                SF_FORMAT_FLAC | SF_FORMAT_PCM_24, SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
                                SF_FORMAT_RF64 | SF_FORMAT_FLOAT, SF_FORMAT_W64 | SF_FORMAT_PCM_32,
                                SF_FORMAT_CAF | SF_FORMAT_PCM_24, SF_FORMAT_AU | SF_FORMAT_PCM_16);
    const int channel_count = GENERATE(1, 2);
    const Channels used(wanted.begin(), wanted.begin() + channel_count);
    write_audio(folder / "stem", used, 48000, format);
    const Channels held = read_audio(folder / "stem");
    const int step = GENERATE(1000, 16384, 65536);
    StemReader reader(folder / "stem", {});
    CAPTURE(format, channel_count, step);
    REQUIRE(reader.channels() == channel_count);
    REQUIRE(reader.frame_count() == 40001);
    const auto found = read_all(reader, step);
    for (std::size_t c = 0; c < found.size(); ++c) {
        for (std::size_t i = 0; i < found[c].size(); ++i) {
            if (found[c][i] != static_cast<float>(held[c][i])) FAIL_CHECK("channel " << c << ", frame " << i);
        }
    }
    std::vector<float> after(static_cast<std::size_t>(channel_count) * 100, 1.0F);
    reader.read(after, 100);
    CHECK(std::all_of(after.begin(), after.end(), [](float x) { return x == 0.0F; }));
}

TEST_CASE("A file that is no stem is refused in one line that says what and where") {
    const TempFolder folder;
    const auto refused = [&](const std::string& name, const std::string& why) {
        const std::string error = error_of(folder / name);
        CHECK_THAT(error, Contains((folder / name).string() + ": "));
        CHECK_THAT(error, Contains(why));
        CHECK(error.find('\n') == std::string::npos);
    };
    refused("missing.wav", "no such file");
    refused("", "is a folder");
    CHECK_THAT(error_of(folder / "two\nlines.wav"), Contains("two\\nlines.wav: no such file"));
    write_bytes(folder / "empty.wav", "");
    refused("empty.wav", "is empty (0 bytes)");
    write_bytes(folder / "text.wav", "Dear engineer, the stems come tomorrow.\nRegards\n");
    refused("text.wav", "is not audio");
    mkfifo((folder / "fifo.wav").c_str(), 0600);
    refused("fifo.wav", "is no regular file");
    write_audio(folder / "none.wav", {{}}, 48000, wav24);
    refused("none.wav", "holds no frames");
    write_audio(folder / "wide.wav", Channels(200, std::vector<double>(10, 0.1)), 48000, wav24);
    refused("wide.wav", "has 200 channels; a stem is mono or stereo");
    write_audio(folder / "slow.wav", {{0.1, 0.2}}, 100, wav24);
    refused("slow.wav", "sample rate of 100 Hz; allowed are 4000 to 768000 Hz");
    write_audio(folder / "old.voc", {{0.1, 0.2}}, 48000, SF_FORMAT_VOC | SF_FORMAT_PCM_16);
    refused("old.voc", "format that is not read here");
}

TEST_CASE("A file that may not be read is refused by name") {
    const TempFolder folder;
    write_audio(folder / "secret.wav", {{0.1}}, 48000, wav24);
    chmod((folder / "secret.wav").c_str(), 0);
    chmod(folder.path().c_str(), 0755);
    // Root may read everything, so it becomes nobody for a moment.
    constexpr uid_t nobody = 65534;
    const uid_t before = geteuid();
    if (before == 0) REQUIRE(seteuid(nobody) == 0);
    const std::string error = error_of(folder / "secret.wav");
    REQUIRE(seteuid(before) == 0);
    CHECK_THAT(error, Contains("secret.wav: no permission to read it"));
}

TEST_CASE("A file cut short says how many frames its header promises and how many it holds") {
    const TempFolder folder;
    struct Case {
        int format;
        const char* name;
    };
    const Case uncompressed = GENERATE(
        Case{SF_FORMAT_WAV | SF_FORMAT_PCM_24, "WAV"}, Case{SF_FORMAT_RF64 | SF_FORMAT_PCM_24, "RF64"},
        Case{SF_FORMAT_W64 | SF_FORMAT_PCM_24, "W64"}, Case{SF_FORMAT_AIFF | SF_FORMAT_PCM_24, "AIFF"},
        Case{SF_FORMAT_CAF | SF_FORMAT_PCM_24, "CAF"});
    CAPTURE(uncompressed.name);
    write_audio(folder / "stem", {noise(5000, 0.5, 1), noise(5000, 0.5, 2)}, 48000, uncompressed.format);
    REQUIRE(error_of(folder / "stem").empty());
    const std::string whole = read_bytes(folder / "stem");
    write_bytes(folder / "stem", whole.substr(0, whole.size() - 6 * 1000));
    const std::string error = error_of(folder / "stem");
    CHECK_THAT(error, Contains("is cut short: its header promises 5000 frames, the file holds 4000"));
    CHECK_THAT(message_of<InputError>([&] { read_audio_info(folder / "stem"); }), Contains("is cut short"));
}

TEST_CASE(
    "A FLAC cut short says how many frames it promises and holds; one that leaves its length open is "
    "counted") {
    const TempFolder folder;
    write_audio(folder / "stem", {noise(30000, 0.5, 1)}, 48000, SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
    std::string bytes = read_bytes(folder / "stem");
    write_bytes(folder / "short", bytes.substr(0, bytes.size() / 2));
    CHECK_THAT(error_of(folder / "short"),
               Contains("is cut short: its header promises 30000 frames, the file holds "));

    // STREAMINFO's 36 bits of total samples: the low half of byte 21 and bytes 22 to 25 of the file; 0 means
    // unknown.
    bytes[21] = static_cast<char>(static_cast<unsigned char>(bytes[21]) & 0xF0U);
    std::fill_n(bytes.begin() + 22, 4, '\0');
    write_bytes(folder / "open", bytes);
    CHECK(read_audio_info(folder / "open").frame_count == 30000);
    CHECK(error_of(folder / "open").empty());
}

TEST_CASE("A WAV written into a pipe, whose header leaves its length open, is read to its end") {
    const TempFolder folder;
    write_audio(folder / "stem", {noise(5000, 0.5, 1)}, 48000, wav24);
    std::string bytes = read_bytes(folder / "stem");
    const std::size_t data = bytes.find("data");
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(data) + 4, 4, '\xFF');
    write_bytes(folder / "stem", bytes);
    CHECK(read_audio_info(folder / "stem").frame_count == 5000);
    CHECK(error_of(folder / "stem").empty());
}

TEST_CASE("NaN and infinity are errors with file, frame and channel, or become zeros that are counted") {
    const TempFolder folder;
    Channels samples{noise(20000, 0.5, 1), noise(20000, 0.5, 2)};
    samples[1][17000] = std::numeric_limits<double>::quiet_NaN();
    samples[1][17001] = -std::numeric_limits<double>::infinity();
    write_audio(folder / "stem.wav", samples, 48000, wav_float);
    const std::string error = error_of(folder / "stem.wav");
    CHECK_THAT(error, Contains("stem.wav: frame 17000, channel 2 is not a number"));
    CHECK_THAT(error, Contains("hint: --repair-nonfinite"));

    StemReader repairing(folder / "stem.wav", {.repair_nonfinite = true});
    const auto found = read_all(repairing, 4096);
    CHECK(repairing.findings().nonfinite_count == 2);
    CHECK(found[1][17000] == 0.0F);
    CHECK(found[1][17001] == 0.0F);
    CHECK(found[1][17002] == static_cast<float>(samples[1][17002]));
    CHECK_THAT(message_of<InputError>([&] { read_whole(folder / "stem.wav", 48000, 2); }),
               Contains("frame 17000"));
}

TEST_CASE(
    "Runs of three or more samples at full scale are counted as clipped, wherever calls begin and end") {
    const TempFolder folder;
    const int format = GENERATE(SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_PCM_24,
                                SF_FORMAT_WAV | SF_FORMAT_FLOAT);
    std::vector<double> samples(1000, 0.25);
    const auto fill = [&](std::size_t start, std::size_t count, double value) {
        std::fill_n(samples.begin() + static_cast<std::ptrdiff_t>(start), count, value);
    };
    fill(100, 3, 1.0);   // counts
    fill(200, 2, 1.0);   // too short
    fill(300, 9, -1.0);  // counts once
    fill(400, 2, 1.0);   // two and two of the other sign: no run
    fill(402, 2, -1.0);
    fill(997, 3, 1.0);  // counts, at the very end
    write_audio(folder / "stem.wav", {samples}, 48000, format);
    for (const int step : {1, 101, 1000}) {
        CAPTURE(format, step);
        StemReader reader(folder / "stem.wav", {});
        read_all(reader, step);
        CHECK(reader.findings().clipped_count == 3);
        CHECK(reader.findings().peak == 1.0F);
    }
}

TEST_CASE("skip_to() gives the samples that reading on would give") {
    const TempFolder folder;
    const int format = GENERATE(SF_FORMAT_WAV | SF_FORMAT_PCM_24, SF_FORMAT_FLAC | SF_FORMAT_PCM_24,
                                SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM);
    const int rate_hz = GENERATE(48000, 44100);
    write_audio(folder / "stem", {noise(50000, 0.5, 1), noise(50000, 0.5, 2)}, rate_hz, format);
    StemReader through(folder / "stem", {});
    const auto all = read_all(through, 4000);
    StemReader reader(folder / "stem", {});
    std::vector<float> planes(200);
    for (const std::int64_t frame : {std::int64_t{777}, std::int64_t{877}, std::int64_t{33333},
                                     reader.frame_count() - 100, reader.frame_count() + 5}) {
        reader.skip_to(frame);
        reader.read(planes, 100);
        for (std::size_t c = 0; c < 2; ++c) {
            for (std::size_t i = 0; i < 100; ++i) {
                const auto at = static_cast<std::size_t>(frame) + i;
                const float wanted = at < all[c].size() ? all[c][at] : 0.0F;
                if (planes[c * 100 + i] != wanted) {
                    FAIL_CHECK("format " << format << ", rate " << rate_hz << ", channel " << c << ", frame "
                                         << at);
                }
            }
        }
    }
}

TEST_CASE("A stem at another rate has round(frames * out / in) frames") {
    const TempFolder folder;
    struct Case {
        int from_hz;
        int to_hz;
        std::size_t frames;
        std::int64_t wanted;
    };
    const Case each = GENERATE(Case{44100, 48000, 44100, 48000}, Case{44100, 48000, 100, 109},
                               Case{48000, 44100, 48001, 44101}, Case{96000, 48000, 999, 500},
                               Case{44056, 48000, 30001, 32687}, Case{48000, 8000, 1, 1});
    write_audio(folder / "stem.wav", {noise(each.frames, 0.5, 1)}, each.from_hz, wav24);
    StemReader reader(folder / "stem.wav", {.sample_rate_hz = each.to_hz});
    CAPTURE(each.from_hz, each.to_hz, each.frames);
    CHECK(reader.frame_count() == each.wanted);
    CHECK(read_whole(folder / "stem.wav", each.to_hz, 1)[0].size() == static_cast<std::size_t>(each.wanted));
}

TEST_CASE("An impulse stays at its time when the rate changes") {
    const TempFolder folder;
    std::vector<double> impulse(20000, 0.0);
    impulse[14700] = 1.0;  // one third of a second
    write_audio(folder / "stem.wav", {impulse}, 44100, wav_float);
    StemReader reader(folder / "stem.wav", {.sample_rate_hz = 48000});
    const auto found = read_all(reader, 777)[0];
    const auto peak = std::max_element(found.begin(), found.end());
    CHECK(peak - found.begin() == 16000);
    // Linear phase: the response is as symmetric about its peak as float32 can say.
    for (std::ptrdiff_t i = 1; i < 200; ++i) {
        CAPTURE(i);
        CHECK(std::abs(peak[i] - peak[-i]) < 1e-6F);
    }
}

TEST_CASE("A resampled sine is the sine at the new rate, in phase, within -120 dB throughout the pass band") {
    const TempFolder folder;
    const int from_hz = GENERATE(44100, 96000, 32000);
    const double share_of_nyquist = GENERATE(0.001, 0.05, 0.5, 0.9);
    const int to_hz = 48000;
    const double freq_hz = share_of_nyquist * std::min(from_hz, to_hz) / 2.0;
    write_audio(folder / "stem.wav", {sine(freq_hz, from_hz, static_cast<std::size_t>(from_hz))}, from_hz,
                SF_FORMAT_WAV | SF_FORMAT_DOUBLE);
    StemReader reader(folder / "stem.wav", {.sample_rate_hz = to_hz});
    const auto found = read_all(reader, 5000)[0];
    const auto whole = read_whole(folder / "stem.wav", to_hz, 1)[0];
    const auto wanted = sine(freq_hz, to_hz, found.size());
    double error = 0.0;
    double whole_error = 0.0;
    double signal = 0.0;
    // Away from the ends, where the sine is cut off and no longer a sine.
    for (std::size_t i = 5000; i + 5000 < found.size(); ++i) {
        error += std::pow(found[i] - wanted[i], 2);
        whole_error += std::pow(whole[i] - wanted[i], 2);
        signal += wanted[i] * wanted[i];
    }
    CAPTURE(from_hz, freq_hz);
    CHECK(10.0 * std::log10(error / signal) < -120.0);
    CHECK(10.0 * std::log10(whole_error / signal) < -120.0);
}

TEST_CASE("What comes out of a resampled stem does not depend on the lengths of the calls") {
    const TempFolder folder;
    write_audio(folder / "stem.flac", {noise(70000, 0.5, 1), noise(70000, 0.5, 2)}, 44100,
                SF_FORMAT_FLAC | SF_FORMAT_PCM_24);
    StemReader small(folder / "stem.flac", {});
    StemReader large(folder / "stem.flac", {});
    CHECK(read_all(small, 331) == read_all(large, 65536));
}

TEST_CASE("read_whole() gives all channels in double and refuses more than asked for") {
    const TempFolder folder;
    const Channels wanted{noise(20000, 0.5, 1), noise(20000, 0.5, 2), noise(20000, 0.5, 3),
                          noise(20000, 0.5, 4)};
    write_audio(folder / "ir.wav", wanted, 48000, SF_FORMAT_WAV | SF_FORMAT_DOUBLE);
    CHECK(read_whole(folder / "ir.wav", 48000, 4) == wanted);
    CHECK_THAT(message_of<InputError>([&] { read_whole(folder / "ir.wav", 48000, 2); }),
               Contains("ir.wav: has 4 channels; at most 2"));
}

TEST_CASE("A sparse stem of more than 4 GiB is read near its end") {
    const TempFolder folder;
    // RF64 (EBU Tech 3306), mono, 16 bits, 2^32 + 1000 bytes of samples, of which only the last 2000 are on
    // the disk.
    const std::uint64_t data_bytes = (std::uint64_t{1} << 32U) + 1000;
    const std::int64_t frames = static_cast<std::int64_t>(data_bytes / 2);
    std::string header;
    const auto put = [&](std::uint64_t value, int width) {
        for (int i = 0; i < width; ++i)
            header.push_back(static_cast<char>(value >> (8U * static_cast<unsigned>(i)) & 0xFFU));
    };
    header += "RF64";
    put(0xFFFFFFFF, 4);
    header += "WAVEds64";
    put(28, 4);
    put(data_bytes + 72, 8);
    put(data_bytes, 8);
    put(data_bytes / 2, 8);
    put(0, 4);
    header += "fmt ";
    put(16, 4);
    put(1, 2);
    put(1, 2);
    put(48000, 4);
    put(96000, 4);
    put(2, 2);
    put(16, 2);
    header += "data";
    put(0xFFFFFFFF, 4);

    const std::filesystem::path file = folder / "long.wav";
    const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT, 0600);
    REQUIRE(write(descriptor, header.data(), header.size()) == static_cast<ssize_t>(header.size()));
    const auto end = static_cast<off_t>(header.size() + data_bytes);
    REQUIRE(ftruncate(descriptor, end) == 0);
    std::vector<std::int16_t> ramp(1000);
    for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<std::int16_t>(i + 1);
    REQUIRE(pwrite(descriptor, ramp.data(), 2000, end - 2000) == 2000);
    close(descriptor);

    StemReader reader(file, {});
    REQUIRE(reader.frame_count() == frames);
    reader.skip_to(frames - 1001);
    std::vector<float> found(1101);
    reader.read(found, 1101);
    CHECK(found[0] == 0.0F);
    for (std::size_t i = 1; i <= 1000; ++i) CHECK(found[i] == static_cast<float>(i) / 32768.0F);
    for (std::size_t i = 1001; i < found.size(); ++i) CHECK(found[i] == 0.0F);

    REQUIRE(truncate(file.c_str(), end - 200) == 0);
    CHECK_THAT(error_of(file), Contains("promises " + std::to_string(frames) + " frames, the file holds " +
                                        std::to_string(frames - 100)));
}
