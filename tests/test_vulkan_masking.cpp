#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "engine/masking_grid.hpp"
#include "engine/masking_model.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/oracle/excitation.hpp"
#include "tests/signals.hpp"
#include "tests/vulkan_device.hpp"

using namespace tutti;

namespace {

/// Rows 0 ... 4 of noise at levels of 20 dB apart; objects that share, swap, lack and weight them.
ExcitationPlan small_plan(int sample_rate_hz, const MaskingGrid& grid) {
    ExcitationPlan plan;
    plan.sample_rate_hz = sample_rate_hz;
    plan.grid = grid;
    for (const double hz : grid.component_hz) {
        plan.cochlea_gains.push_back(std::pow(10.0, 9.0 + ear_transfer_db(SoundField::free, hz) / 10.0));
    }
    std::vector<float> weights;
    for (std::size_t k = 0; k < grid.component_hz.size(); ++k) weights.push_back(0.1F + 0.01F * (k % 70));
    plan.objects.resize(4);
    plan.objects[0].rows = {0, 1};
    plan.objects[1].rows = {2, 2};
    plan.objects[1].weights[0] = weights;
    plan.objects[2].rows = {3, -1};
    plan.objects[3].rows = {4, 0};
    plan.objects[3].weights[1] = weights;
    plan.most_slices = 5;
    return plan;
}

std::vector<float> played(int row_count, int frame_count) {
    std::vector<float> samples;
    for (int row = 0; row < row_count; ++row) {
        const float gain = std::pow(10.0F, -static_cast<float>(row));
        for (const float x : tests::noise(frame_count, 10 + row)) samples.push_back(gain * x);
    }
    return samples;
}

std::vector<float> excite(Backend& backend, const ExcitationPlan& plan, const RowsShape& shape,
                          const std::vector<int>& centres) {
    const auto rows = backend.make_rows(shape);
    rows->write(0, played(shape.row_count, shape.frame_count));
    rows->advance();
    rows->write(0, played(shape.row_count, shape.frame_count));
    const ExcitationsShape tile_shape{static_cast<int>(centres.size()) + 1,
                                      static_cast<int>(plan.objects.size()), plan.grid.band_count()};
    const auto tile = backend.make_excitations(tile_shape);
    backend.make_excitation(shape, plan)->process(*rows, centres, *tile, 1);
    std::vector<float> values(std::size_t{2} * tile_shape.slice_count * tile_shape.object_count *
                              tile_shape.band_count);
    tile->read(0, values);
    return values;
}

}  // namespace

TEST_CASE("Excitation on Vulkan equals the textbook, from rows in one buffer or several") {
    const int before = vulkan_validation_message_count();
    const RowsShape shape{5, 4096, 2048};
    const std::uint64_t row_bytes = (4096 + 2048) * sizeof(float);
    const ExcitationPlan plan = small_plan(16000, masking_grid(16000, GridKind::usual));
    const std::vector<int> centres{-1535, -7, 1000, 3583};
    const std::vector<float> expected = excite(*oracle::make_backend(), plan, shape, centres);
    for (const std::uint64_t tile_bytes : {row_bytes, 2 * row_bytes, 100 * row_bytes}) {
        const auto backend = test::validated_vulkan(tile_bytes);
        const std::vector<float> found = excite(*backend, plan, shape, centres);
        REQUIRE(found.size() == expected.size());
        double worst = 0.0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const double error = std::abs(found[i] - expected[i]) / std::max(1e-3F, expected[i]);
            if (error > worst) worst = error;
        }
        CAPTURE(tile_bytes, worst);
        CHECK(worst < 1e-4);
    }
    CHECK(vulkan_validation_message_count() == before);
}

namespace {

/// Excitations at all levels from -30 to 105 dB, some of them none; where `level_db` is given, within 3 dB of
/// it.
std::vector<float> excitations(const ExcitationsShape& shape, unsigned seed, double from_db, double to_db) {
    std::vector<float> values =
        test::noise(std::size_t{2} * shape.slice_count * shape.object_count * shape.band_count, seed);
    for (float& x : values) {
        const double db = from_db + (to_db - from_db) * 0.5 * (1.0 + x);
        x = x < -0.95F ? 0.0F : static_cast<float>(std::pow(10.0, db / 10.0));
    }
    return values;
}

/// The greatest difference over `least` or what was expected, whichever is more.
double worst(const std::vector<float>& found, const std::vector<float>& expected, double least) {
    REQUIRE(found.size() == expected.size());
    double most = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (std::isnan(expected[i]) && std::isnan(found[i])) continue;
        const double error = std::abs(static_cast<double>(found[i]) - expected[i]) /
                             std::max<double>(least, std::abs(expected[i]));
        if (!(error <= most)) most = error;
    }
    return most;
}

MaskingTile mask(Backend& backend, const MaskingPlan& plan, int slice_count, double from_db, double to_db) {
    const ExcitationsShape shape{plan.tile_slices, plan.excitation_count, plan.grid.band_count()};
    const auto tile = backend.make_excitations(shape);
    const auto masking = backend.make_masking(plan);
    MaskingTile result(plan);
    tile->write(0, excitations(shape, 1, from_db, to_db));
    masking->process(*tile, plan.tile_slices, result);
    tile->write(0, excitations(shape, 2, from_db, to_db));
    masking->process(*tile, slice_count, result);
    return result;
}

}  // namespace

TEST_CASE("Masking on Vulkan equals the textbook, for objects of several members and with relatives") {
    const int before = vulkan_validation_message_count();
    MaskingPlan plan;
    plan.grid = display_grid();
    plan.excitation_count = 7;
    plan.objects = {{0}, {1, 4}, {2, 3, 5}, {6}, {3}};
    plan.relatives = {{6}, {}, {0, 6}, {0, 1, 2, 3, 4, 5}, {4}};
    plan.hop_slices = 2;
    plan.tile_slices = 6;
    const auto [from_db, to_db] = GENERATE(std::pair(-30.0, 105.0), std::pair(57.0, 63.0),
                                           std::pair(-10.0, 10.0), std::pair(95.0, 102.0));
    const MaskingTile expected = mask(*oracle::make_backend(), plan, 5, from_db, to_db);
    const auto backend = test::validated_vulkan();
    const MaskingTile found = mask(*backend, plan, 5, from_db, to_db);
    CAPTURE(from_db, to_db);
    CHECK(found.hop_count == expected.hop_count);
    CHECK(worst(found.margin_db, expected.margin_db, 1.0) < 1e-4);
    CHECK(worst(found.loudness, expected.loudness, 1e-7) < 1e-4);
    CHECK(worst(found.excitation, expected.excitation, 1e-7) < 1e-4);
    CHECK(worst(found.clash, expected.clash, 1e-9) < 1e-4);
    CHECK(worst(found.benefit, expected.benefit, 1e-9) < 1e-4);
    CHECK(worst(found.self_cost, expected.self_cost, 1e-9) < 1e-4);
    CHECK(worst(found.partial, expected.partial, 1e-9) < 1e-4);
    CHECK(worst(found.audibility, expected.audibility, 1e-9) < 1e-4);
    CHECK(vulkan_validation_message_count() == before);
}
