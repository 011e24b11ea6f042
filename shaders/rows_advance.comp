// Makes the past of the next chunk: moves each row's last history_count frames to its front.
// One workgroup moves one row in steps of a frame per invocation, front first, so that overlapping is harmless.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { AdvancePush push; };
// One name for both uses, unlike in rows.glsl: here the order of reads and writes of one place matters.
layout(std430, set = 1, binding = 1) buffer Rows { float samples[]; } rows[tile_limit];

void main() {
    const uint tile = gl_WorkGroupID.x / push.rows.rows_per_tile;
    const uint row_begin = gl_WorkGroupID.x % push.rows.rows_per_tile * push.rows.row_stride;
    for (uint first = 0; first < push.rows.history_count; first += workgroup_size) {
        const uint at = first + gl_LocalInvocationID.x;
        const bool inside = at < push.rows.history_count;
        float value = 0.0;
        if (inside) value = rows[tile].samples[row_begin + at + push.rows.frame_count];
        // With a chunk shorter than the past, this step overwrites frames that it also reads, but none of later steps.
        memoryBarrierBuffer();
        barrier();
        if (inside) rows[tile].samples[row_begin + at] = value;
    }
}
