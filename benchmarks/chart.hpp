#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tutti::bench {

struct ChartPoint {
    double x = 0.0;
    double y = 0.0;
    double low = 0.0;  ///< of y, drawn as a bar from low to high
    double high = 0.0;
};

/// Okabe and Ito's palette for all kinds of colour vision (Color Universal Design, 2008), without its yellow,
/// which is too light for lines.
enum class ChartColour { black, orange, sky, green, blue, vermilion, purple, grey };

struct ChartLine {
    std::string name;  ///< written beside its last point
    std::vector<ChartPoint> points;
    ChartColour colour = ChartColour::black;
    bool bold = false;
    bool dashed = false;  ///< and without marks: a bound
};

/// Lines over two logarithmic axes, or one: decibels go on a linear one. Coordinates on a logarithmic axis
/// are positive.
struct Chart {
    std::string title;
    std::vector<std::string> notes;  ///< smaller, under the title
    std::string x_title;
    std::string y_title;
    std::vector<ChartLine> lines;
    bool y_is_linear = false;
};

inline constexpr int chart_width = 1600;
inline constexpr int chart_height = 1000;

/// Writes the chart as a PNG file that appears under its name when it is complete. Throws InputError when it
/// cannot be written or there is no point to draw.
void write_chart(const std::filesystem::path& file, const Chart& chart);

}  // namespace tutti::bench
