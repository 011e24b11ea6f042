#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "engine/errors.hpp"
#include "tests/masking_runs.hpp"
#include "tests/vulkan_device.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

/// -20 ... 100 dB, independent everywhere.
std::vector<float> any_excitations(std::size_t count, unsigned seed) {
    std::vector<float> values = test::noise(count, seed);
    for (float& x : values) x = std::pow(10.0F, 4.0F + 6.0F * x);
    return values;
}

/// The greatest difference relative to the greatest value.
double worst_change(const std::vector<float>& a, const std::vector<float>& b) {
    REQUIRE(a.size() == b.size());
    double difference = 0.0;
    double greatest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::isnan(a[i]) && std::isnan(b[i])) continue;
        difference = std::max<double>(difference, std::abs(a[i] - b[i]));
        greatest = std::max<double>(greatest, std::abs(a[i]));
        if (std::isnan(a[i] - b[i])) return 1e9;
    }
    return difference / greatest;
}

std::map<std::string, StageReport> reports_of(Backend& backend) {
    std::map<std::string, StageReport> reports;
    for (const StageReport& report : backend.stage_reports()) reports[report.name] = report;
    return reports;
}

}  // namespace

TEST_CASE("Excitations on Vulkan are the same bytes over buffers and batches of any size") {
    const int before = vulkan_validation_message_count();
    ExcitationPlan plan = stereo_plan(3, 8000, GridKind::usual);
    plan.objects[1].rows = {5, 2};
    plan.objects[2].rows = {4, -1};
    const RowsShape shape = listening_shape(plan, 6, 480);
    const std::uint64_t row_bytes = (shape.history_count + shape.frame_count) * sizeof(float);
    const Signals inputs = noise_rows(6, 1920, 4);
    const std::vector<std::int64_t> centres{300, 400, 433, 480, 800, 1000, 1200, 1360};
    const auto whole = run_excitation(*test::validated_vulkan(), shape, plan, inputs, centres);
    // A row, or two and a half, to a buffer, which leaves one slice or six, and two slices to a batch, or
    // five.
    for (const std::uint64_t tile_bytes : {row_bytes, row_bytes * 5 / 2}) {
        const auto backend = test::validated_vulkan(tile_bytes);
        CAPTURE(tile_bytes);
        CHECK(worst_change(whole, run_excitation(*backend, shape, plan, inputs, centres)) == 0.0);
    }
    CHECK(vulkan_validation_message_count() == before);
}

TEST_CASE("Masking on Vulkan is the same over buffers and batches of any size") {
    const int before = vulkan_validation_message_count();
    MaskingPlan plan = tracks_plan(display_grid(), 5, 8, 2);
    plan.objects = {{0}, {1, 4}, {2, 3}};
    plan.relatives = {{4}, {}, {0}};
    const auto excitations = any_excitations(std::size_t{16} * 2 * 5 * plan.grid.band_count(), 5);
    const auto whole = run_masking(*test::validated_vulkan(), plan, excitations);
    const std::uint64_t slice_bytes = std::uint64_t{2} * 5 * plan.grid.band_count() * sizeof(float);
    // A slice to a buffer and a hop to a batch, or three slices and two hops.
    for (const std::uint64_t tile_bytes : {slice_bytes, 3 * slice_bytes, 16 * slice_bytes}) {
        const auto found = run_masking(*test::validated_vulkan(tile_bytes), plan, excitations);
        CAPTURE(tile_bytes);
        for (std::size_t tile = 0; tile < whole.size(); ++tile) {
            CHECK(worst_change(whole[tile].margin_db, found[tile].margin_db) == 0.0);
            CHECK(worst_change(whole[tile].loudness, found[tile].loudness) == 0.0);
            CHECK(worst_change(whole[tile].excitation, found[tile].excitation) == 0.0);
            CHECK(worst_change(whole[tile].clash, found[tile].clash) < 1e-6);
            CHECK(worst_change(whole[tile].benefit, found[tile].benefit) < 1e-6);
            CHECK(worst_change(whole[tile].self_cost, found[tile].self_cost) < 1e-6);
            CHECK(worst_change(whole[tile].partial, found[tile].partial) < 1e-6);
            CHECK(worst_change(whole[tile].audibility, found[tile].audibility) < 1e-6);
        }
    }
    CHECK(vulkan_validation_message_count() == before);
}

TEST_CASE("Vulkan says so when who masks whom is more than it can bind") {
    const auto backend = test::validated_vulkan();
    // 4.9 GB; a binding has at most 4 GiB.
    const MaskingPlan plan = tracks_plan(display_grid(), 9000, 2, 2);
    try {
        backend->make_masking(plan);
        FAIL("made it");
    } catch (const DeviceError& error) {
        CHECK(std::string(error.what()).find("among 9000 by 9000 objects") != std::string::npos);
    }
}

TEST_CASE("A Vulkan profile says what the stages of masking took and how many bytes they move") {
    const auto backend = test::validated_vulkan();
    const ExcitationPlan listening = stereo_plan(2, 8000, GridKind::usual);
    const RowsShape shape = listening_shape(listening, 4, 2000);
    const auto rows = backend->make_rows(shape);
    const auto excitation = backend->make_excitation(shape, listening);
    const auto tile = backend->make_excitations({4, 2, listening.grid.band_count()});
    const MaskingPlan plan = tracks_plan(listening.grid, 2, 4, 2);
    const auto masking = backend->make_masking(plan);
    MaskingTile result(plan);
    std::vector<float> excitations(std::size_t{4} * 2 * 2 * listening.grid.band_count());
    backend->set_profiling(true);
    excitation->process(*rows, std::vector<int>{300, 700, 1000}, *tile, 0);
    const std::uint64_t components = listening.grid.component_count();
    excitation->process_powers(std::vector<float>(2 * 2 * components, 1e4F), *tile, 3);
    masking->process(*tile, 4, result);
    tile->read(0, excitations);
    tile->write(0, excitations);

    std::uint64_t bins = 0;
    for (const SpectrumWindow& window : listening.grid.windows) bins += window.bin_hz.size();
    constexpr std::uint64_t longest = 513;  // 64 ms
    const std::uint64_t bands = listening.grid.band_count();
    const std::uint64_t groups = plan.grid.group_count();
    const std::uint64_t displays = plan.grid.display_band_count();
    const std::uint64_t powers = 4 * 2 * components * 2;  // four slices, three of them from rows
    const std::uint64_t levels = 4 * 2 * components;
    const std::uint64_t tile_floats = 4 * 2 * 2 * bands;  // slices, ears, objects
    const std::uint64_t pairs = groups * 2 * 2;
    const std::uint64_t cells = 2 * 2 * bands;  // hops, objects
    const std::uint64_t splits = 8 / 2;         // as many as slices
    const std::map<std::string, std::uint64_t> floats{
        {"excitation_centres", 3},
        {"excitation_spectrum", 3 * 4 * (longest + bins)},
        {"excitation_powers", powers / 4},
        {"excitation_components", 3 * 4 * bins + powers / 4 + powers},
        {"excitation_totals", powers + levels},
        {"excitation_levels", 2 * levels},
        {"excitation_product", powers + levels + tile_floats},
        {"masking_peaks", tile_floats},
        {"masking_means", tile_floats + 2 * 2 * 2 * displays},
        {"masking_sums", tile_floats + tile_floats / 2},  // two tracks, one sum
        {"masking_levels", tile_floats + tile_floats / 2 + 2 * tile_floats + 10 * cells},
        {"masking_product", tile_floats + 2 * tile_floats + 2 * splits * pairs},
        {"masking_bands", 5 * cells + 2 * 2 * 2 * displays},
        {"masking_groups", 6 * cells + 6 * groups * 2},
        {"masking_totals", 2 * (splits + 1) * pairs},
        {"masking_read", 2 * 2 * 2 * displays + 2 * 2 * 2 * displays + 2 * pairs + 6 * groups * 2},
        {"excitations_read", tile_floats},
        {"excitations_write", tile_floats},
    };
    const auto reports = reports_of(*backend);
    CHECK(reports.size() == floats.size());
    for (const auto& [name, count] : floats) {
        CAPTURE(name);
        REQUIRE(reports.count(name) == 1);
        CHECK(reports.at(name).bytes == count * sizeof(float));
        CHECK(reports.at(name).seconds > 0.0);
    }
    CHECK(vulkan_validation_message_count() == 0);
}
