// What the viewer's shaders and viewer/gpu must agree on, seen by both: push constants. Only 32-bit members: std430 and C++
// then lay them out alike.
#ifndef TUTTI_SHADERS_VIEWER_LAYOUTS_H
#define TUTTI_SHADERS_VIEWER_LAYOUTS_H

#ifdef __cplusplus
#include <cstdint>
namespace tutti::shaders {
using uint = std::uint32_t;
#define TUTTI_VIEWER_CONST inline constexpr
#else
#define TUTTI_VIEWER_CONST const
#endif

/// Entries of a colour table.
TUTTI_VIEWER_CONST uint colour_count = 256;

/// Times that a field is kept at half the number of columns, at most.
TUTTI_VIEWER_CONST uint field_level_limit = 16;

/// A field of cells, drawn into a rectangle of the picture.
struct FieldPush {
    float left_px;  // of the rectangle
    float top_px;
    float right_px;
    float bottom_px;
    float picture_width_px;
    float picture_height_px;
    float first_column;  // at the rectangle's left edge, in cells of the level
    float last_column;   // at its right edge
    float first_row;     // at its top edge
    float last_row;      // at its bottom edge
    uint level_offset;   // of the level's cells, [row][column]
    uint column_count;   // of the level
    uint row_count;
    float low;  // value of the first colour
    float high;
    float line_px;  // between rows, left blank
};

#ifdef __cplusplus
}  // namespace tutti::shaders
#endif
#undef TUTTI_VIEWER_CONST

#endif
