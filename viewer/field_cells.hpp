#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace tutti::viewer {

/// A cell of a field: a value in IEEE half precision (NaN: none), and above it a height, 0 ... 65535 of the
/// row's.
using FieldCell = std::uint32_t;
inline constexpr FieldCell full_height = 0xffff0000U;
inline constexpr FieldCell no_value = full_height | 0x7e00U;

using ColourTable = std::array<std::uint32_t, 256>;  ///< red in the lowest byte, opaque

/// Where and how a field is seen. Columns and rows are positions in cells: 0 is the first one's edge.
struct FieldView {
    float left_px = 0.0F;
    float top_px = 0.0F;
    float right_px = 0.0F;
    float bottom_px = 0.0F;
    double first_column = 0.0;  ///< at the left edge
    double last_column = 0.0;
    double first_row = 0.0;  ///< at the top edge
    double last_row = 0.0;
    float low = 0.0F;  ///< the value of the first colour
    float high = 1.0F;
    float line_px = 0.0F;  ///< kept blank between rows
};

/// A cell of full height with a value; without one where it is NaN.
FieldCell cell_of(float value);

/// The same cells with half the columns (the last one alone where the number is odd): the mean of what has a
/// value, as high as the higher.
std::vector<FieldCell> halve_columns(std::span<const FieldCell> cells, int column_count, int row_count);

}  // namespace tutti::viewer
