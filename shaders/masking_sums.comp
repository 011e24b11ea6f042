// Makes sums of excitations of many sizes: what masks an object is then the sum of a few of them, with nothing
// subtracted. One invocation makes all sums of one band of one slice and ear, each of two excitations or sums before it.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/excitations.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { MaskingSumsPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Sums { MaskingSum sums[]; };
layout(std430, set = 0, binding = 1) buffer Values { float values[]; };  // [slice][ear][sum][band]

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i >= 2 * push.tile.band_count) return;
    const uint ear = i / push.tile.band_count;
    const uint band = i % push.tile.band_count;
    const uint slice = push.first_slice + gl_WorkGroupID.y;
    const uint row = (gl_WorkGroupID.y * 2 + ear) * push.sum_count;
    for (uint s = 0; s < push.sum_count; ++s) {
        float total = 0.0;
        for (uint side = 0; side < 2; ++side) {
            const uint node = side == 0 ? sums[s].left : sums[s].right;
            if (node < push.tile.object_count) {
                total += read_excitation(push.tile, slice, ear, node, band);
            } else {
                total += values[(row + node - push.tile.object_count) * push.tile.band_count + band];
            }
        }
        values[(row + s) * push.tile.band_count + band] = total;
    }
}
