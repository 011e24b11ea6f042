#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "tests/vulkan_device.hpp"

using namespace tutti;

namespace {

/// All frames of a row, the past first, read through a mixer that delays by up to history_count.
std::vector<float> past_of(Backend& backend, Rows& rows, int row, int spare_row) {
    const RowsShape& shape = rows.shape();
    std::vector<float> past(static_cast<std::size_t>(shape.history_count));
    for (int first = -shape.history_count; first < 0; first += control_hop) {
        MixerPlan plan;
        plan.routes = {{row, spare_row, 1.0F, -first, -1}};
        backend.make_mixer(shape, plan)->process(rows, {});
        std::vector<float> chunk(static_cast<std::size_t>(shape.frame_count));
        rows.read(spare_row, chunk);
        std::copy_n(chunk.begin(), control_hop, past.begin() + first + shape.history_count);
    }
    return past;
}

}  // namespace

TEST_CASE("Vulkan rows come back as they were written, also when they fill several buffers") {
    const int before = vulkan_validation_message_count();
    const RowsShape shape{7, 64, 32};
    const std::uint64_t row_bytes = (64 + 32) * sizeof(float);
    const std::uint64_t tile_bytes =
        GENERATE_COPY(1 * row_bytes, 2 * row_bytes, 3 * row_bytes + 8, 100 * row_bytes);
    CAPTURE(tile_bytes);
    const auto backend = test::validated_vulkan(tile_bytes);
    const auto rows = backend->make_rows(shape);

    std::vector<float> found(7 * 64, -1.0F);
    rows->read(0, found);
    CHECK(found == std::vector<float>(7 * 64, 0.0F));

    const std::vector<float> samples = test::noise(7 * 64, 1);
    rows->write(0, samples);
    rows->read(0, found);
    CHECK(found == samples);

    const std::vector<float> others = test::noise(3 * 64, 2);
    rows->write(2, others);
    rows->read(0, found);
    std::vector<float> expected = samples;
    std::copy(others.begin(), others.end(), expected.begin() + 2 * 64);
    CHECK(found == expected);

    std::vector<float> part(2 * 64);
    rows->read(4, part);
    CHECK(std::equal(part.begin(), part.end(), expected.begin() + 4 * 64));
    CHECK(vulkan_validation_message_count() == before);
}

TEST_CASE("Vulkan rows larger than the staging buffers are written and read whole") {
    const RowsShape shape{5, 1 << 20, 16};  // 4 MiB a row: two rows a piece
    const auto backend = make_vulkan_backend(0);
    const auto rows = backend->make_rows(shape);
    const std::vector<float> samples = test::noise(5 << 20, 3);
    rows->write(0, samples);
    std::vector<float> found(samples.size());
    rows->read(0, found);
    CHECK(found == samples);
}

TEST_CASE("The past of Vulkan rows is the last frames of the chunks before, however short the chunk") {
    const int before = vulkan_validation_message_count();
    const int frame_count = GENERATE(16, 48, 160, 512);
    const int history_count = GENERATE(16, 160, 304);
    CAPTURE(frame_count, history_count);
    const RowsShape shape{3, frame_count, history_count};
    const auto backend = test::validated_vulkan();
    const auto rows = backend->make_rows(shape);
    const int chunk_count = 2 + history_count / frame_count;
    std::vector<float> played(static_cast<std::size_t>(history_count), 0.0F);
    for (int chunk = 0; chunk < chunk_count; ++chunk) {
        const std::vector<float> samples = test::noise(static_cast<std::size_t>(frame_count), 10U + chunk);
        rows->write(1, samples);
        played.insert(played.end(), samples.begin(), samples.end());
        rows->advance();
    }
    CHECK(past_of(*backend, *rows, 1, 2) == std::vector<float>(played.end() - history_count, played.end()));
    CHECK(vulkan_validation_message_count() == before);
}

TEST_CASE("Vulkan rows of one chunk become the past of another's, however they lie in buffers") {
    const int before = vulkan_validation_message_count();
    const int frame_count = GENERATE(16, 160);
    const RowsShape shape{5, frame_count, 48};
    const auto tile_rows = static_cast<std::uint64_t>(GENERATE(1, 2, 5));
    CAPTURE(frame_count, tile_rows);
    const auto backend =
        test::validated_vulkan(tile_rows * static_cast<std::uint64_t>(frame_count + 48) * sizeof(float));
    const auto first = backend->make_rows(shape);
    const auto second = backend->make_rows(shape);
    const auto past = backend->make_past(shape, std::vector<int>{4, 1, 2});
    std::vector<float> played(48, 0.0F);
    for (int chunk = 0; chunk < 6; ++chunk) {
        Rows& rows = chunk % 2 == 0 ? *first : *second;
        past->process(chunk % 2 == 0 ? *second : *first, rows);
        const std::vector<float> samples = test::noise(static_cast<std::size_t>(frame_count), 20U + chunk);
        for (const int row : {1, 2, 4}) rows.write(row, samples);
        played.insert(played.end(), samples.begin(), samples.end());
    }
    const std::vector<float> expected(played.end() - frame_count - 48, played.end() - frame_count);
    for (const int row : {1, 2, 4}) CHECK(past_of(*backend, *second, row, 0) == expected);
    CHECK(past_of(*backend, *second, 3, 0) == std::vector<float>(48, 0.0F));
    CHECK(vulkan_validation_message_count() == before);
}
