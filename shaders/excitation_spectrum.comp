// Makes bins of one window's spectrum as powers: products of folded frames, x[c + d] +- x[c - d], with windowed cosines
// and sines. One invocation makes up to 4 bins of 4 slices of rows.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/rows.glsl"

layout(local_size_x = workgroup_size) in;
layout(constant_id = 0) const int bins_per_invocation = 1;
layout(push_constant) uniform Push { ExcitationSpectrumPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Rows { uint analysed_rows[]; };
layout(std430, set = 0, binding = 1) readonly buffer Centres { int centres[]; };
// [distance, whole tiles of them][bin]: window times cosine, window times sine
layout(std430, set = 0, binding = 2) readonly buffer Factors { vec2 factors[]; };
layout(std430, set = 0, binding = 3) writeonly buffer Spectra { float spectra[]; };  // [row][slice][bin of all windows]

// Eight distances of four pairs, which the invocations of a subgroup write at once, lie in 32 banks.
const uint pair_stride = spectrum_pair_tile + 4;
const uint bin_tile = spectrum_bin_lanes * bins_per_invocation;
shared uint places[spectrum_pair_tile];
shared float sums[spectrum_distance_tile * pair_stride];
shared float differences[spectrum_distance_tile * pair_stride];
shared float cosines[spectrum_distance_tile * most_bins_per_invocation * spectrum_bin_lanes];
shared float sines[spectrum_distance_tile * most_bins_per_invocation * spectrum_bin_lanes];

/// Where the frames at the centres are; the pairs behind the last repeat it.
void find_places(uint first_pair) {
    if (gl_LocalInvocationID.x >= spectrum_pair_tile) return;
    const uint pair = min(first_pair + gl_LocalInvocationID.x, push.pair_count - 1);
    const uint row = analysed_rows[push.first_slot + pair / push.slice_count];
    const int centre = centres[push.first_centre + pair % push.slice_count];
    places[gl_LocalInvocationID.x] =
        row % push.rows.rows_per_tile * push.rows.row_stride + uint(int(push.rows.history_count) + centre);
}

void fetch(uint first_distance) {
    const uint lane = gl_LocalInvocationID.x % 8;
    for (uint pair = gl_LocalInvocationID.x / 8; pair < spectrum_pair_tile; pair += workgroup_size / 8) {
        for (uint i = lane; i < spectrum_distance_tile; i += 8) {
            const uint distance = first_distance + i;
            float after = 0.0;
            float before = 0.0;
            if (distance <= push.last_distance) {
                after = rows_to_read[push.rows_tile].samples[places[pair] + distance];
                before = rows_to_read[push.rows_tile].samples[places[pair] - distance];
            }
            sums[i * pair_stride + pair] = after + before;
            differences[i * pair_stride + pair] = after - before;
        }
    }
    for (uint i = gl_LocalInvocationID.x; i < spectrum_distance_tile * bin_tile; i += workgroup_size) {
        const uint distance = first_distance + i / bin_tile;
        const uint bin = gl_WorkGroupID.y * bin_tile + i % bin_tile;
        const vec2 factor = factors[push.first_factor + distance * push.factor_stride + bin];
        cosines[i] = factor.x;
        sines[i] = factor.y;
    }
}

void main() {
    const uint first_pair = gl_WorkGroupID.x * spectrum_pair_tile;
    const uint pair_lane = gl_LocalInvocationID.x % 16;
    const uint bin_lane = gl_LocalInvocationID.x / 16;
    vec4 real[bins_per_invocation];
    vec4 imaginary[bins_per_invocation];
    for (int b = 0; b < bins_per_invocation; ++b) real[b] = imaginary[b] = vec4(0.0);
    find_places(first_pair);
    for (uint first = 0; first <= push.last_distance; first += spectrum_distance_tile) {
        barrier();
        fetch(first);
        barrier();
        for (uint i = 0; i < spectrum_distance_tile; ++i) {
            const uint at = i * pair_stride + pair_lane * 4;
            const vec4 even = vec4(sums[at], sums[at + 1], sums[at + 2], sums[at + 3]);
            const vec4 odd = vec4(differences[at], differences[at + 1], differences[at + 2], differences[at + 3]);
            for (int b = 0; b < bins_per_invocation; ++b) {
                const uint bin = i * bin_tile + bin_lane * bins_per_invocation + b;
                real[b] += even * cosines[bin];
                imaginary[b] += odd * sines[bin];
            }
        }
    }
    for (int b = 0; b < bins_per_invocation; ++b) {
        const uint bin = gl_WorkGroupID.y * bin_tile + bin_lane * bins_per_invocation + b;
        if (bin >= push.bin_count) break;
        const vec4 powers = real[b] * real[b] + imaginary[b] * imaginary[b];
        for (uint p = 0; p < 4; ++p) {
            const uint pair = first_pair + pair_lane * 4 + p;
            if (pair >= push.pair_count) break;
            const uint row_and_slice = push.first_slot * push.slice_count + pair;
            spectra[row_and_slice * push.all_bin_count + push.first_bin + bin] = powers[p];
        }
    }
}
