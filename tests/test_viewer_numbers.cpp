#include <catch2/catch.hpp>
#include <cmath>

#include "engine/masking_model.hpp"
#include "host/half_float.hpp"
#include "host/pictures/colour_map.hpp"
#include "tests/viewer_report.hpp"
#include "viewer/axes.hpp"
#include "viewer/blame.hpp"
#include "viewer/colour_map.hpp"
#include "viewer/field_cells.hpp"
#include "viewer/heatmap_cells.hpp"

using namespace tutti;
using namespace tutti::viewer;

namespace {

int track(const std::string& name) { return find_object(*tests::small_report()->tracks().view, name); }

const Stretch planted{10.0, 20.0, hz_to_cam(1900.0), hz_to_cam(3100.0)};

float value_of(FieldCell cell) { return from_half(static_cast<std::uint16_t>(cell & 0xffffU)); }

}  // namespace

TEST_CASE("a region's numbers name the masker that was planted there") {
    const Report& report = *tests::small_report();
    const RegionNumbers numbers = region_numbers(report, report.tracks(), track("Lead Vox"), planted);
    REQUIRE_FALSE(numbers.maskers.empty());
    CHECK(numbers.maskers.front().object == track("Pad 1"));
    CHECK(numbers.maskers.front().share > 0.5);
    CHECK(numbers.audibility[0] > 0.9);  // inaudible
    CHECK(numbers.active_s > 5.0);
    CHECK(numbers.active_s <= 10.0 + 1e-9);
    double shares = 0.0;
    for (const Share& share : numbers.maskers) shares += share.share;
    CHECK(shares == Approx(1.0));
}

TEST_CASE("all of a report as a region has the shares of its summary") {
    const Report& report = *tests::small_report();
    const MaskingShape& shape = report.tracks().shape;
    const MaskingView& view = *report.tracks().view;
    const RegionNumbers numbers = region_numbers(report, report.tracks(), track("Snare"), everything(report));
    double active = 0.0;
    double inaudible = 0.0;
    for (int hop = 0; hop < shape.hops; ++hop) {
        for (int band = 0; band < shape.bands; ++band) {
            const float margin = from_half(view.margin_db[shape.cell(track("Snare"), hop, band)]);
            active += std::isnan(margin) ? 0.0 : 1.0;
            inaudible += margin < 0.0F ? 1.0 : 0.0;
        }
    }
    REQUIRE(active > 0.0);
    CHECK(numbers.audibility[0] == Approx(inaudible / active));
}

TEST_CASE("a region in which nothing plays has no numbers") {
    const Report& report = *tests::small_report();
    const Stretch above{10.0, 20.0, hz_to_cam(16000.0), hz_to_cam(20000.0)};
    const RegionNumbers numbers = region_numbers(report, report.tracks(), track("Lead Vox"), above);
    CHECK(numbers.active_s == 0.0);
    CHECK(numbers.maskers.empty());
}

TEST_CASE("a return and its sources do not blame each other") {
    const Report& report = *tests::small_report();
    const int plate = track("Plate");
    const int source = report.results().tracks.objects[plate].sources.front();
    const RegionNumbers numbers = region_numbers(report, report.tracks(), source, everything(report));
    for (const Share& share : numbers.maskers) CHECK(share.object != plate);
}

TEST_CASE("the spectrum's threshold lies under the target by the margin of the report") {
    const Report& report = *tests::small_report();
    const int target = track("Lead Vox");
    const int hop = 150;
    const Spectrum spectrum = spectrum_at(report, report.tracks(), target, hop, 3);
    const MaskingShape& shape = report.tracks().shape;
    int active = 0;
    for (int band = 0; band < shape.bands; ++band) {
        const float margin = from_half(report.tracks().view->margin_db[shape.cell(target, hop, band)]);
        if (std::isnan(margin)) {
            CHECK(std::isnan(spectrum.threshold_db[band]));
            continue;
        }
        ++active;
        CHECK(spectrum.target_db[band] - spectrum.threshold_db[band] == Approx(margin).margin(1e-3));
    }
    CHECK(active > 10);
    REQUIRE(spectrum.maskers.size() == 3);
    CHECK(spectrum.maskers[0].share >= spectrum.maskers[1].share);
}

TEST_CASE("halving columns keeps means of what has a value, and heights") {
    const std::vector<FieldCell> cells = {cell_of(1.0F), cell_of(3.0F), no_value,     cell_of(-2.0F),
                                          no_value,      no_value,      cell_of(7.0F)};
    const std::vector<FieldCell> halved = halve_columns(cells, 7, 1);
    REQUIRE(halved.size() == 4);
    CHECK(value_of(halved[0]) == 2.0F);
    CHECK(value_of(halved[1]) == -2.0F);
    CHECK(std::isnan(value_of(halved[2])));
    CHECK(value_of(halved[3]) == 7.0F);
    const FieldCell low = (cell_of(1.0F) & 0xffffU) | 0x1000U << 16U;
    CHECK(halve_columns(std::vector{low, cell_of(1.0F)}, 2, 1).front() >> 16U == 0xffffU);
}

TEST_CASE("a heatmap has its object's margins, bands as rows") {
    const Report& report = *tests::small_report();
    const MaskingShape& shape = report.tracks().shape;
    const int target = track("Gtr L");
    const HeatmapCells cells = heatmap_cells(report.tracks(), target, Shade::margin);
    REQUIRE(cells.column_count == shape.hops);
    REQUIRE(cells.row_count == shape.bands);
    for (int hop = 0; hop < shape.hops; hop += 7) {
        for (int band = 0; band < shape.bands; ++band) {
            const std::uint16_t half = report.tracks().view->margin_db[shape.cell(target, hop, band)];
            CHECK(cells.cells[static_cast<std::size_t>(band) * shape.hops + hop] == (full_height | half));
        }
    }
}

TEST_CASE("the masker that was planted is written into the target's heatmap where it was") {
    const Report& report = *tests::small_report();
    const double group_of_2_4_khz = band_position(hz_to_cam(2400.0)) / 5.0;
    bool found = false;
    for (const HiddenArea& area :
         hidden_areas(report.tracks(), track("Lead Vox"), report.results().section_s)) {
        const bool is_there = area.first_section <= 1 && area.first_section + area.section_count > 1 &&
                              area.first_group <= group_of_2_4_khz &&
                              area.first_group + area.group_count > group_of_2_4_khz;
        if (is_there) CHECK(area.masker == track("Pad 1"));
        found = found || is_there;
    }
    CHECK(found);
}

TEST_CASE("rulers have round numbers, not too close to each other") {
    const auto times = time_ticks(3.0, 187.0, 20.0);
    REQUIRE(times.size() == 6);
    CHECK(times.front().text == "0:30");
    CHECK(times.back().text == "3:00");
    CHECK(time_ticks(3590.0, 3610.0, 5.0)[2].text == "1:00:00");
    for (const double least : {0.5, 1.0, 3.0}) {
        double last = -INFINITY;
        for (const Tick& tick : frequency_ticks(hz_to_cam(20.0), hz_to_cam(20000.0), least)) {
            if (tick.text.empty()) continue;
            CHECK(tick.at - last >= least);
            last = tick.at;
        }
    }
    CHECK(moment_text(83.44) == "1:23.4");
    CHECK(moment_text(59.97) == "1:00.0");
    CHECK(frequency_and_note(440.0) == "440 Hz (A4)");
    CHECK(frequency_and_note(261.63) == "260 Hz (C4)");
}

TEST_CASE("bars count from one at the session's tempo") {
    MaskingResults results;
    CHECK(bar_ticks(results, 0.0, 60.0, 1.0).empty());
    results.tempo_bpm = 120.0;
    results.beats_per_bar = 4;
    const auto bars = bar_ticks(results, 1.0, 9.0, 1.5);
    REQUIRE(bars.size() == 4);
    CHECK(bars.front().at == Approx(2.0));
    CHECK(bars.front().text == "2");
}

TEST_CASE("colours change evenly in lightness from one end of their map to the other") {
    for (const Theme theme : {Theme::dark, Theme::light}) {
        const ColourTable& colours = amount_colours(theme);
        double last = theme == Theme::dark ? -1.0 : 256.0;
        for (std::size_t i = 0; i < colours.size(); i += 15) {
            const std::uint32_t colour = colours[i];
            CHECK(colour >> 24U == 0xffU);
            // Luma of ITU-R BT.601: enough to see the order.
            const double luma =
                0.299 * (colour & 0xffU) + 0.587 * (colour >> 8U & 0xffU) + 0.114 * (colour >> 16U & 0xffU);
            if (theme == Theme::dark) CHECK(luma > last);
            if (theme == Theme::light) CHECK(luma < last);
            last = luma;
        }
    }
}

TEST_CASE("positions in display bands go there and back on the Cam scale") {
    for (const double cam : {2.0, 10.3, 38.0}) CHECK(band_position_to_cam(band_position(cam)) == Approx(cam));
    CHECK(band_position(hz_to_cam(display_band_hz().front())) == Approx(0.5));
    CHECK(band_position(hz_to_cam(display_band_hz().back())) == Approx(74.5));
}

TEST_CASE("moments have their bar and beat where there is a tempo") {
    MaskingResults results;
    CHECK(moment_and_bar(results, 61.0) == "1:01.0");
    results.tempo_bpm = 120.0;
    CHECK(bar_text(results, 0.0) == "bar 1.1");
    CHECK(bar_text(results, 1.9999) == "bar 1.4");
    CHECK(bar_text(results, 2.0) == "bar 2.1");
    CHECK(moment_and_bar(results, 61.6) == "1:01.6 (bar 31.4)");
    results.beats_per_bar = 3;
    CHECK(bar_text(results, 1.5) == "bar 2.1");
    CHECK(note_text(440.0) == "A4");
    CHECK(note_text(2400.0) == "D7");
}
