// Makes the level per ERB around each component of everything together, in dB over 51 dB.
// One invocation makes one component of one slice and ear.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { ExcitationLevelsPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Reaches { ExcitationReach reaches[]; };  // [component]
// [component that is heard][component around which]
layout(std430, set = 0, binding = 1) readonly buffer Weights { float weights[]; };
layout(std430, set = 0, binding = 2) readonly buffer Totals { float totals[]; };     // [slice][ear][component]
layout(std430, set = 0, binding = 3) writeonly buffer Levels { float levels[]; };    // [slice][ear][component]

void main() {
    const uint component = gl_GlobalInvocationID.x;
    if (component >= push.component_count) return;
    const uint row = gl_WorkGroupID.y * push.component_count;
    const ExcitationReach reach = reaches[component];
    float sum = 0.0;
    for (uint other = reach.begin; other < reach.end; ++other) {
        sum += weights[other * push.component_count + component] * totals[row + other];
    }
    // Vulkan lets log2 be off by 3 units in the last place, here 3e-5 dB. Silence is 300 dB down, not infinitely far.
    const float decibels_per_octave = 3.0102999566;
    levels[row + component] = decibels_per_octave * log2(max(sum, 1e-30)) - 51.0;
}
