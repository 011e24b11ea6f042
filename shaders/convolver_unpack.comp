// Makes output rows, or adds to them: the last hop_frames of each block, where overlap-save leaves the linear convolution;
// silence where there are none.
// One invocation writes every workgroup_size-th of a few frames of one output row.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/rows.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { ConvolverUnpackPush push; };
layout(std430, set = 0, binding = 0) readonly buffer OutputRows { uint output_rows[]; };
// [output][block][transform_frames + 2]
layout(std430, set = 0, binding = 1) readonly buffer Blocks { float blocks[]; };
layout(std430, set = 0, binding = 2) readonly buffer Lists { uint lists[]; };

void main() {
    const uint number = lists[push.first_output + gl_WorkGroupID.y];
    const uint place = lists[push.first_output_place + number];
    const uint row = output_rows[number] & ~adds_to_row;
    const bool adds = output_rows[number] != row;
    const uint first = gl_WorkGroupID.x * workgroup_size * frames_per_invocation + gl_LocalInvocationID.x;
    for (uint k = 0; k < frames_per_invocation; ++k) {
        const uint frame = first + k * workgroup_size;
        if (frame >= push.rows.frame_count) break;
        const uint in_block = push.transform_frames - push.hop_frames + frame % push.hop_frames;
        const uint block = place * push.block_count + frame / push.hop_frames;
        float value = 0.0;
        if (place != nothing) value = blocks[block * (push.transform_frames + 2) + in_block];
        if (adds) value += read_row(push.rows, row, int(frame));
        write_row(push.rows, row, int(frame), value);
    }
}
