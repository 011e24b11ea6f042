// Makes excitations: products of auditory filters, whose lower slopes follow the level around each component, with the
// objects' powers. One invocation makes 4 bands of 1, 2 or 4 objects of one slice and ear.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/excitations.glsl"

layout(local_size_x = workgroup_size) in;
layout(constant_id = 0) const int objects_per_invocation = 1;
layout(push_constant) uniform Push { ExcitationProductPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Bands { ExcitationBand bands[]; };
layout(std430, set = 0, binding = 1) readonly buffer Frequencies { float component_hz[]; };
// [component][band]: the filters' weights at and above their centres, where they do not depend on level
layout(std430, set = 0, binding = 2) readonly buffer Uppers { float upper_weights[]; };
layout(std430, set = 0, binding = 3) readonly buffer Levels { float levels[]; };  // [slice][ear][component], over 51 dB
layout(std430, set = 0, binding = 4) readonly buffer Powers { float powers[]; };  // [slice][ear][component][object]

const uint object_tile = product_object_lanes * objects_per_invocation;
shared float weights[product_component_tile * product_band_tile];
shared float fetched[product_component_tile * 4 * product_object_lanes];

/// Within 2e-5: Vulkan lets exp2(x) be off by 3 + 2 |x| units in the last place, and |x| is 60 where the weight is 1e-16.
float lower_weight(ExcitationBand band, uint component) {
    const float level = levels[gl_WorkGroupID.z * push.component_count + component];
    const float slope = max(band.slope_51 - band.slope_per_db * level, band.least_slope);
    const float at = slope * (1.0 - component_hz[component] * band.inverse_hz);
    return (1.0 + at) * exp2(-1.44269504 * at);
}

void fetch(uint first_component) {
    const uint number = gl_WorkGroupID.x * product_band_tile + gl_LocalInvocationID.x % product_band_tile;
    const ExcitationBand band = bands[min(number, push.tile.band_count - 1)];
    for (uint i = gl_LocalInvocationID.x; i < product_component_tile * product_band_tile; i += workgroup_size) {
        const uint component = first_component + i / product_band_tile;
        float weight = 0.0;
        if (component < band.first_upper) weight = lower_weight(band, component);
        else if (component < band.end && number < push.tile.band_count)
            weight = upper_weights[component * push.tile.band_count + number];
        weights[i] = weight;
    }
    for (uint i = gl_LocalInvocationID.x; i < product_component_tile * object_tile; i += workgroup_size) {
        const uint component = first_component + i / object_tile;
        const uint object = gl_WorkGroupID.y * object_tile + i % object_tile;
        float power = 0.0;
        if (component < push.component_count && object < push.tile.object_count) {
            const uint row = gl_WorkGroupID.z * push.component_count + component;
            power = powers[row * push.tile.object_count + object];
        }
        fetched[i] = power;
    }
}

void main() {
    const uint band_lane = gl_LocalInvocationID.x % (product_band_tile / 4);
    const uint object_lane = gl_LocalInvocationID.x / (product_band_tile / 4);
    const uint first_band = gl_WorkGroupID.x * product_band_tile;
    const uint last_band = min(first_band + product_band_tile, push.tile.band_count) - 1;
    vec4 sums[objects_per_invocation];
    for (int o = 0; o < objects_per_invocation; ++o) sums[o] = vec4(0.0);
    for (uint first = 0; first < bands[last_band].end; first += product_component_tile) {
        barrier();
        fetch(first);
        barrier();
        for (uint i = 0; i < product_component_tile; ++i) {
            const uint at = i * product_band_tile + band_lane * 4;
            const vec4 weight = vec4(weights[at], weights[at + 1], weights[at + 2], weights[at + 3]);
            for (int o = 0; o < objects_per_invocation; ++o) {
                sums[o] += weight * fetched[i * object_tile + object_lane * objects_per_invocation + o];
            }
        }
    }
    for (int o = 0; o < objects_per_invocation; ++o) {
        const uint object = gl_WorkGroupID.y * object_tile + object_lane * objects_per_invocation + o;
        if (object >= push.tile.object_count) break;
        for (uint b = 0; b < 4; ++b) {
            const uint band = first_band + band_lane * 4 + b;
            if (band >= push.tile.band_count) break;
            write_excitation(push.tile, push.first_slice + gl_WorkGroupID.z / 2, gl_WorkGroupID.z % 2, object, band,
                             sums[o][b]);
        }
    }
}
