// Makes the blocks to transform, from the past that was kept and from rows, for the inputs that sound.
// One invocation fills every workgroup_size-th of a few frames of one block of one input.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/rows.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { ConvolverPackPush push; };
layout(std430, set = 0, binding = 0) readonly buffer InputRows { uint input_rows[]; };
layout(std430, set = 0, binding = 1) readonly buffer Past { float past[]; };  // [input][past_frames], a ring
// [block][transform_frames + 2]
layout(std430, set = 0, binding = 2) writeonly buffer Blocks { float blocks[]; };
layout(std430, set = 0, binding = 3) readonly buffer Lists { uint lists[]; };

void main() {
    const uint tile_input = lists[push.first_sounding + gl_WorkGroupID.y];
    if (tile_input == nothing) return;  // in other tiles more of them sound
    const uint block = gl_WorkGroupID.z;
    const uint row = input_rows[push.first_input + tile_input];
    const uint number = push.first_block + gl_WorkGroupID.y * push.block_count + block;
    const uint begin = number * (push.transform_frames + 2);
    const uint first = gl_WorkGroupID.x * workgroup_size * frames_per_invocation + gl_LocalInvocationID.x;
    for (uint k = 0; k < frames_per_invocation; ++k) {
        const uint i = first + k * workgroup_size;
        if (i >= push.transform_frames) break;
        // Behind the last block's part of the chunk there is nothing: what it would make of it is not read.
        const uint at = block * push.hop_frames + i;
        float x = 0.0;
        if (at < push.past_frames) {
            uint place = push.past_start + at;
            if (place >= push.past_frames) place -= push.past_frames;
            x = past[tile_input * push.past_frames + place];
        } else if (at - push.past_frames < push.rows.frame_count) {
            x = read_row(push.rows, row, int(at - push.past_frames));
        }
        blocks[begin + i] = x;
    }
}
