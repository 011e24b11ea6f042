// Makes output spectra: for each, the sum over its terms and their partitions of input times kernel spectrum.
// One invocation makes one bin of block_tile blocks of output_tile outputs, reading each kernel bin once for all
// and none for silence.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"

layout(local_size_x = workgroup_size) in;
layout(constant_id = 0) const int block_tile = 1;
layout(constant_id = 1) const int output_tile = 1;
layout(push_constant) uniform Push { ConvolverMultiplyPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Bundles { ConvolverBundle bundles[]; };
layout(std430, set = 0, binding = 1) readonly buffer Terms { ConvolverTerm terms[]; };
layout(std430, set = 0, binding = 2) readonly buffer TermInputs { ConvolverInput term_inputs[]; };
layout(std430, set = 0, binding = 3) readonly buffer Inputs { vec2 bins[]; } inputs[tile_limit];
// [unit][bin]
layout(std430, set = 0, binding = 4) readonly buffer Kernels { vec2 bins[]; } kernels[tile_limit];
// [place of the output][block][bin]
layout(std430, set = 0, binding = 5) writeonly buffer Outputs { vec2 outputs[]; };
layout(std430, set = 0, binding = 6) readonly buffer Lists { uint lists[]; };

vec2 multiply(vec2 a, vec2 b) { return vec2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }

// The slot of block number `block` of this chunk; negative blocks are those of chunks before.
uint slot_of(int block) {
    const int slot = int(push.first_slot) + block;
    return uint(slot < 0 ? slot + int(push.slot_count) : slot);
}

// Input, slot and unit are the same in a whole workgroup, and so are their tiles and places.
vec2 input_bin(uint tile, uint slot, uint place, uint bin) {
    while (slot >= push.slots_per_tile) {
        slot -= push.slots_per_tile;
        ++tile;
    }
    return inputs[tile].bins[place * push.bin_count + bin];
}

vec2 kernel_bin(uint unit, uint bin) {
    uint tile = 0;
    while (unit >= push.units_per_tile) {
        unit -= push.units_per_tile;
        ++tile;
    }
    return kernels[tile].bins[unit * push.bin_count + bin];
}

void main() {
    const ConvolverBundle bundle = bundles[lists[push.first_bundle + gl_WorkGroupID.y]];
    const uint bin = gl_WorkGroupID.x * workgroup_size + gl_LocalInvocationID.x;
    const int first_block = int(gl_WorkGroupID.z) * block_tile;
    const int block_count = min(block_tile, int(push.block_count) - first_block);
    if (bin >= push.bin_count) return;

    // [block][output]; what lies beyond the chunk or the bundle is not written.
    vec2 sums[block_tile * output_tile];
    vec2 window[block_tile * output_tile];
    for (int i = 0; i < block_tile * output_tile; ++i) sums[i] = window[i] = vec2(0.0);
    for (uint t = 0; t < bundle.term_count; ++t) {
        const ConvolverTerm term = terms[bundle.first_term + t];
        const uint term_input = bundle.first_input + t * bundle.output_count;
        uint sounding = 0;  // a bit for each block in the window that is not silent
        for (uint p = 0; p < term.partition_count; ++p) {
            const int first = first_block - int((term.first_partition + p) * push.hops_per_partition);
            // The window is the inputs' blocks that meet the partition; with partitions of one hop it slides.
            const bool slides = p > 0 && push.hops_per_partition == 1;
            if (slides) {
                for (int i = block_tile * output_tile - 1; i >= output_tile; --i) window[i] = window[i - output_tile];
            }
            sounding = slides ? sounding << output_tile & ~(~0U << (block_tile * output_tile)) : 0;
            for (int b = 0; b < block_tile; ++b) {
                if (b >= block_count || (slides && b > 0)) break;
                const uint slot = slot_of(first + b);
                for (int o = 0; o < output_tile; ++o) {
                    if (o >= int(bundle.output_count)) break;
                    const ConvolverInput source = term_inputs[term_input + o];
                    const uint place = lists[push.first_place + slot * push.input_count + source.number];
                    const int i = b * output_tile + o;
                    window[i] = vec2(0.0);
                    if (place == nothing) continue;
                    window[i] = source.gain * input_bin(source.first_tile, slot, place, bin);
                    sounding |= 1U << i;
                }
            }
            if (sounding == 0) continue;
            const vec2 kernel = kernel_bin(term.first_unit + p, bin);
            for (int i = 0; i < block_tile * output_tile; ++i) sums[i] += multiply(window[i], kernel);
        }
    }
    for (int o = 0; o < output_tile; ++o) {
        if (o >= int(bundle.output_count)) break;
        const uint place = lists[push.first_output_place + bundle.first_output + o];
        if (place == nothing) continue;
        const uint first = place * push.block_count + uint(first_block);
        for (int b = 0; b < block_tile; ++b) {
            if (b < block_count) outputs[(first + uint(b)) * push.bin_count + bin] = sums[b * output_tile + o];
        }
    }
}
