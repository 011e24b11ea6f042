#include "viewer/colour_map.hpp"

#include <algorithm>
#include <cmath>

#include "host/pictures/colour_map.hpp"

namespace tutti::viewer {

namespace {

/// A colour of the OKLab space (Ottosson 2020, "A perceptual color space for image processing"), in which
/// equal distances look about equal.
struct Lab {
    double lightness = 0.0;
    double a = 0.0;
    double b = 0.0;
};

std::uint32_t channel(double linear, unsigned shift) {
    const double clamped = std::clamp(linear, 0.0, 1.0);
    // IEC 61966-2-1, sRGB.
    const double encoded =
        clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * std::pow(clamped, 1.0 / 2.4) - 0.055;
    return static_cast<std::uint32_t>(std::lround(255.0 * encoded)) << shift;
}

std::uint32_t to_srgb(const Lab& lab) {
    const auto cube = [](double x) { return x * x * x; };
    const double l = cube(lab.lightness + 0.3963377774 * lab.a + 0.2158037573 * lab.b);
    const double m = cube(lab.lightness - 0.1055613458 * lab.a - 0.0638541728 * lab.b);
    const double s = cube(lab.lightness - 0.0894841775 * lab.a - 1.2914855480 * lab.b);
    return channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, 0) |
           channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, 8) |
           channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s, 16) | 0xff000000U;
}

/// Straight lines between colours that are equally far apart in the table.
template <std::size_t Count>
ColourTable table_through(const std::array<Lab, Count>& colours) {
    ColourTable table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double at = static_cast<double>(i) / (table.size() - 1) * (Count - 1);
        const std::size_t below = std::min(static_cast<std::size_t>(at), Count - 2);
        const double t = at - static_cast<double>(below);
        const Lab& x = colours[below];
        const Lab& y = colours[below + 1];
        table[i] = to_srgb(
            {x.lightness + t * (y.lightness - x.lightness), x.a + t * (y.a - x.a), x.b + t * (y.b - x.b)});
    }
    return table;
}

constexpr std::array dark_colours = {Lab{0.31, -0.010, -0.075}, Lab{0.46, 0.000, -0.080},
                                     Lab{0.61, 0.045, 0.030}, Lab{0.76, 0.070, 0.120},
                                     Lab{0.91, -0.005, 0.165}};
ColourTable reversed(ColourTable table) {
    std::reverse(table.begin(), table.end());
    return table;
}

ColourTable table_of(ColourMap map) {
    ColourTable table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Colour colour = colour_at(map, static_cast<double>(i) / (table.size() - 1));
        const auto byte = [](double channel, unsigned shift) {
            return static_cast<std::uint32_t>(std::lround(255.0 * channel)) << shift;
        };
        table[i] = byte(colour.red, 0) | byte(colour.green, 8) | byte(colour.blue, 16) | 0xff000000U;
    }
    return table;
}

}  // namespace

const ColourTable& amount_colours(Theme theme) {
    static const ColourTable dark = table_through(dark_colours);
    static const ColourTable light = table_of(ColourMap::amount);
    return theme == Theme::dark ? dark : light;
}

const ColourTable& margin_colours(Theme theme) {
    static const ColourTable dark = reversed(amount_colours(Theme::dark));
    static const ColourTable light = table_of(ColourMap::margin);
    return theme == Theme::dark ? dark : light;
}

}  // namespace tutti::viewer
