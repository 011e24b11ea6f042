#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "engine/masking_grid.hpp"
#include "engine/masking_model.hpp"

using namespace tutti;

TEST_CASE(
    "The usual grid has 150 bands of 0.25 Cam, the exact one 372 of 0.1, shown in 75 and counted in 15") {
    struct Row {
        GridKind kind;
        int count;
        double step_cam, first_hz, last_hz;
    };
    for (const Row& row :
         {Row{GridKind::usual, 150, 0.25, 47.5, 15084.0}, Row{GridKind::exact, 372, 0.1, 49.0, 14919.0}}) {
        const MaskingGrid grid = masking_grid(48000, row.kind);
        CAPTURE(row.count);
        REQUIRE(grid.band_count() == row.count);
        CHECK(grid.band_step_cam == row.step_cam);
        CHECK(grid.band_hz.front() == Approx(row.first_hz).epsilon(2e-3));
        CHECK(grid.band_hz.back() == Approx(row.last_hz).epsilon(1e-4));
        CHECK(grid.display_band_count() == 75);
        CHECK(grid.group_count() == 15);
        const std::vector<double> shown_hz = display_band_hz();
        const std::vector<double> edges_hz = band_group_edges_hz();
        REQUIRE(shown_hz.size() == 75);
        REQUIRE(edges_hz.size() == 16);
        for (int band = 0; band < row.count; ++band) {
            CAPTURE(band);
            const double hz = grid.band_hz[band];
            if (band > 0) {
                CHECK(hz_to_cam(hz) - hz_to_cam(grid.band_hz[band - 1]) ==
                      Approx(row.step_cam).epsilon(1e-9));
            }
            CHECK(std::abs(hz_to_cam(hz) - hz_to_cam(shown_hz[grid.display_bands[band]])) <= 0.25 + 1e-9);
            CHECK(hz >= edges_hz[grid.band_groups[band]]);
            CHECK(hz < edges_hz[grid.band_groups[band] + 1]);
        }
    }
}

TEST_CASE("Every hertz from 20 Hz to 15 kHz, or to half the rate, is in one bin of one window") {
    for (const GridKind kind : {GridKind::usual, GridKind::exact}) {
        for (const int rate_hz : {8000, 44100, 48000, 96000, 192000}) {
            const MaskingGrid grid = masking_grid(rate_hz, kind);
            CAPTURE(rate_hz, static_cast<int>(kind));
            double edge_hz = 20.0;
            int component = 0;
            for (const SpectrumWindow& window : grid.windows) {
                CHECK(window.bin_spacing_hz <= 1.0 / (2.0 * window.length_s) + 1e-9);
                REQUIRE(window.components.size() == window.bin_hz.size());
                for (std::size_t bin = 0; bin < window.bin_hz.size(); ++bin) {
                    CHECK(window.bin_hz[bin] - window.bin_spacing_hz / 2.0 == Approx(edge_hz));
                    edge_hz += window.bin_spacing_hz;
                    CHECK(window.components[bin] >= component);
                    CHECK(window.components[bin] <= component + 1);
                    component = window.components[bin];
                }
            }
            CHECK(component == grid.component_count() - 1);
            if (rate_hz == 8000) {
                CHECK(edge_hz <= 4000.0);
                CHECK(edge_hz > 3800.0);
            } else {
                CHECK(edge_hz == Approx(15000.0));
            }
            for (int i = 1; i < grid.component_count(); ++i) {
                CHECK(grid.component_hz[i] > grid.component_hz[i - 1]);
            }
        }
    }
}

TEST_CASE("Analysing does not depend on the sample rate, but for what it cannot hold") {
    const MaskingGrid reference = masking_grid(48000, GridKind::usual);
    const MaskingGrid dense = masking_grid(192000, GridKind::usual);
    CHECK(dense.component_hz == reference.component_hz);
    const MaskingGrid coarse = masking_grid(8000, GridKind::usual);
    REQUIRE(coarse.component_count() < reference.component_count());
    for (int i = 0; i < coarse.component_count(); ++i) {
        CHECK(coarse.component_hz[i] == reference.component_hz[i]);
    }
    CHECK(coarse.band_hz == reference.band_hz);
    CHECK(coarse.windows.size() == 5);
}

TEST_CASE("A display grid's bands are the display bands") {
    const MaskingGrid grid = display_grid();
    CHECK(grid.band_hz == display_band_hz());
    CHECK(grid.band_count() == grid.display_band_count());
    CHECK(grid.group_count() == 15);
    CHECK(grid.component_count() == 0);
}

TEST_CASE("Components that are given stay as they are") {
    const std::vector<double> hz{100.0, 1000.0, 1600.0};
    const MaskingGrid grid = component_grid(hz, GridKind::exact);
    CHECK(grid.component_hz == hz);
    CHECK(grid.windows.empty());
    CHECK(grid.band_count() == 372);
}
