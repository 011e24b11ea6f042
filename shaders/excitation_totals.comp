// Makes the components' powers of everything together.
// totals_lanes invocations sum the objects of one component of one slice and ear, each every totals_lanes-th.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { ExcitationTotalsPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Powers { float powers[]; };  // [slice][ear][component][object]
layout(std430, set = 0, binding = 1) writeonly buffer Totals { float totals[]; };  // [slice][ear][component]

shared float sums[workgroup_size];

void main() {
    const uint lane = gl_LocalInvocationID.x % totals_lanes;
    const uint component =
        gl_WorkGroupID.x * (workgroup_size / totals_lanes) + gl_LocalInvocationID.x / totals_lanes;
    const uint row = gl_WorkGroupID.y * push.component_count + component;
    float sum = 0.0;
    if (component < push.component_count) {
        for (uint object = lane; object < push.object_count; object += totals_lanes) {
            sum += powers[row * push.object_count + object];
        }
    }
    sums[gl_LocalInvocationID.x] = sum;
    for (uint half_lanes = totals_lanes / 2; half_lanes > 0; half_lanes /= 2) {
        barrier();
        if (lane < half_lanes) sums[gl_LocalInvocationID.x] += sums[gl_LocalInvocationID.x + half_lanes];
    }
    if (lane == 0 && component < push.component_count) totals[row] = sums[gl_LocalInvocationID.x];
}
