#include "host/pictures/colour_map.hpp"

#include <algorithm>
#include <cmath>

namespace tutti {

const std::array<std::array<std::uint8_t, 3>, colour_map_points>& colour_map_table(ColourMap map) {
    using Table = std::array<std::array<std::uint8_t, 3>, colour_map_points>;
    static constexpr Table margin = {{{68, 1, 84},
                                      {72, 37, 118},
                                      {65, 68, 135},
                                      {53, 96, 141},
                                      {42, 120, 142},
                                      {33, 144, 140},
                                      {34, 168, 132},
                                      {67, 191, 113},
                                      {122, 209, 81},
                                      {187, 223, 39},
                                      {253, 231, 37}}};
    static constexpr Table amount = {{{255, 255, 217},
                                      {210, 237, 179},
                                      {159, 217, 184},
                                      {105, 195, 191},
                                      {57, 171, 195},
                                      {29, 145, 192},
                                      {35, 118, 179},
                                      {35, 92, 167},
                                      {38, 65, 154},
                                      {27, 44, 126},
                                      {8, 29, 88}}};
    static constexpr Table growth = {{{255, 255, 229},
                                      {254, 231, 153},
                                      {254, 203, 95},
                                      {254, 173, 59},
                                      {249, 142, 36},
                                      {237, 114, 21},
                                      {217, 91, 9},
                                      {193, 71, 2},
                                      {164, 57, 4},
                                      {133, 46, 5},
                                      {102, 37, 6}}};
    return map == ColourMap::margin ? margin : map == ColourMap::amount ? amount : growth;
}

Colour colour_at(ColourMap map, double place) {
    const auto& table = colour_map_table(map);
    const double at = std::clamp(place, 0.0, 1.0) * (colour_map_points - 1);
    const auto low = static_cast<std::size_t>(std::min(at, colour_map_points - 2.0));
    const double part = at - static_cast<double>(low);
    const auto mix = [&](std::size_t channel) {
        return ((1.0 - part) * table[low][channel] + part * table[low + 1][channel]) / 255.0;
    };
    return {mix(0), mix(1), mix(2)};
}

double margin_place(double margin_db) {
    return std::clamp(
        (margin_db - least_shown_margin_db) / (greatest_shown_margin_db - least_shown_margin_db), 0.0, 1.0);
}

AmountScale::AmountScale(double greatest_value) {
    if (!(greatest_value > 0.0)) return;
    const double decade = std::pow(10.0, std::floor(std::log10(greatest_value)));
    for (const double digit : {1.0, 2.0, 5.0, 10.0}) {
        greatest = digit * decade;
        if (greatest >= greatest_value) break;
    }
}

double AmountScale::place(double amount) const {
    return amount > 0.0 ? 1.0 + std::log10(amount / greatest) / 2.0 : -1.0;
}

}  // namespace tutti
