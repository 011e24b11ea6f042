// Makes mean excitations for display.
// One invocation makes one display band of one excitation and ear in one hop.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/excitations.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { MaskingMeansPush push; };
layout(std430, set = 0, binding = 0) readonly buffer DisplayBands { uint display_bands[]; };  // [display band], the end
layout(std430, set = 0, binding = 1) writeonly buffer Means { float means[]; };  // [hop][ear][excitation][display band]

void main() {
    const uint i = gl_GlobalInvocationID.x;
    const uint row_size = push.tile.object_count * push.display_count;
    if (i >= row_size) return;
    const uint object = i / push.display_count;
    const uint display = i % push.display_count;
    const uint ear = gl_WorkGroupID.y % 2;
    const uint first = gl_WorkGroupID.y / 2 * push.hop_slices;
    const uint slice_count = min(push.hop_slices, push.slice_count - first);
    const uint begin = display_bands[display];
    const uint end = display_bands[display + 1];
    float sum = 0.0;
    for (uint s = 0; s < slice_count; ++s) {
        for (uint band = begin; band < end; ++band) sum += read_excitation(push.tile, first + s, ear, object, band);
    }
    means[gl_WorkGroupID.y * row_size + i] = sum / float(slice_count * (end - begin));
}
