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

/// Interleaved frames that begin with byte 0 of word first_word and become rows first_row, first_row + 1, ...
struct PcmLoaderSource {
    uint first_row;
    uint channel_count;
    uint sample_bytes;
    uint is_float;
    uint is_big_endian;
    uint first_word;
};

struct PcmLoaderPush {
    RowsLayout rows;
    uint first_source;  // of those whose words are in this tile
};

/// Overlap-save: block b of a chunk is transform_frames frames, the last hop_frames of them frames b hop_frames ... of
/// the chunk, those before them the past. As a spectrum it has bin_count = transform_frames / 2 + 1 bins; as frames it
/// takes the same room, transform_frames + 2 floats.
struct ConvolverPackPush {
    RowsLayout rows;
    uint transform_frames;
    uint hop_frames;
    uint block_count;
    uint first_input;     // of this tile
    uint first_block;     // of those that this chunk's blocks go to, in this tile
    uint first_sounding;  // where in the lists the numbers of this tile's sounding inputs are
    uint past_frames;     // transform_frames - hop_frames, kept in a ring
    uint past_start;      // where in the ring the oldest frame is
};

struct ConvolverKeepPush {
    RowsLayout rows;
    uint first_input;  // of this tile
    uint first_sounding;
    uint past_frames;
    uint past_start;
};

/// Stands in lists for a number: there is nothing.
TUTTI_CONST uint nothing = 0xffffffffU;

/// Consecutive partitions of one kernel that are not all zeros.
struct ConvolverTerm {
    uint first_unit;  // kernel spectra, one unit per partition
    uint first_partition;
    uint partition_count;
};

/// Where an input's spectra are: tile first_tile + slot / slots_per_tile has that of a slot as block number places[slot *
/// input_count + number], or, in silence, nothing. What is read there counts `gain` times.
struct ConvolverInput {
    uint first_tile;
    uint number;
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
    uint input_count;
    uint first_place;         // where in the lists places begin,
    uint first_bundle;        // the numbers of the bundles to make,
    uint first_output_place;  // and for every output the number of its blocks, or nothing
};

/// Set in the number of an output row: what is made is added to what is there.
TUTTI_CONST uint adds_to_row = 0x80000000U;

struct ConvolverUnpackPush {
    RowsLayout rows;
    uint transform_frames;
    uint hop_frames;
    uint block_count;
    uint first_output;  // where in the lists the numbers of the outputs to write are
    uint first_output_place;
};

/// The excitations of a tile of slices: slice s is number s % slices_per_tile in buffer s / slices_per_tile, there
/// [ear][object][band].
struct ExcitationsLayout {
    uint slices_per_tile;
    uint object_count;
    uint band_count;
};

/// A workgroup of excitation_spectrum makes bins of this many slices of rows, from this many distances from their
/// windows' centres at a time. Here as elsewhere tiles fit into 16 KiB, what Vulkan promises a workgroup.
TUTTI_CONST uint spectrum_pair_tile = 64;
TUTTI_CONST uint spectrum_distance_tile = 16;

/// Bins in a workgroup, for each bin of an invocation.
TUTTI_CONST uint spectrum_bin_lanes = 8;
TUTTI_CONST uint most_bins_per_invocation = 4;

/// One window of the slices of those analysed rows that are in one buffer of a Rows matrix. A pair is a slice of a row:
/// pair p is slice p % slice_count of analysed row first_slot + p / slice_count.
struct ExcitationSpectrumPush {
    RowsLayout rows;
    uint rows_tile;
    uint first_slot;
    uint pair_count;
    uint first_centre;
    uint slice_count;
    uint last_distance;  // half a window
    uint first_factor;
    uint factor_stride;
    uint first_bin;
    uint bin_count;      // of this window
    uint all_bin_count;  // of all windows
};

/// The row of an object that is not heard in an ear.
TUTTI_CONST uint no_slot = 0xffffffff;

/// A workgroup of excitation_components turns a square of this many components and objects.
TUTTI_CONST uint component_tile = 32;

/// Where the summands of a component are: those of analysed row s in slice n begin at s * slot_stride + n * slice_stride.
struct ExcitationComponentsPush {
    uint object_count;
    uint component_count;
    uint slot_stride;
    uint slice_stride;
    uint is_weighted;
};

/// Invocations that share the objects of one component in excitation_totals.
TUTTI_CONST uint totals_lanes = 16;

struct ExcitationTotalsPush {
    uint object_count;
    uint component_count;
};

/// The components whose powers make the level around one.
struct ExcitationReach {
    uint begin;
    uint end;
};

struct ExcitationLevelsPush {
    uint component_count;
};

/// A workgroup of excitation_product makes this many bands, from this many components at a time, of
/// product_object_lanes objects for each object of an invocation, of which there are at most 4.
TUTTI_CONST uint product_band_tile = 32;
TUTTI_CONST uint product_component_tile = 16;
TUTTI_CONST uint product_object_lanes = 16;

/// One auditory filter. Its slope for components below the centre is slope_51 - slope_per_db * (level - 51 dB), at least
/// least_slope.
struct ExcitationBand {
    float inverse_hz;  // of the centre
    float slope_51;
    float slope_per_db;
    float least_slope;
    uint first_upper;  // component at or above the centre
    uint end;          // of the components in the filter's reach
};

struct ExcitationProductPush {
    ExcitationsLayout tile;
    uint first_slice;
    uint component_count;
};

/// One auditory band's constants of loudness, with f(x) = (g x + a)^alpha.
struct MaskingBand {
    float threshold;  // absolute, as an excitation
    float k;
    float g;
    float alpha;
    float a;
    float silence;         // f(0)
    float detected;        // f(threshold) - f(0)
    float log2_1p_k;       // log2(1 + k)
};

/// Which excitations add up to an object, and which nodes to all that may mask it: entries of one list each.
struct MaskingObject {
    uint first_member;
    uint member_end;
    uint first_node;
    uint node_end;
};

/// A sum of two nodes. Nodes 0 ... object_count - 1 are the excitations themselves, those behind are sums.
struct MaskingSum {
    uint left;
    uint right;
};

struct MaskingPeaksPush {
    ExcitationsLayout tile;
};

struct MaskingSumsPush {
    ExcitationsLayout tile;
    uint first_slice;
    uint sum_count;
};

/// What masking_levels sums over the slices of a hop, for each object and band.
TUTTI_CONST uint cell_excitation = 0;  // 0, 1: of each ear, where active
TUTTI_CONST uint cell_threshold = 2;   // 2, 3: masked threshold of each ear, where active
TUTTI_CONST uint cell_self_cost = 4;
TUTTI_CONST uint cell_partial = 5;
TUTTI_CONST uint cell_audibility = 6;  // 6 ... 9: loudness in quiet in each class of audibility, where active
TUTTI_CONST uint cell_kinds = 10;

struct MaskingLevelsPush {
    ExcitationsLayout tile;
    uint first_slice;
    uint slice_count;
    uint hop_slices;
    uint object_count;
    uint sum_count;
};

/// A workgroup of masking_product makes this many targets' shares of this many maskers, from this many excitations at a
/// time.
TUTTI_CONST uint masking_target_tile = 32;
TUTTI_CONST uint masking_masker_tile = 64;
TUTTI_CONST uint masking_depth_tile = 28;

struct MaskingProductPush {
    ExcitationsLayout tile;
    uint first_slice;
    uint slice_count;
    uint slices_per_split;
    uint object_count;
    uint group_count;
    uint adds;  // to what was made of slices before
};

struct MaskingTotalsPush {
    uint value_count;
    uint split_count;
    float scale;
};

struct MaskingBandsPush {
    uint object_count;
    uint band_count;
    uint display_count;
    uint hop_count;
    uint first_hop;
    uint hop_slices;
    uint slice_count;  // of all hops
    float loudness_scale;
};

struct MaskingGroupsPush {
    uint object_count;
    uint band_count;
    uint group_count;
    uint hop_count;
    uint adds;
};

struct MaskingMeansPush {
    ExcitationsLayout tile;
    uint display_count;
    uint hop_slices;
    uint slice_count;
};

#ifdef __cplusplus
}  // namespace tutti::shaders
#endif

#endif
