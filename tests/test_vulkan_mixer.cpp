#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "tests/vulkan_device.hpp"

using namespace tutti;

TEST_CASE("The Vulkan mixer sums delayed rows with gains and curves, also across buffers") {
    const int before = vulkan_validation_message_count();
    const RowsShape shape{6, 96, 48};
    const std::uint64_t row_bytes = (96 + 48) * sizeof(float);
    const std::uint64_t tile_bytes = GENERATE_COPY(1 * row_bytes, 4 * row_bytes, 100 * row_bytes);
    const auto backend = test::validated_vulkan(tile_bytes);
    const auto rows = backend->make_rows(shape);
    MixerPlan plan;
    plan.curve_count = 2;
    plan.routes = {{0, 4, 0.5F, 0, -1},  {1, 5, -2.0F, 7, 0}, {2, 4, 1.0F, 48, 1},
                   {0, 5, 0.25F, 1, -1}, {3, 3, 3.0F, 0, 1},  {2, 4, -0.125F, 17, 0}};
    const auto mixer = backend->make_mixer(shape, plan);

    const int hop_count = shape.hop_count();
    std::vector<std::vector<float>> played(
        6, std::vector<float>(48, 0.0F));  // from the first frame of the past on
    for (int chunk = 0; chunk < 3; ++chunk) {
        const std::vector<float> samples = test::noise(4 * 96, 20U + chunk);
        rows->write(0, samples);
        for (int row = 0; row < 4; ++row) {
            played[row].insert(played[row].end(), samples.begin() + row * 96,
                               samples.begin() + (row + 1) * 96);
        }
        const std::vector<float> gains =
            test::noise(2 * static_cast<std::size_t>(hop_count + 1), 30U + chunk);
        mixer->process(*rows, gains);

        for (const int output : {3, 4, 5}) {
            std::vector<float> found(96);
            rows->read(output, found);
            for (int i = 0; i < 96; ++i) {
                double expected = 0.0;
                for (const MixRoute& route : plan.routes) {
                    if (route.output_row != output) continue;
                    double gain = route.gain;
                    if (route.curve >= 0) {
                        const float* curve =
                            &gains[static_cast<std::size_t>(route.curve * (hop_count + 1) + i / 16)];
                        gain *= curve[0] + (static_cast<double>(curve[1]) - curve[0]) * (i % 16) / 16.0;
                    }
                    expected += gain * played[route.input_row][48 + chunk * 96 + i - route.delay_frames];
                }
                CAPTURE(tile_bytes, chunk, output, i);
                // Three terms of magnitude 3 at most, each rounded a few times to 24 bits.
                REQUIRE(std::abs(found[i] - expected) < 3 * 3 * 4 * std::ldexp(1.0, -24));
            }
        }
        rows->advance();
    }
    CHECK(vulkan_validation_message_count() == before);
}

TEST_CASE("A flat gain curve of ones changes no bit on Vulkan, in place or not") {
    const RowsShape shape{2, 64, 16};
    const auto backend = test::validated_vulkan();
    const auto rows = backend->make_rows(shape);
    const std::vector<float> samples = test::noise(64, 5);
    rows->write(0, samples);
    MixerPlan plan;
    plan.curve_count = 1;
    plan.routes = {{0, 0, 1.0F, 0, 0}, {0, 1, 1.0F, 0, 0}};
    SECTION("in place") { plan.routes.pop_back(); }
    SECTION("into another row") { plan.routes.erase(plan.routes.begin()); }
    backend->make_mixer(shape, plan)->process(*rows, std::vector<float>(5, 1.0F));
    std::vector<float> found(64);
    rows->read(plan.routes[0].output_row, found);
    CHECK(found == samples);
}
