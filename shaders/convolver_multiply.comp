// Makes output spectra: for each, the sum over its paths and their partitions of input times kernel spectrum.
// One invocation makes one bin of block_tile consecutive blocks of one output, reading each kernel bin once.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"

layout(local_size_x = workgroup_size) in;
layout(constant_id = 0) const int block_tile = 1;
layout(push_constant) uniform Push { ConvolverMultiplyPush push; };
layout(std430, set = 0, binding = 0) readonly buffer TermBegins { uint term_begins[]; };  // [output + 1]
layout(std430, set = 0, binding = 1) readonly buffer Terms { ConvolverTerm terms[]; };
// [slot][input][bin]
layout(std430, set = 0, binding = 2) readonly buffer Inputs { vec2 bins[]; } inputs[tile_limit];
// [unit][bin]
layout(std430, set = 0, binding = 3) readonly buffer Kernels { vec2 bins[]; } kernels[tile_limit];
// [output][block][bin]
layout(std430, set = 0, binding = 4) writeonly buffer Outputs { vec2 outputs[]; };

vec2 multiply(vec2 a, vec2 b) { return vec2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }

// The input's bin in block number `block` of this chunk; negative blocks are those of chunks before.
vec2 input_bin(ConvolverTerm term, int block, uint bin) {
    const uint slot = uint(int(push.first_slot + push.slot_count) + block) % push.slot_count;
    const uint tile = term.input_index / push.inputs_per_tile;
    const uint tile_first = tile * push.inputs_per_tile;
    const uint tile_input_count = min(push.inputs_per_tile, push.input_count - tile_first);
    const uint spectrum = slot * tile_input_count + term.input_index - tile_first;
    return inputs[tile].bins[spectrum * push.bin_count + bin];
}

vec2 kernel_bin(uint unit, uint bin) {
    return kernels[unit / push.units_per_tile].bins[unit % push.units_per_tile * push.bin_count + bin];
}

void main() {
    const uint tile_output = gl_WorkGroupID.x;
    const uint bin = gl_WorkGroupID.y * workgroup_size + gl_LocalInvocationID.x;
    const int first_block = int(gl_WorkGroupID.z) * block_tile;
    const int block_count = int(push.block_count);
    if (bin >= push.bin_count) return;

    vec2 sums[block_tile];
    for (int b = 0; b < block_tile; ++b) sums[b] = vec2(0.0);
    const uint output_index = push.first_output + tile_output;
    for (uint t = term_begins[output_index]; t < term_begins[output_index + 1]; ++t) {
        const ConvolverTerm term = terms[t];
        // The input's blocks that meet partition p; with partitions of one hop it slides back by a block each time.
        vec2 window[block_tile];
        for (int b = 0; b < block_tile; ++b) {
            window[b] = first_block + b < block_count ? input_bin(term, first_block + b, bin) : vec2(0.0);
        }
        for (uint p = 0; p < term.partition_count; ++p) {
            const int first = first_block - int(p * push.hops_per_partition);
            if (p > 0 && push.hops_per_partition == 1) {
                for (int b = block_tile - 1; b > 0; --b) window[b] = window[b - 1];
                window[0] = input_bin(term, first, bin);
            } else if (p > 0) {
                for (int b = 0; b < block_tile; ++b) {
                    window[b] = first_block + b < block_count ? input_bin(term, first + b, bin) : vec2(0.0);
                }
            }
            const vec2 kernel = kernel_bin(term.first_unit + p, bin);
            for (int b = 0; b < block_tile; ++b) sums[b] += multiply(window[b], kernel);
        }
    }
    for (int b = 0; b < block_tile && first_block + b < block_count; ++b) {
        outputs[(tile_output * push.block_count + uint(first_block + b)) * push.bin_count + bin] = sums[b];
    }
}
