// Makes margins, loudnesses and their derivatives: summed over the slices of a hop, and per slice as weights of the
// maskers' excitations. One invocation makes one band of one object in one hop, in both ears.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/excitations.glsl"
#include "shaders/exp_log.glsl"
#include "shaders/partial_loudness.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { MaskingLevelsPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Bands { MaskingBand bands[]; };
layout(std430, set = 0, binding = 1) readonly buffer Objects { MaskingObject objects[]; };
layout(std430, set = 0, binding = 2) readonly buffer Members { uint members[]; };
layout(std430, set = 0, binding = 3) readonly buffer Nodes { uint nodes[]; };
layout(std430, set = 0, binding = 4) readonly buffer Sums { float sums[]; };    // [slice][ear][sum][band]
layout(std430, set = 0, binding = 5) readonly buffer Peaks { uint peaks[]; };  // [object], as bits
// [slice][ear][object][band]: severity * loudness in quiet / masker; loudness lost per masker's excitation
layout(std430, set = 0, binding = 6) writeonly buffer Clashes { float clashes[]; };
layout(std430, set = 0, binding = 7) writeonly buffer Benefits { float benefits[]; };
layout(std430, set = 0, binding = 8) writeonly buffer Cells { float cells[]; };  // [kind][hop][object][band]

const float active_range = 1e-6;             // 60 dB
const float heavily_masked = 3.98107171;     // 6 dB
const float partly_masked = 31.6227766;      // 15 dB
const float severities_per_octave = 0.20068666;  // 10 lg 2 / 15 dB

float target_of(MaskingObject object, uint slice, uint ear, uint band) {
    float sum = 0.0;
    for (uint m = object.first_member; m < object.member_end; ++m) {
        sum += read_excitation(push.tile, slice, ear, members[m], band);
    }
    return sum;
}

float masker_of(MaskingObject object, uint slice, uint ear, uint band) {
    const uint row = ((slice - push.first_slice) * 2 + ear) * push.sum_count;
    float sum = 0.0;
    for (uint n = object.first_node; n < object.node_end; ++n) {
        const uint node = nodes[n];
        if (node < push.tile.object_count) {
            sum += read_excitation(push.tile, slice, ear, node, band);
        } else {
            sum += sums[(row + node - push.tile.object_count) * push.tile.band_count + band];
        }
    }
    return sum;
}

uint audibility_of(float ratio) {
    return ratio < 1.0 ? 0 : ratio < heavily_masked ? 1 : ratio < partly_masked ? 2 : 3;
}

void main() {
    const uint cell_count = push.object_count * push.tile.band_count;
    const uint cell = gl_GlobalInvocationID.x;
    if (cell >= cell_count) return;
    const uint number = cell / push.tile.band_count;
    const uint band_number = cell % push.tile.band_count;
    const MaskingObject object = objects[number];
    const MaskingBand band = bands[band_number];
    const float least_active = active_range * uintBitsToFloat(peaks[number]);

    float values[cell_kinds];
    for (uint kind = 0; kind < cell_kinds; ++kind) values[kind] = 0.0;
    const uint first = gl_WorkGroupID.y * push.hop_slices;
    for (uint s = first; s < min(first + push.hop_slices, push.slice_count); ++s) {
        const uint slice = push.first_slice + s;
        vec2 target;
        vec2 masker;
        for (uint ear = 0; ear < 2; ++ear) {
            target[ear] = target_of(object, slice, ear, band_number);
            masker[ear] = masker_of(object, slice, ear, band_number);
        }
        const vec2 threshold = band.k * masker + band.threshold;
        const float ratio = max(target.x / threshold.x, target.y / threshold.y);
        const float better = max(target.x, target.y);
        const bool is_active = better > band.threshold && better >= least_active;
        const float severity = is_active ? clamp(1.0 - severities_per_octave * log2(max(ratio, 1e-30)), 0.0, 1.0) : 0.0;
        for (uint ear = 0; ear < 2; ++ear) {
            const PartialLoudness partial = partial_loudness(band, target[ear], masker[ear]);
            values[cell_partial] += partial.loudness;
            values[cell_self_cost] += partial.by_target_ratio;
            float clash = 0.0;
            if (severity > 0.0 && masker[ear] > 1e-30) {
                clash = severity * specific_loudness(band, target[ear]) / masker[ear];
            }
            const uint at = (s * 2 + ear) * cell_count + cell;
            clashes[at] = clash;
            benefits[at] = is_active ? -partial.by_masker : 0.0;
            if (is_active) {
                values[cell_excitation + ear] += target[ear];
                values[cell_threshold + ear] += threshold[ear];
            }
        }
        if (is_active) {
            const uint audibility = audibility_of(ratio);
            for (uint i = 0; i < 4; ++i) values[cell_audibility + i] += i == audibility ? 1.0 : 0.0;
        }
    }
    for (uint kind = 0; kind < cell_kinds; ++kind) {
        cells[(kind * gl_NumWorkGroups.y + gl_WorkGroupID.y) * cell_count + cell] = values[kind];
    }
}
