// Makes output rows: the last hop_frames of each block, where overlap-save leaves the linear convolution.
// One invocation writes one frame of one output row.
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
    const uint frame = gl_GlobalInvocationID.x;
    if (frame >= push.rows.frame_count) return;
    const uint tile_output = gl_WorkGroupID.y;
    const uint block = tile_output * push.block_count + frame / push.hop_frames;
    const uint in_block = push.transform_frames - push.hop_frames + frame % push.hop_frames;
    const uint at = block * (push.transform_frames + 2) + in_block;
    write_row(push.rows, output_rows[push.first_output + tile_output], int(frame), blocks[at]);
}
