// What the shaders and engine/vulkan must agree on, seen by both: push constants, records, sizes of arrays.
// Only 32-bit members: std430 and C++ then lay them out alike.
#ifndef TUTTI_SHADERS_LAYOUTS_H
#define TUTTI_SHADERS_LAYOUTS_H

#ifdef __cplusplus
#include <cstdint>
namespace tutti::shaders {
using uint = std::uint32_t;
#define TUTTI_CONST inline constexpr
#else
#define TUTTI_CONST const
#endif

/// Invocations in a workgroup: what Vulkan promises on every device.
TUTTI_CONST uint workgroup_size = 128;

/// Frames that one invocation moves where it does nothing but move them.
TUTTI_CONST uint frames_per_invocation = 4;

/// Buffers that one matrix may be spread over when it is larger than a device's limit on one binding.
TUTTI_CONST uint tile_limit = 8;

TUTTI_CONST uint frames_per_hop = 16;

/// Where a row of a Rows matrix is: in tile row / rows_per_tile, at float (row % rows_per_tile) * row_stride.
struct RowsLayout {
    uint rows_per_tile;
    uint row_stride;  // history_count + frame_count
    uint history_count;
    uint frame_count;
};

struct MixerOutput {
    uint row;
    uint route_begin;
    uint route_end;
};

struct MixerRoute {
    uint row;
    uint delay_frames;
    float gain;
    int curve;  // -1: none
};

struct MixerPush {
    RowsLayout rows;
};

TUTTI_CONST uint level_peak = 0;
TUTTI_CONST uint level_mean_square = 1;
TUTTI_CONST uint level_true_peak = 2;

struct LevelMeterTap {
    uint row;
    uint kind;  // level_...
};

struct LevelMeterPush {
    RowsLayout rows;
};

struct AdvancePush {
    RowsLayout rows;
};

/// Overlap-save: block b of a chunk is transform_frames frames, the last hop_frames of them frames b hop_frames ... of
/// the chunk, those before them the past. As a spectrum it has bin_count = transform_frames / 2 + 1 bins; as frames it
/// takes the same room, transform_frames + 2 floats.
struct ConvolverPackPush {
    RowsLayout rows;
    uint transform_frames;
    uint hop_frames;
    uint block_count;
    uint first_slot;  // in this tile
    uint first_input;  // of this tile
    uint tile_input_count;
    uint past_frames;  // transform_frames - hop_frames, kept in a ring
    uint past_start;   // where in the ring the oldest frame is
};

struct ConvolverKeepPush {
    RowsLayout rows;
    uint first_input;  // of this tile
    uint past_frames;
    uint past_start;
};

/// Consecutive partitions of one kernel that are not all zeros.
struct ConvolverTerm {
    uint first_unit;  // kernel spectra, one unit per partition
    uint first_partition;
    uint partition_count;
};

/// Where an input's spectra are: tile first_tile + slot / slots_per_tile holds [slot][input][bin] of input_count inputs.
/// What is read there counts `gain` times.
struct ConvolverInput {
    uint first_tile;
    uint number;  // in the tile
    uint input_count;
    float gain;
};

/// Outputs that sum the same terms, each of inputs of its own: input number first_input + t * output_count + o of the
/// list is that of term t of output o.
struct ConvolverBundle {
    uint first_output;
    uint output_count;  // at most output_tile
    uint first_term;
    uint term_count;
    uint first_input;
};

struct ConvolverMultiplyPush {
    uint bin_count;
    uint block_count;
    uint slot_count;
    uint first_slot;
    uint hops_per_partition;
    uint slots_per_tile;
    uint units_per_tile;
};

/// Set in the number of an output row: what is made is added to what is there.
TUTTI_CONST uint adds_to_row = 0x80000000U;

struct ConvolverUnpackPush {
    RowsLayout rows;
    uint transform_frames;
    uint hop_frames;
    uint block_count;
};

#ifdef __cplusplus
}  // namespace tutti::shaders
#endif

#endif
