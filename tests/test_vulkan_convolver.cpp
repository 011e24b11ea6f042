#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
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
            for (std::size_t i = 0; i < length; ++i) expected[i] += path.gain * y[i];
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
    SECTION("with a past of several chunks") {
        plan.transform_frames = 1024;
        check_plan({7, 512, 16}, plan, 7);
    }
}

TEST_CASE("Inputs, kernels and outputs that fill several buffers are convolved as in one") {
    constexpr std::uint64_t spectrum = 513 * 8;
    ConvolverPlan plan;
    plan.transform_frames = 1024;
    SECTION("more rows than a buffer holds, in several groups") {
        for (int i = 0; i < 6; ++i) {
            plan.kernels.push_back(test::noise(100, 50U + i));
            plan.paths.push_back({i, i, i});
            plan.paths.push_back({5 - i, 2, i});
        }
        check_plan({6, 512, 16}, plan, 3, 2 * spectrum);
    }
    SECTION("more inputs of one output than a buffer holds") {
        for (int i = 0; i < 6; ++i) {
            plan.kernels.push_back(test::noise(400 + 100 * i, 50U + i));
            plan.paths.push_back({i, i, 2});
        }
        check_plan({6, 512, 16}, plan, 4, 4 * spectrum);
    }
    SECTION("more inputs of an output than all buffers hold, which are summed in its row") {
        // Of which each keeps two blocks: buffers for twelve.
        for (int i = 0; i < 21; ++i) {
            plan.kernels.push_back(test::noise(400 + 50 * (i % 5), 50U + i));
            plan.paths.push_back({i, i, 20, 0.1F * static_cast<float>(i + 1)});
            if (i % 3 == 0) plan.paths.push_back({i, i, 3});
        }
        check_plan({21, 512, 16}, plan, 4, 3 * spectrum);
    }
    SECTION("a kernel so long that an input's past is in every buffer there is") {
        // 16 partitions of 512 taps, and as many blocks that the input keeps: two a buffer.
        plan.kernels.push_back(test::noise(16 * 512 - 5, 60));
        plan.paths.push_back({0, 0, 1});
        check_plan({2, 512, 16}, plan, 20, 2 * spectrum);
    }
    SECTION("many inputs with a past, in tiles both ways") {
        for (int i = 0; i < 4; ++i) {
            plan.kernels.push_back(test::noise(1500, 70U + i));
            plan.paths.push_back({i, i, 4});
        }
        check_plan({5, 512, 16}, plan, 6, 2 * spectrum);
    }
    CHECK(vulkan_validation_message_count() == 0);
}

TEST_CASE("A kernel longer than the buffers hold is refused, and says what to do") {
    const auto backend = test::validated_vulkan(2 * 513 * 8);
    ConvolverPlan plan;
    plan.transform_frames = 1024;
    plan.kernels.push_back(test::noise(17 * 512, 60));
    plan.paths.push_back({0, 0, 1});
    CHECK_THROWS_WITH(backend->make_convolver({2, 512, 16}, plan), Catch::Contains("--memory"));
}

TEST_CASE("Outputs that share kernels are made together, however many, and whatever else they sum") {
    ConvolverPlan plan;
    plan.kernels = {test::noise(900, 1), test::noise(300, 2), test::noise(40, 3)};
    const int frame_count = GENERATE(512, 1536, 4096);  // one, a few and eight blocks
    plan.transform_frames = 1024;
    for (int row = 0; row < 11; ++row) plan.paths.push_back({row, 0, row});
    for (int row = 0; row < 3; ++row) plan.paths.push_back({row + 4, 1, row});
    for (int row = 11; row < 14; ++row) {
        plan.paths.push_back({row, 2, row});
        plan.paths.push_back({0, 1, row});
    }
    CAPTURE(frame_count);
    check_plan({14, frame_count, 16}, plan, 3);
}

TEST_CASE("Partitions of zeros are left out: what a kernel waits for costs nothing") {
    const RowsShape shape{2, 512, 16};
    ConvolverPlan plan;
    plan.transform_frames = 1024;
    plan.kernels = {test::noise(5000, 1)};
    plan.paths = {{0, 0, 1}};
    std::vector<float>& kernel = plan.kernels[0];
    std::fill(kernel.begin(), kernel.begin() + 1600, 0.0F);         // three partitions and a bit
    std::fill(kernel.begin() + 2500, kernel.begin() + 4100, 0.0F);  // 5, 6 and 7
    check_plan(shape, plan, 14);
    const auto backend = test::validated_vulkan();
    const auto rows = backend->make_rows(shape);
    const auto convolver = backend->make_convolver(shape, plan);
    backend->set_profiling(true);
    rows->write(0, test::noise(512, 2));
    convolver->process(*rows);
    std::uint64_t bytes = 0;
    for (const StageReport& report : backend->stage_reports()) {
        if (report.name == "convolver_multiply") bytes = report.bytes;
    }
    // Partitions 3, 4, 8 and 9: four spectra of the kernel, four of the input, one sum.
    CHECK(bytes == (4 + 4 + 1) * 513 * 8);
}

TEST_CASE("A true-stereo room transforms each input once, also where its kernels differ in length") {
    const RowsShape shape{4, 4096, 16};
    ConvolverPlan plan;
    for (unsigned k = 0; k < 4; ++k) plan.kernels.push_back(test::noise(20 + 1500 * k, k));
    plan.paths = {{0, 0, 2}, {0, 1, 3}, {1, 2, 2}, {1, 3, 3}};
    const auto backend = test::validated_vulkan();
    const auto rows = backend->make_rows(shape);
    const auto convolver = backend->make_convolver(shape, plan);
    backend->set_profiling(true);
    rows->write(0, test::noise(2 * 4096, 5));
    convolver->process(*rows);
    std::uint64_t inputs = 0;
    std::uint64_t outputs = 1;
    for (const StageReport& report : backend->stage_reports()) {
        if (report.name == "convolver_to_spectra") inputs = report.bytes;
        if (report.name == "convolver_to_frames") outputs = report.bytes;
    }
    CHECK(inputs == outputs);
    check_plan(shape, plan, 3);
}

TEST_CASE("Every size of transform that a Vulkan device does gives the same result") {
    const RowsShape shape{2, 65536, 16};
    ConvolverPlan plan;
    plan.kernels = {test::noise(70000, 5)};
    for (std::size_t i = 0; i < plan.kernels[0].size(); ++i) {
        plan.kernels[0][i] *= std::exp(-1e-4F * static_cast<float>(i));
    }
    plan.paths = {{0, 0, 1}};
    const auto backend = test::validated_vulkan();
    const auto rows = backend->make_rows(shape);
    std::vector<double> expected;
    for (const int transform_frames : {8192, 2048, 16384, 131072, 1 << 20, 1 << 22}) {
        CAPTURE(transform_frames);
        plan.transform_frames = transform_frames;
        const auto convolver = backend->make_convolver(shape, plan);
        std::vector<float> found;
        for (unsigned chunk = 0; chunk < 3; ++chunk) {
            rows->write(0, test::noise(65536, chunk));
            convolver->process(*rows);
            std::vector<float> output(65536);
            rows->read(1, output);
            found.insert(found.end(), output.begin(), output.end());
            rows->advance();
        }
        if (expected.empty()) expected.assign(found.begin(), found.end());
        CHECK(test::relative_error(found, expected) < tolerance);
    }
    CHECK(vulkan_validation_message_count() == 0);
}

TEST_CASE("A kernel of ten minutes rings to its end") {
    constexpr int frame_count = 1 << 18;
    constexpr int tap_count = 600 * 48000;
    const RowsShape shape{2, frame_count, 16};
    ConvolverPlan plan;
    plan.transform_frames = 1 << 19;
    plan.kernels = {std::vector<float>(tap_count)};
    plan.paths = {{0, 0, 1}};
    std::vector<float>& kernel = plan.kernels[0];
    // Three taps of its first, its middle and its last second; partitions of zeros between them cost nothing.
    const std::vector<int> places{
        0, 7, 4000, 14000000, 14000001, 14030000, tap_count - 40000, tap_count - 2, tap_count - 1};
    for (std::size_t i = 0; i < places.size(); ++i) kernel[places[i]] = 0.1F * static_cast<float>(i + 1);
    const auto backend = test::validated_vulkan(std::uint64_t{48} << 20);  // the past of a row in six buffers
    const auto rows = backend->make_rows(shape);
    const auto convolver = backend->make_convolver(shape, plan);
    const std::vector<float> noise = test::noise(1000, 1);
    std::vector<float> input(frame_count, 0.0F);
    std::copy(noise.begin(), noise.end(), input.begin() + 777);
    double error = 0.0;
    double power = 0.0;
    for (std::int64_t first = 0; first < tap_count + 2 * frame_count; first += frame_count) {
        rows->write(0, input);
        std::fill(input.begin(), input.end(), 0.0F);
        convolver->process(*rows);
        std::vector<float> output(frame_count);
        rows->read(1, output);
        rows->advance();
        std::vector<double> expected(frame_count, 0.0);
        for (const int place : places) {
            for (int i = 0; i < 1000; ++i) {
                const std::int64_t at = place + 777 + i - first;
                if (at >= 0 && at < frame_count)
                    expected[at] += static_cast<double>(kernel[place]) * noise[i];
            }
        }
        for (int i = 0; i < frame_count; ++i) {
            error += (output[i] - expected[i]) * (output[i] - expected[i]);
            power += expected[i] * expected[i];
        }
    }
    CHECK(std::sqrt(error / power) < tolerance);
    CHECK(vulkan_validation_message_count() == 0);
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
