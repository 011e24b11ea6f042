#version 450
// The colours of a field of cells: a value by its place in a colour table, nothing where there is no value.
// One invocation colours one pixel: the mean of the cells that it covers from left to right, each as tall as it says.
#extension GL_GOOGLE_include_directive : require
#include "shaders/viewer_layouts.h"

layout(push_constant) uniform Push {
    FieldPush field;
};

// Of all levels, one after the other. A cell: the value in half precision, NaN: none; above it the height, 0 ... 65535.
layout(set = 0, binding = 0, std430) readonly buffer Cells {
    uint cells[];
};
layout(set = 0, binding = 1, std430) readonly buffer Colours {
    uint colours[colour_count];  // red in the lowest byte
};

layout(location = 0) in vec2 where_px;
layout(location = 0) out vec4 colour;

void main() {
    const float columns_per_px = (field.last_column - field.first_column) / (field.right_px - field.left_px);
    const float rows_per_px = (field.last_row - field.first_row) / (field.bottom_px - field.top_px);
    const float row_at = field.first_row + (where_px.y - field.top_px) * rows_per_px;
    if (row_at < 0.0 || row_at >= float(field.row_count)) discard;
    const uint row = uint(row_at);
    // From the row's foot, 0 ... 1.
    const float height = rows_per_px > 0.0 ? 1.0 - fract(row_at) : fract(row_at);
    if (height * (1.0 / abs(rows_per_px)) < field.line_px) discard;

    const float middle = field.first_column + (where_px.x - field.left_px) * columns_per_px;
    const int first = max(0, int(floor(middle - 0.5 * columns_per_px + 0.5)));
    const int last = min(int(field.column_count) - 1, max(first, int(ceil(middle + 0.5 * columns_per_px - 0.5)) - 1));
    const int begin = columns_per_px < 1.0 ? int(floor(middle)) : first;
    const int end = columns_per_px < 1.0 ? begin : last;
    if (begin < 0 || end >= int(field.column_count)) discard;

    float sum = 0.0;
    float count = 0.0;
    float tallest = 0.0;
    for (int column = begin; column <= end; ++column) {
        const uint cell = cells[field.level_offset + row * field.column_count + uint(column)];
        if ((cell & 0x7fffu) > 0x7c00u) continue;  // NaN, whatever the driver makes of it
        sum += unpackHalf2x16(cell).x;
        count += 1.0;
        tallest = max(tallest, float(cell >> 16) * (1.0 / 65535.0));
    }
    if (count == 0.0 || height > tallest) discard;
    const float share = clamp((sum / count - field.low) / (field.high - field.low), 0.0, 1.0);
    colour = unpackUnorm4x8(colours[uint(share * float(colour_count - 1u) + 0.5)]);
}
