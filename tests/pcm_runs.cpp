#include "tests/pcm_runs.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <random>

namespace tutti::tests {

std::vector<PcmFormat> pcm_formats() {
    std::vector<PcmFormat> formats;
    for (int kind = 0; kind < pcm_sample_kinds; ++kind) {
        for (const bool is_big_endian : {false, true}) {
            formats.push_back({static_cast<PcmSample>(kind), is_big_endian});
        }
    }
    return formats;
}

std::string name_of(const PcmFormat& format) {
    return std::to_string(8 * format.bytes()) + " bit" +
           (format.sample == PcmSample::float32 ? " float" : "") +
           (format.is_big_endian ? ", big endian" : ", little endian");
}

Pcm hard_pcm(const PcmFormat& format, std::size_t sample_count, std::uint32_t seed) {
    std::vector<std::uint32_t> values{0x00000000, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFF, 0x00000001,
                                      0x01000001, 0x01000002, 0x01000003, 0x02000002, 0x02000006, 0x02000003,
                                      0x7FFFFFC0, 0x7FFFFFBF, 0x7FFFFFBE, 0x7FFFFF40, 0xFEFFFFFF, 0xFEFFFFFD,
                                      0x80000040, 0x80000041, 0x7FFFFF00, 0x7FFF0000, 0x80010000, 0x00010000,
                                      0x00000100, 0xFFFFFF00, 0xFFFF0000, 0x00FFFFFF, 0x01FFFFFF, 0xFF000001};
    std::mt19937 random(seed);
    while (values.size() < sample_count) values.push_back(random() >> (random() % 25));
    if (format.sample == PcmSample::float32) {
        for (std::uint32_t& value : values) {
            if ((value & 0x7F800000U) == 0x7F800000U) value &= 0xBFFFFFFFU;
        }
    }
    Pcm bytes;
    for (std::size_t i = 0; i < sample_count; ++i) {
        for (int k = 0; k < format.bytes(); ++k) {
            // The upper bytes, the lowest of them first.
            const int place = format.is_big_endian ? 24 - 8 * k : 32 - 8 * (format.bytes() - k);
            bytes.push_back(static_cast<std::byte>(values[i] >> static_cast<unsigned>(place) & 0xFFU));
        }
    }
    return bytes;
}

Signals run_pcm_loader(Backend& backend, const RowsShape& shape, const std::vector<PcmSource>& sources,
                       const std::vector<Pcm>& inputs) {
    const std::unique_ptr<Rows> rows = backend.make_rows(shape);
    const std::unique_ptr<PcmLoader> loader = backend.make_pcm_loader(shape, sources);
    const auto frames = static_cast<std::size_t>(shape.frame_count);
    std::size_t chunk_count = 0;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const std::size_t chunk_bytes = frames * sources[i].channel_count * sources[i].format.bytes();
        chunk_count = std::max(chunk_count, (inputs[i].size() + chunk_bytes - 1) / chunk_bytes);
    }
    Signals found(shape.row_count);
    std::vector<float> chunk(frames * shape.row_count);
    for (std::size_t number = 0; number < chunk_count; ++number) {
        // What a source's frames leave of its rows' room is nobody's business.
        std::fill(chunk.begin(), chunk.end(), std::numeric_limits<float>::quiet_NaN());
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const std::size_t chunk_bytes = frames * sources[i].channel_count * sources[i].format.bytes();
            const std::size_t begin = std::min(number * chunk_bytes, inputs[i].size());
            const std::size_t count = std::min(chunk_bytes, inputs[i].size() - begin);
            auto* const room = reinterpret_cast<std::byte*>(chunk.data() + sources[i].first_row * frames);
            std::copy_n(inputs[i].begin() + static_cast<std::ptrdiff_t>(begin), count, room);
            std::fill_n(room + count, chunk_bytes - count, std::byte{0});
        }
        loader->process(chunk, *rows);
        Signal samples(chunk.size());
        rows->read(0, samples);
        for (int row = 0; row < shape.row_count; ++row) {
            found[row].insert(found[row].end(), samples.begin() + static_cast<std::ptrdiff_t>(row * frames),
                              samples.begin() + static_cast<std::ptrdiff_t>((row + 1) * frames));
        }
        rows->advance();
    }
    return found;
}

}  // namespace tutti::tests
