#pragma once

#include <array>
#include <cstdint>

namespace tutti {

/// sRGB, 0 ... 1.
struct Colour {
    double red = 0.0, green = 0.0, blue = 0.0;
};

/// Maps whose lightness (CIELAB L*) rises or falls evenly, so that equal steps look equal to every kind of
/// colour vision and in grey; linear in sRGB between eleven colours.
enum class ColourMap {
    margin,  ///< dark: hidden, bright: clear. Viridis of Smith & van der Walt (matplotlib 2.0, 2015, CC0)
    amount,  ///< pale: little, dark: much. YlGnBu of Brewer (ColorBrewer; Harrower & Brewer, Cartogr. J. 40
             ///< (2003) 27-37), its points moved to even steps of L*
    growth,  ///< the same in YlOrBr of Brewer: beside `amount`, for what became more
};

inline constexpr int colour_map_points = 11;
const std::array<std::array<std::uint8_t, 3>, colour_map_points>& colour_map_table(ColourMap map);

/// `place` 0 ... 1 along the map; beyond, its ends.
Colour colour_at(ColourMap map, double place);

/// Margins are shown from -10 dB (and below) to 25 dB (and above).
inline constexpr double least_shown_margin_db = -10.0;
inline constexpr double greatest_shown_margin_db = 25.0;
double margin_place(double margin_db);

/// Amounts are shown on a logarithmic scale of two decades below the greatest, rounded up to 1, 2 or 5
/// times a power of ten.
struct AmountScale {
    double greatest = 1.0;

    explicit AmountScale(double greatest_value);
    double least() const { return greatest / 100.0; }

    /// 0 at least(), 1 at greatest; below 0 for what is less: shown blank.
    double place(double amount) const;
};

}  // namespace tutti
