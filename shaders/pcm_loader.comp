// Makes rows of interleaved PCM, as files hold it: integers become what they are of full scale, floats stay bit by bit.
// One invocation makes frames_per_invocation frames of all rows of a source, workgroup_size apart.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/layouts.h"
#include "shaders/rows.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { PcmLoaderPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Sources { PcmLoaderSource sources[]; };
layout(std430, set = 0, binding = 1) readonly buffer Pcm { uint words[]; };

uint swap_bytes(uint word) {
    word = (word & 0x00ff00ffu) << 8 | (word >> 8 & 0x00ff00ffu);
    return word << 16 | word >> 16;
}

// A sample's bytes in the upper bytes of a word, zeros below. It may lie across two words.
uint upper_bytes(PcmLoaderSource source, uint number) {
    const uint byte = number * source.sample_bytes;
    const uint at = source.first_word + byte / 4;
    const uint shift = byte % 4 * 8;
    const uint bit_count = 8 * source.sample_bytes;
    uint bits = words[at] >> shift;
    if (shift + bit_count > 32) bits |= words[at + 1] << (32 - shift);
    bits <<= 32 - bit_count;
    return source.is_big_endian != 0 ? swap_bytes(bits) << (32 - bit_count) : bits;
}

// Devices may round either way where a float cannot hold an integer; to the nearest, and to even, is what the host does.
float rounded_fraction(uint bits) {
    const bool is_negative = int(bits) < 0;
    const uint magnitude = is_negative ? 0u - bits : bits;
    const int excess = max(findMSB(magnitude) - 23, 0);
    uint kept = magnitude >> excess;
    const uint twice_rest = (magnitude - (kept << excess)) * 2;
    const uint unit = 1u << excess;
    if (twice_rest > unit || (twice_rest == unit && (kept & 1u) != 0)) ++kept;
    const float scale = uintBitsToFloat(uint(127 - 31 + excess) << 23);
    return (is_negative ? -scale : scale) * float(kept);
}

void main() {
    const PcmLoaderSource source = sources[push.first_source + gl_WorkGroupID.y];
    const uint first_frame = gl_WorkGroupID.x * (workgroup_size * frames_per_invocation) + gl_LocalInvocationID.x;
    for (uint i = 0; i < frames_per_invocation; ++i) {
        const uint frame = first_frame + i * workgroup_size;
        if (frame >= push.rows.frame_count) break;
        for (uint channel = 0; channel < source.channel_count; ++channel) {
            const uint bits = upper_bytes(source, frame * source.channel_count + channel);
            float value;
            if (source.is_float != 0) value = uintBitsToFloat(bits);
            else if (source.sample_bytes == 4) value = rounded_fraction(bits);
            else value = float(int(bits)) * (1.0 / 2147483648.0);  // at most 24 bits: exact
            write_row(push.rows, source.first_row + channel, int(frame), value);
        }
    }
}
