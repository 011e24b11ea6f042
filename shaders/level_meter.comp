// Makes levels: peak, mean square or true peak of each control hop of each tap.
// One invocation makes one level; its workgroup first fetches the frames of all its hops.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "engine/true_peak.hpp"
#include "shaders/layouts.h"
#include "shaders/rows.glsl"

layout(local_size_x = workgroup_size) in;
layout(push_constant) uniform Push { LevelMeterPush push; };
layout(std430, set = 0, binding = 0) readonly buffer Taps { LevelMeterTap taps[]; };
layout(std430, set = 0, binding = 1) writeonly buffer Levels { float levels[]; };  // [tap][hop_count]

// The workgroup's hops and the hop before them, one float of padding per hop so that neighbours hit different banks.
shared float fetched[(workgroup_size + 1) * (frames_per_hop + 1)];

uint place(uint frame) { return frame + frame / frames_per_hop; }

float peak(uint first) {
    float level = 0.0;
    for (uint i = 0; i < frames_per_hop; ++i) level = max(level, abs(fetched[place(first + i)]));
    return level;
}

float mean_square(uint first) {
    float sum = 0.0;
    for (uint i = 0; i < frames_per_hop; ++i) {
        const float x = fetched[place(first + i)];
        sum += x * x;
    }
    return sum * (1.0 / float(frames_per_hop));
}

float true_peak(uint first) {
    float level = peak(first);
    for (uint i = 0; i < frames_per_hop; ++i) {
        vec4 sums = vec4(0.0);
        for (uint k = 0; k < 12; ++k) {
            const vec4 taps_of_phases =
                vec4(true_peak_taps[0][k], true_peak_taps[1][k], true_peak_taps[2][k], true_peak_taps[3][k]);
            sums += taps_of_phases * fetched[place(first + i - k)];
        }
        const vec4 magnitudes = abs(sums);
        level = max(level, max(max(magnitudes.x, magnitudes.y), max(magnitudes.z, magnitudes.w)));
    }
    return level;
}

void main() {
    const LevelMeterTap tap = taps[gl_WorkGroupID.y];
    const uint hop_count = push.rows.frame_count / frames_per_hop;
    const uint first_hop = gl_WorkGroupID.x * workgroup_size;
    const uint hop = first_hop + gl_LocalInvocationID.x;
    const int first_frame = int(first_hop * frames_per_hop) - int(frames_per_hop);
    for (uint i = gl_LocalInvocationID.x; i < (workgroup_size + 1) * frames_per_hop; i += workgroup_size) {
        const int frame = first_frame + int(i);
        if (frame < int(push.rows.frame_count)) fetched[place(i)] = read_row(push.rows, tap.row, frame);
    }
    barrier();
    if (hop >= hop_count) return;

    const uint first = (gl_LocalInvocationID.x + 1) * frames_per_hop;
    float level;
    if (tap.kind == level_peak) level = peak(first);
    else if (tap.kind == level_mean_square) level = mean_square(first);
    else level = true_peak(first);
    levels[gl_WorkGroupID.y * hop_count + hop] = level;
}
