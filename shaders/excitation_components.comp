// Makes the components' powers at the cochlea: each the sum of its bins, weighted, objects next to each other.
// One invocation sums 8 components of a square of components and objects, and writes 8 others.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { ExcitationComponentsPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Slots { uint slots[]; };            // [ear][object]
layout(std430, set = 0, binding = 1) readonly buffer FirstBins { uint first_bins[]; };   // [component], and the end
layout(std430, set = 0, binding = 2) readonly buffer Weights { float weights[]; };       // [ear][component][object]
layout(std430, set = 0, binding = 3) readonly buffer Spectra { float spectra[]; };
layout(std430, set = 0, binding = 4) writeonly buffer Powers { float powers[]; };  // [slice][ear][component][object]

const uint stride = component_tile + 1;
shared float square[component_tile * stride];

float sum_of_bins(uint component, uint object, uint slice, uint ear) {
    if (component >= push.component_count || object >= push.object_count) return 0.0;
    const uint slot = slots[ear * push.object_count + object];
    if (slot == no_slot) return 0.0;
    const uint begin = slot * push.slot_stride + slice * push.slice_stride;
    float sum = 0.0;
    for (uint bin = first_bins[component]; bin < first_bins[component + 1]; ++bin) sum += spectra[begin + bin];
    return sum;
}

void main() {
    const uint slice = gl_WorkGroupID.z / 2;
    const uint ear = gl_WorkGroupID.z % 2;
    const uint first_component = gl_WorkGroupID.x * component_tile;
    const uint first_object = gl_WorkGroupID.y * component_tile;
    const uint lane = gl_LocalInvocationID.x % component_tile;
    const uint first_line = gl_LocalInvocationID.x / component_tile;
    for (uint line = first_line; line < component_tile; line += workgroup_size / component_tile) {
        square[lane * stride + line] = sum_of_bins(first_component + lane, first_object + line, slice, ear);
    }
    barrier();
    const uint object = first_object + lane;
    if (object >= push.object_count) return;
    for (uint line = first_line; line < component_tile; line += workgroup_size / component_tile) {
        const uint component = first_component + line;
        if (component >= push.component_count) return;
        float power = square[line * stride + lane];
        if (push.is_weighted != 0) {
            power *= weights[(ear * push.component_count + component) * push.object_count + object];
        }
        powers[(gl_WorkGroupID.z * push.component_count + component) * push.object_count + object] = power;
    }
}
