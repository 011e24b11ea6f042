#include <png.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <set>

#include "engine/errors.hpp"
#include "host/half_float.hpp"
#include "host/masking_report.hpp"
#include "host/pictures/colour_map.hpp"
#include "host/pictures/masking_axes.hpp"
#include "host/pictures/masking_pictures.hpp"
#include "host/pictures/named_regions.hpp"
#include "tests/audio_files.hpp"
#include "tests/masking_session.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

using Pixel = std::array<int, 3>;

/// A PNG file, read by libpng's own reader.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> bytes;

    explicit Picture(const std::filesystem::path& file) {
        png_image image{};
        image.version = PNG_IMAGE_VERSION;
        REQUIRE(png_image_begin_read_from_file(&image, file.c_str()) != 0);
        image.format = PNG_FORMAT_RGB;
        width = static_cast<int>(image.width);
        height = static_cast<int>(image.height);
        bytes.resize(PNG_IMAGE_SIZE(image));
        REQUIRE(png_image_finish_read(&image, nullptr, bytes.data(), 0, nullptr) != 0);
    }

    Pixel at(int x, int y) const {
        const std::size_t first =
            3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
        return {bytes[first], bytes[first + 1], bytes[first + 2]};
    }

    /// More than black on white.
    bool has_many_colours() const {
        std::set<Pixel> colours;
        for (int y = 0; y < height; y += 2) {
            for (int x = 0; x < width && colours.size() <= 50; ++x) colours.insert(at(x, y));
        }
        return colours.size() > 50;
    }

    /// The corner of a square of one colour, `side` wide.
    bool has_square(int x, int y, int side, const Pixel& colour) const {
        for (int i = 0; i < side * side; ++i) {
            if (at(x + i % side, y + i / side) != colour) return false;
        }
        return true;
    }
};

constexpr Pixel white = {255, 255, 255};

Pixel pixel_of(const Colour& colour) {
    const auto byte = [](double part) { return static_cast<int>(std::lround(255.0 * part)); };
    return {byte(colour.red), byte(colour.green), byte(colour.blue)};
}

bool is_near(const Pixel& a, const Pixel& b) {
    for (std::size_t i = 0; i < 3; ++i) {
        if (std::abs(a[i] - b[i]) > 3) return false;
    }
    return true;
}

/// CIE 1976 L* of a colour in sRGB (IEC 61966-2-1).
double lightness(const std::array<std::uint8_t, 3>& colour) {
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    const double y = 0.2126 * linear(colour[0] / 255.0) + 0.7152 * linear(colour[1] / 255.0) +
                     0.0722 * linear(colour[2] / 255.0);
    return y > 216.0 / 24389.0 ? 116.0 * std::cbrt(y) - 16.0 : y * 24389.0 / 27.0;
}

}  // namespace

TEST_CASE("Equal steps of a colour map are equal steps of lightness") {
    const ColourMap map = GENERATE(ColourMap::margin, ColourMap::amount, ColourMap::growth);
    const auto& table = colour_map_table(map);
    const double whole = lightness(table.back()) - lightness(table.front());
    CHECK(std::abs(whole) > 70.0);
    for (std::size_t i = 1; i < table.size(); ++i) {
        CAPTURE(i);
        // Viridis varies by a little more than a unit; the just noticeable difference is about one.
        CHECK(lightness(table[i]) - lightness(table[i - 1]) == Approx(whole / 10.0).margin(1.6));
    }
    CHECK(pixel_of(colour_at(map, 0.3)) == Pixel{table[3][0], table[3][1], table[3][2]});
    CHECK(pixel_of(colour_at(map, 7.0)) == pixel_of(colour_at(map, 1.0)));
}

TEST_CASE("An amount's scale ends at a round number and shows two decades") {
    CHECK(AmountScale(0.0).greatest == 1.0);
    CHECK(AmountScale(3.2).greatest == Approx(5.0));
    CHECK(AmountScale(0.011).greatest == Approx(0.02));
    CHECK(AmountScale(1000.0).greatest == Approx(1000.0));
    const AmountScale scale(100.0);
    CHECK(scale.place(100.0) == Approx(1.0));
    CHECK(scale.place(10.0) == Approx(0.5));
    CHECK(scale.place(0.5) < 0.0);
    CHECK(scale.place(0.0) < 0.0);
}

TEST_CASE("Numbers on pictures have two digits that mean something, and no tenths of what is large") {
    CHECK(amount_text(0.0) == "0");
    CHECK(amount_text(0.034) == "0.03");
    CHECK(amount_text(5.0) == "5");
    CHECK(amount_text(5.27) == "5.3");
    CHECK(amount_text(12.4) == "12");
    CHECK(amount_text(3456.0) == "3500");
    CHECK(tick_clock_text(59.9) == "1:00");
    CHECK(tick_clock_text(3725.0) == "1:02:05");
    CHECK(percent_text(0.003) == "under 1 %");
    CHECK(percent_text(0.31) == "31 %");
}

TEST_CASE("Names stand in the largest rectangle of their own that holds them, and never in one another") {
    // Label 0 in a strip too low for it, 1 in a large block with a hole, 2 wide enough only once.
    const std::vector<int> labels = {0, 0, 0,  0, 0, 0,  0,  0,  //
                                     1, 1, 1,  1, 1, 2,  2,  2,  //
                                     1, 1, 1,  1, 1, 2,  2,  2,  //
                                     1, 1, -1, 1, 1, -1, -1, -1};
    const auto regions = named_regions(
        labels, 8, 4,
        [](int label) {
            return label == 0 ? TextCells{3, 2} : TextCells{3, 1};
        },
        9);
    REQUIRE(regions.size() == 2);
    CHECK(regions[0].label == 1);
    CHECK(regions[0].column_count == 5);
    CHECK(regions[0].first_row == 1);
    CHECK(regions[0].row_count == 2);
    CHECK(regions[1].label == 2);
    CHECK(regions[1].first_column == 5);
    CHECK(named_regions(
              labels, 8, 4,
              [](int) {
                  return TextCells{1, 1};
              },
              1)
              .size() == 1);
}

namespace {

/// The middle of a cell of a matrix of four: those on the diagonal are grey, and tell where all are.
struct MatrixOfFour {
    const Picture& picture;
    int left = picture.width;
    int top = picture.height;
    int right = 0;
    int bottom = 0;

    explicit MatrixOfFour(const Picture& of) : picture(of) {
        const Pixel grey = pixel_of({0.9, 0.9, 0.91});
        constexpr int side = 20;
        for (int y = 0; y + side <= picture.height; ++y) {
            for (int x = 0; x + side <= picture.width; ++x) {
                if (!picture.has_square(x, y, side, grey)) continue;
                left = std::min(left, x);
                right = std::max(right, x + side);
                top = std::min(top, y);
                bottom = std::max(bottom, y + side);
            }
        }
    }

    Pixel cell(int row, int column) const {
        return picture.at(left + (right - left) * (2 * column + 1) / 8,
                          top + (bottom - top) * (2 * row + 1) / 8);
    }
};

}  // namespace

TEST_CASE(
    "In the matrix the one clash is dark in the target's row and the masker's column, and blank the other "
    "way round") {
    const TempFolder folder;
    MaskingResults results = synthetic_masking(4, 12.0);
    for (std::size_t i = 0; i < 4; ++i) results.tracks.objects[i].group = "All";
    std::fill(results.tracks.clash.begin(), results.tracks.clash.end(), 0.0F);
    const MaskingShape shape(results, results.tracks);
    results.tracks.clash[shape.pair(1, 8, 2, 3)] = 10.0F;
    draw_track_matrix(MaskingScene(results, false, 1.0), folder / "matrix.png");
    const Picture picture(folder / "matrix.png");

    const MatrixOfFour matrix(picture);
    const Pixel grey = pixel_of({0.9, 0.9, 0.91});
    CHECK(matrix.cell(0, 0) == grey);
    CHECK(matrix.cell(3, 3) == grey);
    CHECK(is_near(matrix.cell(2, 3), pixel_of(colour_at(ColourMap::amount, 1.0))));
    CHECK(matrix.cell(3, 2) == white);
    CHECK(matrix.cell(0, 1) == white);
}

TEST_CASE("In the difference of two matrices less is blue, more is brown, and the unmatched have no row") {
    const TempFolder folder;
    MaskingResults results = synthetic_masking(5, 12.0);
    for (MaskingObject& object : results.tracks.objects) object.group = "All";
    MaskingComparison comparison;
    comparison.after = {0, 1, 2, 4};
    comparison.clash_difference.assign(16, 0.0);
    comparison.clash_difference[1 * 4 + 3] = -10.0;
    comparison.clash_difference[3 * 4 + 1] = 1.0;
    draw_difference_matrix(MaskingScene(results, false, 1.0), comparison, folder / "difference.png");
    const Picture picture(folder / "difference.png");
    const MatrixOfFour matrix(picture);
    CHECK(is_near(matrix.cell(1, 3), pixel_of(colour_at(ColourMap::amount, 1.0))));
    CHECK(is_near(matrix.cell(3, 1), pixel_of(colour_at(ColourMap::growth, 0.6))));
    CHECK(matrix.cell(0, 2) == white);
}

TEST_CASE(
    "A target's heatmap is bright where it is clear, dark where it is hidden, blank where it is silent") {
    const TempFolder folder;
    MaskingResults results = synthetic_masking(4, 12.0);
    const MaskingShape shape(results, results.tracks);
    for (int hop = 0; hop < shape.hops; ++hop) {
        for (int band = 0; band < shape.bands; ++band) {
            const float margin = hop < 40   ? 30.0F
                                 : hop < 80 ? -15.0F
                                            : std::numeric_limits<float>::quiet_NaN();
            results.tracks.margin_db[shape.cell(2, hop, band)] = to_half(margin);
        }
    }
    draw_target(MaskingScene(results, false, 1.0), 2, folder / "target.png");
    const Picture picture(folder / "target.png");
    // Between lines of the axes: the plot spans 78 ... 890, 84 ... 480, of which 12 s and 20 Hz ... 20 kHz.
    const auto near_the_top = [&](double s) {
        return picture.at(static_cast<int>(78 + s / 12.0 * 812), 130);
    };
    CHECK(is_near(near_the_top(1.5), pixel_of(colour_at(ColourMap::margin, 1.0))));
    CHECK(is_near(near_the_top(4.5), pixel_of(colour_at(ColourMap::margin, 0.0))));
    CHECK(near_the_top(10.5) == white);
    CHECK(picture.at(500, 95) != white);  // above 15 kHz: hatched
}

TEST_CASE("A masker's picture is darkest where and when it hides most") {
    const TempFolder folder;
    MaskingResults results = synthetic_masking(4, 20.0);
    std::fill(results.tracks.clash.begin(), results.tracks.clash.end(), 0.0F);
    const MaskingShape shape(results, results.tracks);
    for (int group = 0; group < shape.groups; ++group) {
        results.tracks.clash[shape.pair(0, group, 1, 3)] = 0.1F;
        results.tracks.clash[shape.pair(1, group, 2, 3)] = 1.0F;
    }
    draw_masker(MaskingScene(results, false, 1.0), 3, folder / "masker.png");
    const Picture picture(folder / "masker.png");
    CHECK(is_near(picture.at(150, 137), pixel_of(colour_at(ColourMap::amount, 0.5))));
    CHECK(is_near(picture.at(850, 137), pixel_of(colour_at(ColourMap::amount, 1.0))));
}

TEST_CASE("The cell in which a masker hides most bears a name, though the name is wider") {
    const TempFolder folder;
    MaskingResults results = synthetic_masking(4, 400.0);
    std::fill(results.tracks.clash.begin(), results.tracks.clash.end(), 0.0F);
    const MaskingShape shape(results, results.tracks);
    // The 12th of 40 stretches, alone in its range.
    results.tracks.clash[shape.pair(12, 7, 2, 3)] = 1.0F;
    for (int section = 0; section < shape.sections; ++section)
        results.tracks.clash[shape.pair(section, 3, 1, 3)] = 0.5F;
    draw_masker(MaskingScene(results, false, 1.0), 3, folder / "masker.png");
    const Picture picture(folder / "masker.png");
    const Box plot = {78.0, 84.0, 890.0, 440.0};
    const Box cell = CamAxis(plot).band_group(7, plot.left + 12.0 * 20.3, plot.left + 13.0 * 20.3);
    int letters = 0;
    for (int y = static_cast<int>(cell.top) + 3; y < static_cast<int>(cell.bottom) - 3; ++y) {
        for (int x = static_cast<int>(cell.left) + 3; x < static_cast<int>(cell.right) - 3; ++x)
            letters += is_near(picture.at(x, y), white) ? 1 : 0;
    }
    CHECK(letters > 5);
}

TEST_CASE("Pictures have twice as many pixels at twice the scale, and something on them") {
    const TempFolder folder;
    const MaskingResults results = synthetic_masking(3, 12.0);
    const std::filesystem::path once = folder / "once";
    const std::filesystem::path twice = folder / "twice";
    write_masking_report(results, {}, once, {false, true, false, 1.0});
    write_masking_report(results, {}, twice, {false, true, false, 2.0});
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(once)) {
        if (entry.path().extension() != ".png") continue;
        INFO(entry.path());
        const Picture small(entry.path());
        const Picture large(twice / entry.path().filename());
        CHECK(std::abs(2 * small.width - large.width) <= 1);
        CHECK(std::abs(2 * small.height - large.height) <= 1);
        CHECK(small.width >= 600);
        CHECK(small.has_many_colours());
        ++count;
    }
    CHECK(count == 3 + 2 * 3);
}

TEST_CASE("Of many tracks those with the greatest clash are drawn, or all on request") {
    const MaskingResults results = synthetic_masking(43, 1.0);
    CHECK(MaskingScene(results, false, 1.0).shown.size() == 40);
    CHECK(MaskingScene(results, true, 1.0).shown.size() == 43);
}

TEST_CASE("Pictures of sessions with strange names and lengths are drawn") {
    const TempFolder folder;
    MaskingResults results = synthetic_masking(3, GENERATE(0.1, 400.0));
    results.tracks.objects[0].name.clear();
    results.tracks.objects[1].name = std::string(300, 'W') + "ü🎵/..\\";
    results.tracks.objects[2].name = results.tracks.objects[1].name;
    results.from_s = 5000.0;
    results.tempo_bpm = 0.5;
    write_masking_report(results, {}, folder / "report", {false, true, true, 0.5});
    CHECK(read_masking_report(folder / "report").tracks.objects[1].name == results.tracks.objects[1].name);
}

TEST_CASE("A picture that cannot be written says where and why") {
    const MaskingResults results = synthetic_masking(3, 1.0);
    CHECK_THROWS_AS(draw_overview(MaskingScene(results, false, 1.0), "/nowhere/overview.png"), InputError);
}
