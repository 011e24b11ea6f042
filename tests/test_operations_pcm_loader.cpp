// PCM as files hold it, held against the floats that libsndfile reads.
#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cstring>
#include <limits>

#include "tests/audio_files.hpp"
#include "tests/backends.hpp"
#include "tests/pcm_runs.hpp"
#include "tests/runs.hpp"
#include "tests/vulkan_device.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

int subtype_of(PcmSample sample) {
    switch (sample) {
        case PcmSample::int16:
            return SF_FORMAT_PCM_16;
        case PcmSample::int24:
            return SF_FORMAT_PCM_24;
        case PcmSample::int32:
            return SF_FORMAT_PCM_32;
        default:
            return SF_FORMAT_FLOAT;
    }
}

/// [channel][frame], as sf_read_float() gives them of a file with these bytes.
Signals floats_of_libsndfile(const PcmFormat& format, int channel_count, const Pcm& bytes) {
    const TempFolder folder;
    SF_INFO info{};
    info.channels = channel_count;
    info.samplerate = 48000;
    info.format =
        SF_FORMAT_RAW | subtype_of(format.sample) | (format.is_big_endian ? SF_ENDIAN_BIG : SF_ENDIAN_LITTLE);
    const std::filesystem::path file = folder / "pcm.raw";
    write_bytes(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    SNDFILE* const sound = sf_open(file.c_str(), SFM_READ, &info);
    REQUIRE(sound != nullptr);
    std::vector<float> interleaved(static_cast<std::size_t>(info.frames) * channel_count);
    REQUIRE(sf_readf_float(sound, interleaved.data(), info.frames) == info.frames);
    sf_close(sound);
    Signals planes(channel_count);
    for (std::size_t i = 0; i < interleaved.size(); ++i) planes[i % channel_count].push_back(interleaved[i]);
    return planes;
}

/// The same bits in every sample; a zero of the other sign is another sample.
bool are_same_bits(const Signals& expected, const Signals& found) {
    if (expected.size() != found.size()) return false;
    for (std::size_t row = 0; row < expected.size(); ++row) {
        if (expected[row].size() != found[row].size()) return false;
        for (std::size_t i = 0; i < expected[row].size(); ++i) {
            const auto a = std::bit_cast<std::uint32_t>(expected[row][i]);
            const auto b = std::bit_cast<std::uint32_t>(found[row][i]);
            if (a == b) continue;
            UNSCOPED_INFO("row " << row << ", frame " << i << ": " << expected[row][i] << " became "
                                 << found[row][i]);
            return false;
        }
    }
    return true;
}

/// One source of every format with that many channels, and rows between them that are left alone.
std::vector<PcmSource> sources_of_all_formats(int channel_count) {
    std::vector<PcmSource> sources;
    int row = 1;
    for (const PcmFormat& format : pcm_formats()) {
        sources.push_back({row, channel_count, format});
        row += channel_count + 1;
    }
    return sources;
}

int row_count_of(const std::vector<PcmSource>& sources) {
    return sources.back().first_row + sources.back().channel_count + 1;
}

}  // namespace

TEST_CASE("pcm becomes the very floats that libsndfile reads, in every format, whatever the chunk") {
    const int channel_count = GENERATE(1, 2, 6);
    const int chunk_frames = GENERATE(16, 48, 1040);
    CAPTURE(channel_count, chunk_frames);
    const std::vector<PcmSource> sources = sources_of_all_formats(channel_count);
    const RowsShape shape = shape_of(row_count_of(sources), chunk_frames, 32);
    // The last chunk is not full; odd frames make odd bytes.
    const std::size_t frames = 3 * chunk_frames + 7;
    Signals expected(shape.row_count, Signal(4 * chunk_frames, 0.0F));
    std::vector<Pcm> inputs;
    for (const PcmSource& source : sources) {
        inputs.push_back(hard_pcm(source.format, frames * channel_count, 1 + source.first_row));
        const Signals planes = floats_of_libsndfile(source.format, channel_count, inputs.back());
        for (int c = 0; c < channel_count; ++c) {
            std::copy(planes[c].begin(), planes[c].end(), expected[source.first_row + c].begin());
        }
    }
    on_every_backend([&](Backend& backend) {
        Signals found = run_pcm_loader(backend, shape, sources, inputs);
        // Rows that nobody writes are undefined behind the first chunk.
        for (int row = 0; row < shape.row_count; ++row) {
            const bool is_written = std::any_of(sources.begin(), sources.end(), [&](const PcmSource& source) {
                return row >= source.first_row && row < source.first_row + channel_count;
            });
            if (!is_written) found[row] = expected[row];
        }
        CHECK(are_same_bits(expected, found));
    });
}

TEST_CASE("pcm in the textbook is what libsndfile reads as well") {
    on_every_backend_and_the_oracle([&](Backend& backend) {
        for (const PcmFormat& format : pcm_formats()) {
            CAPTURE(name_of(format));
            const Pcm bytes = hard_pcm(format, 160, 5);
            CHECK(are_same_bits(floats_of_libsndfile(format, 2, bytes),
                                run_pcm_loader(backend, shape_of(2, 80), {{0, 2, format}}, {bytes})));
        }
    });
}

TEST_CASE("pcm that holds what is no number keeps every bit of it") {
    const std::vector<std::uint32_t> bits{0x7F800000, 0xFF800000, 0x7FC00001, 0xFFC12345,
                                          0x80000000, 0x00000001, 0x807FFFFF, 0x3F800000};
    Pcm bytes(64 * sizeof(float));
    for (std::size_t i = 0; i < 64; ++i) std::memcpy(&bytes[4 * i], &bits[i % bits.size()], 4);
    Signal expected(64);
    std::memcpy(expected.data(), bytes.data(), bytes.size());
    on_every_backend([&](Backend& backend) {
        CHECK(are_same_bits({expected}, run_pcm_loader(backend, shape_of(1, 64),
                                                       {{0, 1, {PcmSample::float32, false}}}, {bytes})));
    });
}

TEST_CASE("pcm of many files goes through small buffers and in many pieces") {
    const int before = vulkan_validation_message_count();
    const auto tile_bytes = static_cast<std::uint64_t>(GENERATE(2240, 5000, 100000));
    CAPTURE(tile_bytes);
    const auto backend = test::validated_vulkan(tile_bytes);
    std::vector<PcmSource> sources;
    std::vector<Pcm> inputs;
    Signals expected;
    for (int i = 0; i < 24; ++i) {
        const PcmFormat format = pcm_formats()[i % pcm_formats().size()];
        const int channel_count = 1 + i % 2;
        sources.push_back({static_cast<int>(expected.size()), channel_count, format});
        inputs.push_back(hard_pcm(format, std::size_t{5} * 48 * channel_count, 30U + i));
        for (Signal& plane : floats_of_libsndfile(format, channel_count, inputs.back())) {
            expected.push_back(std::move(plane));
        }
    }
    const RowsShape shape = shape_of(static_cast<int>(expected.size()), 48, 64);
    CHECK(are_same_bits(expected, run_pcm_loader(*backend, shape, sources, inputs)));
    CHECK(vulkan_validation_message_count() == before);
}

TEST_CASE("pcm of a chunk larger than the staging memory arrives whole") {
    // 6 MiB and a word that is not full, then 8 MiB: the border of the first piece is inside the second.
    constexpr int frames = 1 << 20;
    const std::vector<PcmSource> sources{{0, 2, {PcmSample::int24, false}},
                                         {2, 2, {PcmSample::float32, false}}};
    std::vector<Pcm> inputs;
    Signals expected;
    for (const PcmSource& source : sources) {
        inputs.push_back(hard_pcm(source.format, std::size_t{2} * frames, 9));
        for (Signal& plane : floats_of_libsndfile(source.format, 2, inputs.back())) {
            expected.push_back(std::move(plane));
        }
    }
    const auto backend = make_vulkan_backend(0);
    CHECK(are_same_bits(expected, run_pcm_loader(*backend, shape_of(4, frames), sources, inputs)));
}

TEST_CASE("pcm of zeros is known to be silent, channel by channel") {
    constexpr int frames = 64;
    const auto backend = test::validated_vulkan();
    for (const PcmFormat& format : pcm_formats()) {
        CAPTURE(name_of(format));
        const RowsShape shape = shape_of(3, frames);
        // A convolver's stages do nothing where no row sounds.
        const auto convolved_bytes = [&](int sounding_channel, int convolved_row) {
            Pcm bytes(static_cast<std::size_t>(frames * 2 * format.bytes()));
            const std::size_t last =
                static_cast<std::size_t>((2 * (frames - 1) + sounding_channel)) * format.bytes();
            if (sounding_channel >= 0)
                bytes[last + (format.is_big_endian ? 1 : format.bytes() - 2)] = std::byte{1};
            std::vector<float> chunk(static_cast<std::size_t>(2 * frames));
            std::memcpy(chunk.data(), bytes.data(), bytes.size());
            const auto rows = backend->make_rows(shape);
            const auto loader = backend->make_pcm_loader(shape, std::vector<PcmSource>{{0, 2, format}});
            const auto convolver = backend->make_convolver(
                shape,
                {.kernels = {{0.5F, 0.25F}}, .paths = {{convolved_row, 0, 2}}, .transform_frames = 512});
            loader->process(chunk, *rows);
            backend->set_profiling(true);
            convolver->process(*rows);
            std::uint64_t sum = 0;
            for (const StageReport& report : backend->stage_reports()) sum += report.bytes;
            backend->set_profiling(false);
            return sum;
        };
        CHECK(convolved_bytes(-1, 0) == 0);
        CHECK(convolved_bytes(0, 1) == 0);
        CHECK(convolved_bytes(1, 0) == 0);
        CHECK(convolved_bytes(0, 0) > 0);
        CHECK(convolved_bytes(1, 1) > 0);
    }
    CHECK(vulkan_validation_message_count() == 0);
}
