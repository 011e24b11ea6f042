// Makes output rows, or adds to them: the last hop_frames of each block, where overlap-save leaves the linear convolution.
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

void main() {
    const uint row = output_rows[gl_WorkGroupID.y] & ~adds_to_row;
    const bool adds = output_rows[gl_WorkGroupID.y] != row;
    const uint first_block = gl_WorkGroupID.y * push.block_count;
    const uint first = gl_WorkGroupID.x * workgroup_size * frames_per_invocation + gl_LocalInvocationID.x;
    for (uint k = 0; k < frames_per_invocation; ++k) {
        const uint frame = first + k * workgroup_size;
        if (frame >= push.rows.frame_count) break;
        const uint in_block = push.transform_frames - push.hop_frames + frame % push.hop_frames;
        const uint block = first_block + frame / push.hop_frames;
        float value = blocks[block * (push.transform_frames + 2) + in_block];
        if (adds) value += read_row(push.rows, row, int(frame));
        write_row(push.rows, row, int(frame), value);
    }
}
