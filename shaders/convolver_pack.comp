// Makes the blocks to transform: each the partition before and the partition itself, from rows and what it kept.
// One invocation fills frame i of both halves of every block of one input, and keeps that of the last one.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/rows.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { ConvolverPackPush push; };
layout(std430, set = 0, binding = 0) readonly buffer InputRows { uint input_rows[]; };
// [input][partition_frames], of the chunk before
layout(std430, set = 0, binding = 1) buffer Previous { float previous[]; };
// [slot][input][2 * partition_frames + 2]
layout(std430, set = 0, binding = 2) writeonly buffer Blocks { float blocks[]; };

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i >= push.partition_frames) return;
    const uint tile_input = gl_WorkGroupID.y;
    const uint row = input_rows[push.first_input + tile_input];
    const uint block_stride = 2 * push.partition_frames + 2;
    float before = previous[tile_input * push.partition_frames + i];
    for (uint b = 0; b < push.block_count; ++b) {
        const float now = read_row(push.rows, row, int(b * push.partition_frames + i));
        const uint block = ((push.first_slot + b) * push.tile_input_count + tile_input) * block_stride;
        blocks[block + i] = before;
        blocks[block + push.partition_frames + i] = now;
        before = now;
    }
    previous[tile_input * push.partition_frames + i] = before;
}
