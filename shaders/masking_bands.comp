// Makes margins in dB and mean partial loudnesses in sone for display.
// One invocation makes one display band of one object in one hop.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { MaskingBandsPush push; };
layout(std430, set = 0, binding = 0) readonly buffer DisplayBands { uint display_bands[]; };  // [display band], the end
layout(std430, set = 0, binding = 1) readonly buffer Cells { float cells[]; };  // [kind][hop][object][band]
layout(std430, set = 0, binding = 2) writeonly buffer Margins { uint margins[]; };  // [hop][object][display band], bits
layout(std430, set = 0, binding = 3) writeonly buffer Loudnesses { float loudnesses[]; };  // likewise

const uint not_a_number = 0x7fc00000;
const float decibels_per_octave = 3.0102999566;

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i >= push.object_count * push.display_count) return;
    const uint object = i / push.display_count;
    const uint display = i % push.display_count;
    const uint hop = push.first_hop + gl_WorkGroupID.y;
    const uint row = gl_WorkGroupID.y * push.object_count + object;
    const uint kind_stride = push.hop_count * push.object_count * push.band_count;
    vec2 excitation = vec2(0.0);
    vec2 threshold = vec2(0.0);
    float loudness = 0.0;
    for (uint band = display_bands[display]; band < display_bands[display + 1]; ++band) {
        const uint at = row * push.band_count + band;
        for (uint ear = 0; ear < 2; ++ear) {
            excitation[ear] += cells[(cell_excitation + ear) * kind_stride + at];
            threshold[ear] += cells[(cell_threshold + ear) * kind_stride + at];
        }
        loudness += cells[cell_partial * kind_stride + at];
    }
    const uint to = (hop * push.object_count + object) * push.display_count + display;
    margins[to] = not_a_number;
    if (threshold.x > 0.0) {  // both ears' are, or none's
        const float ratio = max(excitation.x / threshold.x, excitation.y / threshold.y);
        margins[to] = floatBitsToUint(decibels_per_octave * log2(ratio));
    }
    const uint slice_count = min(push.hop_slices, push.slice_count - hop * push.hop_slices);
    loudnesses[to] = loudness * push.loudness_scale / float(slice_count);
}
