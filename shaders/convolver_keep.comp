// Keeps the end of the chunk as the past of the next one, when all blocks that need the past as it was are made.
// One invocation keeps one frame of one input.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/rows.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { ConvolverKeepPush push; };
layout(std430, set = 0, binding = 0) readonly buffer InputRows { uint input_rows[]; };
layout(std430, set = 0, binding = 1) writeonly buffer Past { float past[]; };  // [input][past_frames], a ring
layout(std430, set = 0, binding = 2) readonly buffer Lists { uint lists[]; };

void main() {
    const uint kept_count = min(push.past_frames, push.rows.frame_count);
    const uint i = gl_GlobalInvocationID.x;
    if (i >= kept_count) return;
    const uint tile_input = lists[push.first_sounding + gl_WorkGroupID.y];
    if (tile_input == nothing) return;
    const uint frame = push.rows.frame_count - kept_count + i;
    const uint at = (push.past_start + frame) % push.past_frames;
    past[tile_input * push.past_frames + at] = read_row(push.rows, input_rows[push.first_input + tile_input], int(frame));
}
