// Makes output rows: for each, the sum over its routes of gain * curve * delayed input row, in plan order.
// One invocation makes one frame of one output row.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/rows.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { MixerPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Outputs { MixerOutput outputs[]; };
layout(std430, set = 0, binding = 1) readonly buffer Routes { MixerRoute routes[]; };
layout(std430, set = 0, binding = 2) readonly buffer Gains { float gains[]; };  // [curve][hop_count + 1]

float curve_gain(int curve, uint frame) {
    const uint hop_count = push.rows.frame_count / frames_per_hop;
    const uint at = uint(curve) * (hop_count + 1) + frame / frames_per_hop;
    const float t = float(frame % frames_per_hop) * (1.0 / float(frames_per_hop));
    return gains[at] + (gains[at + 1] - gains[at]) * t;
}

void main() {
    const uint frame = gl_GlobalInvocationID.x;
    if (frame >= push.rows.frame_count) return;
    const MixerOutput target = outputs[gl_WorkGroupID.y];
    float sum = 0.0;
    for (uint r = target.route_begin; r < target.route_end; ++r) {
        const MixerRoute route = routes[r];
        float gain = route.gain;
        if (route.curve >= 0) gain *= curve_gain(route.curve, frame);
        sum += gain * read_row(push.rows, route.row, int(frame) - int(route.delay_frames));
    }
    write_row(push.rows, target.row, int(frame), sum);
}
