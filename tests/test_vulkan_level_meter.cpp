#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "engine/true_peak.hpp"
#include "tests/vulkan_device.hpp"

using namespace tutti;

namespace {

/// The level of one hop that begins at x[first], by its definition.
double level_of(LevelKind kind, const std::vector<float>& x, std::size_t first) {
    double level = 0.0;
    for (std::size_t n = first; n < first + control_hop; ++n) {
        if (kind == LevelKind::mean_square) {
            level += static_cast<double>(x[n]) * x[n] / control_hop;
            continue;
        }
        level = std::max(level, std::abs(static_cast<double>(x[n])));
        if (kind == LevelKind::peak) continue;
        for (const auto& phase : true_peak_taps) {
            double sum = 0.0;
            for (std::size_t k = 0; k < true_peak_tap_count; ++k)
                sum += static_cast<double>(phase[k]) * x[n - k];
            level = std::max(level, std::abs(sum));
        }
    }
    return level;
}

}  // namespace

TEST_CASE("The Vulkan level meter measures every hop by definition, also where it begins in the past") {
    const int before = vulkan_validation_message_count();
    const int frame_count = GENERATE(16, 48, 2064, 4096);
    CAPTURE(frame_count);
    const RowsShape shape{2, frame_count, 16};
    const auto backend = test::validated_vulkan(static_cast<std::uint64_t>(frame_count + 16) * sizeof(float));
    const auto rows = backend->make_rows(shape);
    const std::vector<LevelTap> taps = {{1, LevelKind::true_peak},
                                        {0, LevelKind::peak},
                                        {1, LevelKind::mean_square},
                                        {0, LevelKind::true_peak},
                                        {1, LevelKind::peak}};
    const auto meter = backend->make_level_meter(shape, taps);
    std::vector<std::vector<float>> played(2, std::vector<float>(16, 0.0F));
    const int hop_count = shape.hop_count();
    for (int chunk = 0; chunk < 2; ++chunk) {
        for (int row = 0; row < 2; ++row) {
            const std::vector<float> samples =
                test::noise(static_cast<std::size_t>(frame_count), 40U + 2 * chunk + row);
            rows->write(row, samples);
            played[row].insert(played[row].end(), samples.begin(), samples.end());
        }
        std::vector<float> levels(taps.size() * static_cast<std::size_t>(hop_count));
        meter->process(*rows, levels);
        for (std::size_t tap = 0; tap < taps.size(); ++tap) {
            for (int hop = 0; hop < hop_count; ++hop) {
                const auto first = static_cast<std::size_t>(16 + chunk * frame_count + hop * control_hop);
                const double expected = level_of(taps[tap].kind, played[taps[tap].row], first);
                CAPTURE(chunk, tap, hop);
                // Sums of at most 16 products of magnitude 1, rounded to 24 bits each.
                REQUIRE(std::abs(levels[tap * hop_count + hop] - expected) < 16 * std::ldexp(1.0, -24));
            }
        }
        rows->advance();
    }
    CHECK(vulkan_validation_message_count() == before);
}
