#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/oracle/convolution.hpp"
#include "tests/vulkan_device.hpp"

using namespace tutti;

namespace {

/// What the convolver is promised to meet everywhere: -120 dB of the row's own RMS.
constexpr double tolerance = 1e-6;

/// Plays noise through a plan chunk by chunk and compares every output row with the sum by definition.
void check_plan(const RowsShape& shape, const ConvolverPlan& plan, int chunk_count,
                std::uint64_t tile_bytes = std::uint64_t{1} << 40) {
    const int before = vulkan_validation_message_count();
    const auto backend = test::validated_vulkan(tile_bytes);
    const auto rows = backend->make_rows(shape);
    const auto convolver = backend->make_convolver(shape, plan);
    const auto frame_count = static_cast<std::size_t>(shape.frame_count);
    const std::size_t length = frame_count * static_cast<std::size_t>(chunk_count);
    std::vector<std::vector<float>> inputs(shape.row_count);
    std::vector<std::vector<float>> outputs(shape.row_count);
    for (int row = 0; row < shape.row_count; ++row) {
        inputs[row] = test::noise(length, 100U + row);
        // Rows 60 dB apart: one must not leave its rounding errors in another.
        if (row % 2 == 1) {
            for (float& x : inputs[row]) x *= 0.001F;
        }
        outputs[row].resize(length);
    }
    for (int chunk = 0; chunk < chunk_count; ++chunk) {
        const std::size_t first = static_cast<std::size_t>(chunk) * frame_count;
        for (int row = 0; row < shape.row_count; ++row) {
            rows->write(row, std::span(inputs[row]).subspan(first, frame_count));
        }
        convolver->process(*rows);
        for (int row = 0; row < shape.row_count; ++row) {
            rows->read(row, std::span(outputs[row]).subspan(first, frame_count));
        }
        rows->advance();
    }
    for (int row = 0; row < shape.row_count; ++row) {
        std::vector<double> expected(length, 0.0);
        bool is_output = false;
        for (const ConvolverPath& path : plan.paths) {
            if (path.output_row != row) continue;
            is_output = true;
            const std::vector<float>& x = inputs[path.input_row];
            const std::vector<float>& h = plan.kernels[path.kernel];
            const std::vector<double> y = oracle::convolve_direct(std::vector<double>(x.begin(), x.end()),
                                                                  std::vector<double>(h.begin(), h.end()));
            for (std::size_t i = 0; i < length; ++i) expected[i] += y[i];
        }
        CAPTURE(row);
        if (is_output) {
            CHECK(test::relative_error(outputs[row], expected) < tolerance);
        } else {
            CHECK(outputs[row] == inputs[row]);
        }
    }
    CHECK(vulkan_validation_message_count() == before);
}

}  // namespace

TEST_CASE("The Vulkan convolver equals the sum by definition for every kind of chunk and kernel length") {
    const int frame_count = GENERATE(16, 48, 64, 1024, 3072);
    CAPTURE(frame_count);
    ConvolverPlan plan;
    for (const std::size_t length : {1, 2, 13, 16, 17, 63, 64, 65, 401}) {
        const auto number = static_cast<int>(plan.kernels.size());
        plan.kernels.push_back(test::noise(length, 7U + number));
        plan.paths.push_back({0, number, number + 1});
    }
    check_plan({10, frame_count, 16}, plan, 3 + 500 / frame_count);
}

TEST_CASE("Many inputs through many kernels into many outputs are summed, also in place") {
    ConvolverPlan plan;
    plan.kernels = {test::noise(33, 1), test::noise(700, 2), test::noise(1, 3), test::noise(33, 1),
                    test::noise(2500, 4)};
    plan.paths = {{0, 0, 0}, {1, 1, 4}, {0, 2, 4}, {2, 3, 5}, {3, 4, 2},
                  {0, 0, 2}, {3, 3, 6}, {1, 0, 6}, {2, 4, 6}};
    SECTION("in one buffer each") { check_plan({7, 2048, 16}, plan, 3); }
    SECTION("with several partition sizes") { check_plan({7, 8192, 32}, plan, 2); }
    SECTION("with a past of several chunks, every input in a buffer of its own") {
        // An input keeps five blocks of 513 bins: one of this chunk, four for the kernel of 2500 taps.
        check_plan({7, 512, 16}, plan, 7, 5 * 513 * 8);
    }
}

TEST_CASE("Inputs, kernels and outputs that fill several buffers are convolved as in one") {
    ConvolverPlan plan;
    for (int i = 0; i < 6; ++i) {
        plan.kernels.push_back(test::noise(100, 50U + i));
        plan.paths.push_back({i, i, i});
        plan.paths.push_back({5 - i, 2, i});
    }
    check_plan({6, 512, 16}, plan, 3, 2 * 513 * 8);  // two spectra a buffer
}

TEST_CASE("Transforms longer than a workgroup can hold equal the sum by definition") {
    ConvolverPlan plan;
    plan.kernels = {test::noise(9000, 1), test::noise(20, 2)};
    plan.paths = {{0, 0, 1}, {1, 1, 2}, {2, 0, 2}};
    check_plan({3, 32768, 16}, plan, 2);
}

TEST_CASE("An impulse at the edges of chunks and partitions gives the kernel itself") {
    const RowsShape shape{2, 1024, 16};
    ConvolverPlan plan;
    plan.kernels = {test::noise(1500, 9)};
    plan.paths = {{0, 0, 1}};
    const auto backend = test::validated_vulkan();
    const std::size_t at = GENERATE(0, 1, 1023, 1024, 2047);
    const auto rows = backend->make_rows(shape);
    const auto convolver = backend->make_convolver(shape, plan);
    std::vector<float> input(4 * 1024, 0.0F);
    input[at] = 1.0F;
    std::vector<float> output(input.size());
    for (std::size_t first = 0; first < input.size(); first += 1024) {
        rows->write(0, std::span(input).subspan(first, 1024));
        convolver->process(*rows);
        rows->read(1, std::span(output).subspan(first, 1024));
        rows->advance();
    }
    std::vector<double> expected(input.size(), 0.0);
    for (std::size_t i = 0; i < 1500; ++i) expected[at + i] = plan.kernels[0][i];
    CAPTURE(at);
    CHECK(test::relative_error(output, expected) < tolerance);
}

TEST_CASE("A silent row beside loud ones comes out silent") {
    const RowsShape shape{4, 1024, 16};
    ConvolverPlan plan;
    plan.kernels = {test::noise(300, 1)};
    plan.paths = {{0, 0, 0}, {1, 0, 1}, {2, 0, 2}, {3, 0, 3}};
    const auto backend = test::validated_vulkan();
    const auto rows = backend->make_rows(shape);
    rows->write(0, test::noise(1024, 1));
    rows->write(2, test::noise(2 * 1024, 2));
    backend->make_convolver(shape, plan)->process(*rows);
    std::vector<float> found(1024, 1.0F);
    rows->read(1, found);
    CHECK(found == std::vector<float>(1024, 0.0F));
}

TEST_CASE("The same convolution gives the same bytes every time") {
    const RowsShape shape{3, 2048, 16};
    ConvolverPlan plan;
    plan.kernels = {test::noise(700, 1), test::noise(3000, 2)};
    plan.paths = {{0, 0, 2}, {1, 1, 2}};
    std::vector<std::vector<float>> found;
    for (int run = 0; run < 2; ++run) {
        const auto backend = make_vulkan_backend(0);
        const auto rows = backend->make_rows(shape);
        const auto convolver = backend->make_convolver(shape, plan);
        found.emplace_back();
        for (unsigned chunk = 0; chunk < 3; ++chunk) {
            rows->write(0, test::noise(2 * 2048, chunk));
            convolver->process(*rows);
            std::vector<float> output(2048);
            rows->read(2, output);
            found.back().insert(found.back().end(), output.begin(), output.end());
            rows->advance();
        }
    }
    CHECK(found[0] == found[1]);
}
