// Makes what each masker does to each target in a group of bands: products of the targets' weights with the maskers'
// excitations, summed over some slices, both ears and the bands. One invocation makes 4 targets by 4 maskers.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/excitations.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { MaskingProductPush push; };
layout(std430, set = 0, binding = 0) readonly buffer GroupBands { uint group_bands[]; };  // [group], and the end
layout(std430, set = 0, binding = 1) readonly buffer Clashes { float clashes[]; };    // [slice][ear][object][band]
layout(std430, set = 0, binding = 2) readonly buffer Benefits { float benefits[]; };  // [slice][ear][object][band]
layout(std430, set = 0, binding = 3) buffer ClashSums { float clash_sums[]; };        // [split][group][target][masker]
layout(std430, set = 0, binding = 4) buffer BenefitSums { float benefit_sums[]; };    // [split][group][target][masker]

// Eight excitations of four rows, which the invocations of a subgroup write at once, lie in 32 banks.
const uint target_stride = masking_target_tile + 4;
const uint masker_stride = masking_masker_tile + 4;
shared float clash_weights[masking_depth_tile * target_stride];
shared float benefit_weights[masking_depth_tile * target_stride];
shared float excitations[masking_depth_tile * masker_stride];

/// Excitations first_depth ... of a slice's, counted over both ears and the group's bands.
void fetch(uint slice, uint first_depth, uint first_band, uint band_count) {
    const uint first_target = gl_WorkGroupID.y * masking_target_tile;
    const uint first_masker = gl_WorkGroupID.x * masking_masker_tile;
    const uint first_line = gl_LocalInvocationID.x / 8;
    for (uint i = gl_LocalInvocationID.x % 8; i < masking_depth_tile; i += 8) {
        const uint depth = first_depth + i;
        if (depth >= 2 * band_count) break;
        const uint ear = depth / band_count;
        const uint band = first_band + depth % band_count;
        for (uint line = first_line; line < masking_target_tile; line += workgroup_size / 8) {
            const uint target = min(first_target + line, push.object_count - 1);
            const uint at = ((slice * 2 + ear) * push.object_count + target) * push.tile.band_count + band;
            clash_weights[i * target_stride + line] = clashes[at];
            benefit_weights[i * target_stride + line] = benefits[at];
        }
        for (uint line = first_line; line < masking_masker_tile; line += workgroup_size / 8) {
            const uint masker = min(first_masker + line, push.tile.object_count - 1);
            excitations[i * masker_stride + line] =
                read_excitation(push.tile, push.first_slice + slice, ear, masker, band);
        }
    }
}

void main() {
    const uint group = gl_WorkGroupID.z % push.group_count;
    const uint split = gl_WorkGroupID.z / push.group_count;
    const uint first_band = group_bands[group];
    const uint band_count = group_bands[group + 1] - first_band;
    const uint masker_lane = gl_LocalInvocationID.x % (masking_masker_tile / 4);
    const uint target_lane = gl_LocalInvocationID.x / (masking_masker_tile / 4);
    vec4 clash[4];
    vec4 benefit[4];
    for (int t = 0; t < 4; ++t) clash[t] = benefit[t] = vec4(0.0);
    const uint first_slice = split * push.slices_per_split;
    for (uint slice = first_slice; slice < min(first_slice + push.slices_per_split, push.slice_count); ++slice) {
        for (uint depth = 0; depth < 2 * band_count; depth += masking_depth_tile) {
            barrier();
            fetch(slice, depth, first_band, band_count);
            barrier();
            for (uint i = 0; i < min(masking_depth_tile, 2 * band_count - depth); ++i) {
                const uint m = i * masker_stride + masker_lane * 4;
                const vec4 masker = vec4(excitations[m], excitations[m + 1], excitations[m + 2], excitations[m + 3]);
                for (uint t = 0; t < 4; ++t) {
                    clash[t] += clash_weights[i * target_stride + target_lane * 4 + t] * masker;
                    benefit[t] += benefit_weights[i * target_stride + target_lane * 4 + t] * masker;
                }
            }
        }
    }
    for (uint t = 0; t < 4; ++t) {
        const uint target = gl_WorkGroupID.y * masking_target_tile + target_lane * 4 + t;
        if (target >= push.object_count) break;
        for (uint m = 0; m < 4; ++m) {
            const uint masker = gl_WorkGroupID.x * masking_masker_tile + masker_lane * 4 + m;
            if (masker >= push.tile.object_count) break;
            const uint at = (gl_WorkGroupID.z * push.object_count + target) * push.tile.object_count + masker;
            clash_sums[at] = clash[t][m] + (push.adds != 0 ? clash_sums[at] : 0.0);
            benefit_sums[at] = benefit[t][m] + (push.adds != 0 ? benefit_sums[at] : 0.0);
        }
    }
}
