// Makes output spectra: for each, the sum over its terms and their partitions of input times kernel spectrum.
// One invocation makes one bin of block_tile blocks of output_tile outputs, reading each kernel bin once for all.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"

layout(local_size_x = workgroup_size) in;
layout(constant_id = 0) const int block_tile = 1;
layout(constant_id = 1) const int output_tile = 1;
layout(push_constant) uniform Push { ConvolverMultiplyPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Bundles { ConvolverBundle bundles[]; };
layout(std430, set = 0, binding = 1) readonly buffer Terms { ConvolverTerm terms[]; };
layout(std430, set = 0, binding = 2) readonly buffer TermInputs { uint term_inputs[]; };
layout(std430, set = 0, binding = 3) readonly buffer Inputs { vec2 bins[]; } inputs[tile_limit];
// [unit][bin]
layout(std430, set = 0, binding = 4) readonly buffer Kernels { vec2 bins[]; } kernels[tile_limit];
// [output][block][bin]
layout(std430, set = 0, binding = 5) writeonly buffer Outputs { vec2 outputs[]; };

vec2 multiply(vec2 a, vec2 b) { return vec2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }

// The input's bin in block number `block` of this chunk; negative blocks are those of chunks before. Input and block
// are the same in a whole workgroup, and so is the tile.
vec2 input_bin(uint input_index, int block, uint bin) {
    const uint slot = uint(int(push.first_slot + push.slot_count) + block) % push.slot_count;
    const uint input_tile = input_index / push.inputs_per_tile;
    const uint first_input = input_tile * push.inputs_per_tile;
    const uint tile_input_count = min(push.inputs_per_tile, push.input_count - first_input);
    const uint tile = input_tile * push.slot_tile_count + slot / push.slots_per_tile;
    const uint spectrum = slot % push.slots_per_tile * tile_input_count + input_index - first_input;
    return inputs[tile].bins[spectrum * push.bin_count + bin];
}

vec2 kernel_bin(uint unit, uint bin) {
    return kernels[unit / push.units_per_tile].bins[unit % push.units_per_tile * push.bin_count + bin];
}

void main() {
    const ConvolverBundle bundle = bundles[gl_WorkGroupID.y];
    const uint bin = gl_WorkGroupID.x * workgroup_size + gl_LocalInvocationID.x;
    const int first_block = int(gl_WorkGroupID.z) * block_tile;
    const int block_count = min(block_tile, int(push.block_count) - first_block);
    if (bin >= push.bin_count) return;

    // [output][block]; what lies beyond the bundle or the chunk stays zero, and is not written.
    vec2 sums[output_tile * block_tile];
    vec2 window[output_tile * block_tile];
    for (int i = 0; i < output_tile * block_tile; ++i) sums[i] = window[i] = vec2(0.0);
    for (uint t = 0; t < bundle.term_count; ++t) {
        const ConvolverTerm term = terms[bundle.first_term + t];
        const uint term_input = bundle.first_input + t * bundle.output_count;
        for (uint p = 0; p < term.partition_count; ++p) {
            const int first = first_block - int((term.first_partition + p) * push.hops_per_partition);
            // The window is the input's blocks that meet the partition; with partitions of one hop it slides.
            const bool slides = p > 0 && push.hops_per_partition == 1;
            for (int o = 0; o < output_tile; ++o) {
                if (o >= int(bundle.output_count)) break;
                const uint input_index = term_inputs[term_input + o];
                if (slides) {
                    for (int b = block_tile - 1; b > 0; --b) {
                        window[o * block_tile + b] = window[o * block_tile + b - 1];
                    }
                    window[o * block_tile] = input_bin(input_index, first, bin);
                } else {
                    for (int b = 0; b < block_tile; ++b) {
                        if (b < block_count) window[o * block_tile + b] = input_bin(input_index, first + b, bin);
                    }
                }
            }
            const vec2 kernel = kernel_bin(term.first_unit + p, bin);
            for (int i = 0; i < output_tile * block_tile; ++i) sums[i] += multiply(window[i], kernel);
        }
    }
    for (int o = 0; o < output_tile; ++o) {
        if (o >= int(bundle.output_count)) break;
        const uint first = (bundle.first_output + o) * push.block_count + uint(first_block);
        for (int b = 0; b < block_tile; ++b) {
            if (b < block_count) outputs[(first + uint(b)) * push.bin_count + bin] = sums[o * block_tile + b];
        }
    }
}
