// Makes a tile's clashes or benefits from those of its parts, in sone seconds.
// One invocation makes one target and masker in one group of bands.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { MaskingTotalsPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Sums { float sums[]; };       // [split][group][target][masker]
layout(std430, set = 0, binding = 1) writeonly buffer Totals { float totals[]; };  // [group][target][masker]

void main() {
    const uint i = gl_GlobalInvocationID.y * gl_NumWorkGroups.x * workgroup_size + gl_GlobalInvocationID.x;
    if (i >= push.value_count) return;
    float total = 0.0;
    for (uint split = 0; split < push.split_count; ++split) total += sums[split * push.value_count + i];
    totals[i] = push.scale * total;
}
