// Makes the greatest excitation that each object has had so far.
// One workgroup looks at one slice of one object. Floats that are not below zero are in the order of their bits.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/excitations.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { MaskingPeaksPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Objects { MaskingObject objects[]; };
layout(std430, set = 0, binding = 1) readonly buffer Members { uint members[]; };
layout(std430, set = 0, binding = 2) buffer Peaks { uint peaks[]; };  // [object], as bits

shared float greatest[workgroup_size];

void main() {
    const MaskingObject object = objects[gl_WorkGroupID.x];
    float peak = 0.0;
    for (uint i = gl_LocalInvocationID.x; i < 2 * push.tile.band_count; i += workgroup_size) {
        const uint ear = i / push.tile.band_count;
        const uint band = i % push.tile.band_count;
        float sum = 0.0;
        for (uint m = object.first_member; m < object.member_end; ++m) {
            sum += read_excitation(push.tile, gl_WorkGroupID.y, ear, members[m], band);
        }
        peak = max(peak, sum);
    }
    greatest[gl_LocalInvocationID.x] = peak;
    for (uint half_count = workgroup_size / 2; half_count > 0; half_count /= 2) {
        barrier();
        if (gl_LocalInvocationID.x < half_count) {
            const uint at = gl_LocalInvocationID.x;
            greatest[at] = max(greatest[at], greatest[at + half_count]);
        }
    }
    if (gl_LocalInvocationID.x == 0) atomicMax(peaks[gl_WorkGroupID.x], floatBitsToUint(greatest[0]));
}
