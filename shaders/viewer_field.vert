#version 450
// The rectangle of a field, as two triangles.
// One invocation makes one of the six corners.
#extension GL_GOOGLE_include_directive : require
#include "shaders/viewer_layouts.h"

layout(push_constant) uniform Push {
    FieldPush field;
};

layout(location = 0) out vec2 where_px;

void main() {
    const uint corners[6] = uint[](0, 1, 2, 2, 1, 3);
    const uint corner = corners[gl_VertexIndex];
    where_px = vec2((corner & 1u) == 0u ? field.left_px : field.right_px,
                    (corner & 2u) == 0u ? field.top_px : field.bottom_px);
    const vec2 share = where_px / vec2(field.picture_width_px, field.picture_height_px);
    gl_Position = vec4(share * 2.0 - 1.0, 0.0, 1.0);
}
