// Stems whose frames are taken as they stand in the file, held against what decoding gives.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "engine/errors.hpp"
#include "host/sample_check.hpp"
#include "host/stem_reader.hpp"
#include "tests/audio_files.hpp"
#include "tests/pcm_runs.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Contains;

namespace {

struct Held {
    int format;
    PcmFormat pcm;
};

/// What libsndfile writes, and how frames stand in it.
const std::vector<Held>& held_formats() {
    static const std::vector<Held> formats{
        {SF_FORMAT_WAV | SF_FORMAT_PCM_16, {PcmSample::int16, false}},
        {SF_FORMAT_WAV | SF_FORMAT_PCM_24, {PcmSample::int24, false}},
        {SF_FORMAT_WAV | SF_FORMAT_PCM_32, {PcmSample::int32, false}},
        {SF_FORMAT_WAV | SF_FORMAT_FLOAT, {PcmSample::float32, false}},
        {SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, {PcmSample::int16, true}},
        {SF_FORMAT_WAV | SF_FORMAT_PCM_24 | SF_ENDIAN_BIG, {PcmSample::int24, true}},
        {SF_FORMAT_WAV | SF_FORMAT_FLOAT | SF_ENDIAN_BIG, {PcmSample::float32, true}},
        {SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, {PcmSample::int24, false}},
        {SF_FORMAT_RF64 | SF_FORMAT_PCM_24, {PcmSample::int24, false}},
        {SF_FORMAT_RF64 | SF_FORMAT_FLOAT, {PcmSample::float32, false}},
        {SF_FORMAT_W64 | SF_FORMAT_PCM_16, {PcmSample::int16, false}},
        {SF_FORMAT_W64 | SF_FORMAT_PCM_32, {PcmSample::int32, false}},
        {SF_FORMAT_AIFF | SF_FORMAT_PCM_16, {PcmSample::int16, true}},
        {SF_FORMAT_AIFF | SF_FORMAT_PCM_24, {PcmSample::int24, true}},
        {SF_FORMAT_AIFF | SF_FORMAT_PCM_32, {PcmSample::int32, true}},
        {SF_FORMAT_AIFF | SF_FORMAT_FLOAT, {PcmSample::float32, true}},
        {SF_FORMAT_AIFF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE, {PcmSample::int16, false}},
        {SF_FORMAT_CAF | SF_FORMAT_PCM_16, {PcmSample::int16, true}},
        {SF_FORMAT_CAF | SF_FORMAT_PCM_24 | SF_ENDIAN_LITTLE, {PcmSample::int24, false}},
        {SF_FORMAT_CAF | SF_FORMAT_PCM_24 | SF_ENDIAN_BIG, {PcmSample::int24, true}},
        {SF_FORMAT_CAF | SF_FORMAT_FLOAT | SF_ENDIAN_BIG, {PcmSample::float32, true}},
    };
    return formats;
}

std::size_t frame_bytes_of(const StemReader& reader) {
    return static_cast<std::size_t>(reader.pcm_format()->bytes() * reader.channels());
}

/// Whole frames as [channel][frame].
std::vector<float> planes_of(const StemReader& reader, std::span<const std::byte> bytes) {
    const std::size_t frames = bytes.size() / frame_bytes_of(reader);
    std::vector<float> planes(frames * reader.channels());
    for (int c = 0; c < reader.channels(); ++c) {
        read_pcm_channel(*reader.pcm_format(), bytes, reader.channels(), c,
                         std::span(planes).subspan(c * frames, frames));
    }
    return planes;
}

/// The next frames both ways.
void check_same(StemReader& decoding, StemReader& taking, int frames) {
    std::vector<float> expected(static_cast<std::size_t>(frames) * decoding.channels(), -1.0F);
    decoding.read(expected, frames);
    Pcm bytes(frame_bytes_of(taking) * frames, std::byte{0x55});
    taking.read_pcm(bytes);
    CHECK(planes_of(taking, bytes) == expected);
}

/// What reading all of it throws; empty when it throws nothing.
std::string error_of(StemReader& reader, bool decodes, int step) {
    return message_of<InputError>([&] {
        std::vector<float> planes(static_cast<std::size_t>(step) * 2);
        for (std::int64_t frame = 0; frame < reader.frame_count(); frame += step) {
            if (decodes) {
                reader.read(planes, step);
            } else {
                const auto bytes = std::as_writable_bytes(std::span(planes));
                reader.read_pcm(bytes.first(frame_bytes_of(reader) * step));
            }
        }
    });
}

void check_same_findings(const StemReader& decoding, const StemReader& taking) {
    const StemReader::Findings expected = decoding.findings();
    const StemReader::Findings found = taking.findings();
    CHECK(found.clipped_count == expected.clipped_count);
    CHECK(found.nonfinite_count == expected.nonfinite_count);
    CHECK(found.peak >= expected.peak);
    CHECK(found.peak <= expected.peak + 1.0F / 64.0F);
    CHECK((found.peak == 0.0F) == (expected.peak == 0.0F));
}

}  // namespace

TEST_CASE("A stem's own bytes become the samples that decoding gives, in every format that is PCM") {
    const TempFolder folder;
    const int channel_count = GENERATE(1, 2);
    // An odd number of frames, more than a block; the first samples use all their bits.
    Channels wanted{noise(20011, 0.9, 1), noise(20011, 0.9, 2)};
    wanted.resize(channel_count);
    for (const Held& held : held_formats()) {
        CAPTURE(held.format, channel_count);
        write_audio(folder / "stem", wanted, 48000, held.format);
        StemReader decoding(folder / "stem", {});
        StemReader taking(folder / "stem", {});
        REQUIRE(taking.pcm_format() == held.pcm);
        REQUIRE(read_audio_info(folder / "stem").pcm == held.pcm);
        for (const int frames : {1, 3, 777, 16384}) check_same(decoding, taking, frames);
        decoding.skip_to(18001);
        taking.skip_to(18001);
        // The end is inside the first of these.
        check_same(decoding, taking, 3001);
        check_same(decoding, taking, 100);
        check_same_findings(decoding, taking);
    }
}

TEST_CASE("A stem that is coded, of other samples, or at another rate has no bytes to take") {
    const TempFolder folder;
    const Channels wanted{noise(5000, 0.5, 1)};
    for (const int format :
         {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_WAV | SF_FORMAT_ULAW,
          SF_FORMAT_WAV | SF_FORMAT_DOUBLE, SF_FORMAT_WAV | SF_FORMAT_PCM_U8, SF_FORMAT_AU | SF_FORMAT_PCM_16,
          SF_FORMAT_CAF | SF_FORMAT_ALAC_16, SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM}) {
        CAPTURE(format);
        write_audio(folder / "stem", wanted, 48000, format);
        CHECK_FALSE(StemReader(folder / "stem", {}).pcm_format());
    }
    write_audio(folder / "stem", wanted, 44100, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    CHECK_FALSE(StemReader(folder / "stem", {}).pcm_format());
    CHECK(StemReader(folder / "stem", {.sample_rate_hz = 44100}).pcm_format());
}

TEST_CASE("A stem whose header contradicts itself has no bytes to take") {
    const TempFolder folder;
    write_audio(folder / "stem", {noise(5000, 0.5, 1), noise(5000, 0.5, 2)}, 48000,
                SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    CHECK(read_audio_info(folder / "stem").pcm);
    std::string bytes = read_bytes(folder / "stem");
    REQUIRE(bytes[32] == 4);  // bytes of a frame
    bytes[32] = 8;
    write_bytes(folder / "stem", bytes);
    CHECK_FALSE(read_audio_info(folder / "stem").pcm);
}

TEST_CASE("Full scale, silence and what is no number are found in a stem's own bytes as in its samples") {
    const TempFolder folder;
    Channels wanted{noise(40000, 0.5, 1), noise(40000, 0.5, 2)};
    const auto fill = [&](int channel, std::size_t first, std::size_t count, double value) {
        std::fill_n(wanted[channel].begin() + static_cast<std::ptrdiff_t>(first), count, value);
    };
    fill(0, 100, 3, 1.0);
    fill(0, 16382, 4, 1.0);  // across blocks
    fill(1, 500, 2, -1.0);
    fill(1, 16383, 2, -1.0);
    fill(1, 39996, 4, -1.0);
    for (const Held& held : held_formats()) {
        CAPTURE(held.format);
        Channels used = wanted;
        if (held.pcm.sample == PcmSample::float32) {
            used[1][17000] = std::numeric_limits<double>::quiet_NaN();
            used[0][17005] = -std::numeric_limits<double>::infinity();
        }
        write_audio(folder / "stem", used, 48000, held.format);
        for (const int step : {1000, 16384, 65536}) {
            CAPTURE(step);
            StemReader decoding(folder / "stem", {.repair_nonfinite = true});
            StemReader taking(folder / "stem", {.repair_nonfinite = true});
            for (int first = 0; first < 40000; first += step) check_same(decoding, taking, step);
            check_same_findings(decoding, taking);
            CHECK(taking.findings().clipped_count == 3);
            StemReader strict(folder / "stem", {});
            StemReader strict_taking(folder / "stem", {});
            const std::string expected = error_of(strict, true, step);
            CHECK(error_of(strict_taking, false, step) == expected);
            CHECK(expected.empty() == (held.pcm.sample != PcmSample::float32));
        }
        // The smallest number there is, and none at all.
        for (const double least : {std::ldexp(1.0, 1 - 8 * held.pcm.bytes()), 0.0}) {
            Channels quiet{std::vector<double>(3000, 0.0), std::vector<double>(3000, 0.0)};
            quiet[1][2999] = -least;
            write_audio(folder / "quiet", quiet, 48000, held.format);
            StemReader reader(folder / "quiet", {});
            CHECK(error_of(reader, false, 3000).empty());
            CHECK((reader.findings().peak > 0.0F) == (least > 0.0));
        }
    }
}

TEST_CASE("A stem that ends early while its bytes are taken is refused with the words of decoding") {
    const TempFolder folder;
    const int format = GENERATE(SF_FORMAT_WAV | SF_FORMAT_PCM_24, SF_FORMAT_AIFF | SF_FORMAT_PCM_16);
    write_audio(folder / "stem", {noise(30000, 0.5, 1), noise(30000, 0.5, 2)}, 48000, format);
    StemReader decoding(folder / "stem", {});
    StemReader taking(folder / "stem", {});
    // In the middle of a frame.
    const auto bytes = std::filesystem::file_size(folder / "stem");
    std::filesystem::resize_file(folder / "stem", bytes / 2 + 1);
    const std::string expected = error_of(decoding, true, 4096);
    CHECK_THAT(expected, Contains("of 30000 cannot be read"));
    CHECK(error_of(taking, false, 4096) == expected);
}

TEST_CASE("Bytes of PCM show their peak, full scale and silence, wherever the sample is") {
    for (const PcmFormat& format : pcm_formats()) {
        CAPTURE(name_of(format));
        // Whole blocks of the loop that looks, and beginnings of one.
        for (const std::size_t count : {1U, 31U, 32U, 48U, 49U, 100U, 333U}) {
            const auto width = static_cast<std::size_t>(format.bytes());
            for (std::size_t at = 0; at < count; at += 1 + count / 7) {
                Pcm bytes(count * width, std::byte{0});
                CHECK(look_at_pcm(format, bytes).peak == 0.0F);
                const auto upper = at * width + (format.is_big_endian ? 0 : width - 1);
                const auto lower = at * width + (format.is_big_endian ? width - 1 : 0);
                bytes[lower] = std::byte{1};
                CHECK(look_at_pcm(format, bytes).peak > 0.0F);
                CHECK_FALSE(look_at_pcm(format, bytes).is_odd);
                bytes[upper] = std::byte{0x3D};
                CHECK_FALSE(look_at_pcm(format, bytes).is_odd);
                bytes[upper] = std::byte{0x7F};
                CHECK(look_at_pcm(format, bytes).is_odd);
                bytes[upper] = format.sample == PcmSample::float32 ? std::byte{0xFF} : std::byte{0x80};
                CHECK(look_at_pcm(format, bytes).is_odd);
            }
        }
    }
}
