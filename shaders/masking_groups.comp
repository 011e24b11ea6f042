// Makes sums over groups of bands and all slices: self-cost, partial loudness, time in each class of audibility.
// One invocation makes one of these for one object and group.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { MaskingGroupsPush push; };
layout(std430, set = 0, binding = 0) readonly buffer GroupBands { uint group_bands[]; };  // [group], and the end
layout(std430, set = 0, binding = 1) readonly buffer Cells { float cells[]; };  // [kind][hop][object][band]
layout(std430, set = 0, binding = 2) buffer Totals { float totals[]; };  // [kind from cell_self_cost on][group][object]

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i >= push.object_count * push.group_count) return;
    const uint group = i / push.object_count;
    const uint object = i % push.object_count;
    const uint kind = cell_self_cost + gl_WorkGroupID.y;
    float sum = 0.0;
    for (uint hop = 0; hop < push.hop_count; ++hop) {
        const uint row = (kind * push.hop_count + hop) * push.object_count + object;
        for (uint band = group_bands[group]; band < group_bands[group + 1]; ++band) {
            sum += cells[row * push.band_count + band];
        }
    }
    const uint to = gl_WorkGroupID.y * push.object_count * push.group_count + i;
    totals[to] = sum + (push.adds != 0 ? totals[to] : 0.0);
}
