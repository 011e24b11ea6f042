#include "engine/vulkan/group_convolver.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/vulkan/kernel_spectra.hpp"
#include "shaders/convolver_keep.spv.hpp"
#include "shaders/convolver_multiply.spv.hpp"
#include "shaders/convolver_pack.spv.hpp"
#include "shaders/convolver_unpack.spv.hpp"

namespace tutti::vulkan {

namespace {

std::uint32_t move_groups_for(std::uint32_t frame_count) {
    return groups_for((frame_count + shaders::frames_per_invocation - 1) / shaders::frames_per_invocation);
}

/// The buffers of a matrix for a binding of tile_limit; every descriptor must be a buffer.
template <typename Tiles>
TileHandles handles_of(const Tiles& tiles) {
    TileHandles handles;
    for (std::size_t i = 0; i < handles.size(); ++i) {
        handles[i] = tiles[i < tiles.size() ? i : 0].spectra.handle();
    }
    return handles;
}

Buffer zeros(Device& device, std::uint64_t bytes) {
    Buffer buffer(device, bytes, Memory::device);
    Recording recording = device.record();
    recording.fill_with_zeros(buffer);
    device.wait(recording.submit());  // or an owner that fails to be made would free a buffer in use
    return buffer;
}

std::uint64_t past_bytes(const ConvolverGroup& group, std::uint64_t input_count) {
    return input_count * group.past_frames() * sizeof(float);
}

/// Chunks after which the places in a group's rings are as they were; those of the past, which is written
/// whole where it is no longer than a chunk, and of spectra.
std::size_t past_period(const ConvolverGroup& group, std::uint32_t frame_count) {
    const std::uint32_t past = group.past_frames();
    return past <= frame_count ? 1 : past / std::gcd(past, frame_count);
}
std::size_t slot_period(const ConvolverGroup& group) { return group.slot_count / group.block_count; }

/// Pieces of work to keep written down: those of all places, with rows in turn, unless that is too many to
/// gain anything.
std::size_t piece_count(std::size_t period) {
    constexpr std::size_t most = 64;
    const std::size_t count = std::lcm(period, rows_in_turn);
    return count <= most ? count : rows_in_turn;
}

}  // namespace

ConvolverBytes bytes_of(const ConvolverGroup& group) {
    const std::uint64_t block_bytes = group.block_bytes();
    const std::uint64_t tables =
        group.terms.size() * sizeof(shaders::ConvolverTerm) +
        group.bundles.size() * sizeof(shaders::ConvolverBundle) +
        group.term_inputs.size() * sizeof(shaders::ConvolverInput) +
        (group.input_rows.size() + group.output_rows.size()) * sizeof(std::uint32_t) +
        Sounding::begin_of(group).end * sizeof(std::uint32_t);
    const std::uint64_t slots = std::uint64_t{group.ring.slots_per_tile} * group.ring.slot_tile_count;
    ConvolverBytes bytes;
    bytes.own = (group.units.size() + slots * group.input_count()) * block_bytes +
                past_bytes(group, group.input_count()) + tables;
    bytes.outputs = block_bytes * group.block_count * group.output_count();
    const std::uint32_t inputs = std::min(group.ring.inputs_per_tile, group.input_count());
    bytes.workspace = std::max(block_bytes * group.block_count * inputs, bytes.outputs);
    return bytes;
}

GroupConvolver::GroupConvolver(Device& device, const RowsShape& shape, ConvolverGroup group,
                               const ConvolverScratch& scratch)
    : frame_count_(static_cast<std::uint32_t>(shape.frame_count)),
      group_(std::move(group)),
      sounding_(device, group_, frame_count_),
      input_rows_(make_table(device, group_.input_rows)),
      output_rows_(make_table(device, group_.output_rows)),
      bundles_(make_table(device, group_.bundles)),
      terms_(make_table(device, group_.terms)),
      term_inputs_(make_table(device, group_.term_inputs)),
      kernels_(make_kernel_spectra(device, group_)),
      pack_(device, {shaders::convolver_pack, {1, 1, 1, 1}, sizeof(shaders::ConvolverPackPush)}),
      keep_(device, {shaders::convolver_keep, {1, 1, 1}, sizeof(shaders::ConvolverKeepPush)}),
      multiply_(device, {shaders::convolver_multiply,
                         {1, 1, 1, shaders::tile_limit, shaders::tile_limit, 1, 1},
                         sizeof(shaders::ConvolverMultiplyPush),
                         UsesRows::no,
                         {static_cast<std::int32_t>(group_.block_tile),
                          static_cast<std::int32_t>(group_.output_tile)}}),
      unpack_(device, {shaders::convolver_unpack, {1, 1, 1}, sizeof(shaders::ConvolverUnpackPush)}),
      pasts_([&] {
          std::vector<Past> pasts;
          for (std::uint32_t i = 0; i < group_.ring.input_tile_count; ++i)
              pasts.push_back(make_past(device, i));
          return pasts;
      }()),
      tiles_([&] {
          std::vector<Tile> tiles;
          for (std::uint32_t i = 0; i < group_.ring.input_tile_count; ++i) {
              for (std::uint32_t s = 0; s < group_.ring.slot_tile_count; ++s) {
                  tiles.push_back(make_tile(device, i));
              }
          }
          return tiles;
      }()),
      multiply_set_(
          device, multiply_.set_layout(),
          {bundles_.handle_span(), terms_.handle_span(), term_inputs_.handle_span(), handles_of(tiles_),
           kernels_.handles(), scratch.outputs.handle_span(), sounding_.lists().handle_span()}),
      unpack_set_(
          device, unpack_.set_layout(),
          {output_rows_.handle_span(), scratch.outputs.handle_span(), sounding_.lists().handle_span()}),
      to_frames_(device, scratch.outputs, group_.transform_frames, group_.output_count() * group_.block_count,
                 FftDirection::to_frames),
      inputs_(device, device.compute(),
              piece_count(std::lcm(past_period(group_, frame_count_), slot_period(group_)))),
      outputs_(device, device.compute(), piece_count(slot_period(group_))) {
    for (Tile& tile : tiles_) tile.to_spectra.set_workspace(scratch.workspace);
    to_frames_.set_workspace(scratch.workspace);
    // Widest dispatches.
    device.require({move_groups_for(group_.transform_frames), group_.input_count(), group_.block_count});
    device.require({groups_for(group_.bin_count()), static_cast<std::uint32_t>(group_.bundles.size()),
                    group_.block_tile_count()});
}

GroupConvolver::Past GroupConvolver::make_past(Device& device, std::uint32_t input_tile) const {
    Buffer frames = zeros(device, past_bytes(group_, group_.inputs_in(input_tile)));
    BufferSet set(device, keep_.set_layout(),
                  {input_rows_.handle_span(), frames.handle_span(), sounding_.lists().handle_span()});
    return {std::move(frames), std::move(set)};
}

GroupConvolver::Tile GroupConvolver::make_tile(Device& device, std::uint32_t input_tile) const {
    const std::uint32_t inputs = group_.inputs_in(input_tile);
    Buffer spectra = zeros(device, group_.block_bytes() * group_.ring.slots_per_tile * inputs);
    BufferSet set(device, pack_.set_layout(),
                  {input_rows_.handle_span(), pasts_[input_tile].frames.handle_span(), spectra.handle_span(),
                   sounding_.lists().handle_span()});
    Fft to_spectra(device, spectra, group_.transform_frames, inputs * group_.block_count,
                   FftDirection::to_spectra);
    return {std::move(spectra), std::move(set), std::move(to_spectra)};
}

/// The tile that this chunk's blocks go to.
const GroupConvolver::Tile& GroupConvolver::present(std::uint32_t input_tile) const {
    return tiles_[input_tile * group_.ring.slot_tile_count + first_slot_ / group_.ring.slots_per_tile];
}

/// Where in it they begin.
std::uint32_t GroupConvolver::first_block(std::uint32_t input_tile) const {
    return first_slot_ % group_.ring.slots_per_tile * group_.inputs_in(input_tile);
}

/// Inputs that a tile is worked on for: as many as in the one with most, so that few numbers say what is
/// recorded.
std::uint32_t GroupConvolver::inputs_at_once(std::uint32_t input_tile) const {
    return std::min(sounding_.most_inputs(), group_.inputs_in(input_tile));
}

Commands* GroupConvolver::inputs(const VulkanRows& rows) {
    if (sounding_.input_count() == 0) return nullptr;
    const Routine::Key key{key_of(rows.set()), key_of(first_slot_, past_start_),
                           key_of(sounding_.most_inputs(), sounding_.input_count())};
    return &inputs_.prepare(key, [&](Recording& recording) {
        recording.stage("convolver_pack", pack_bytes());
        pack(recording, rows);
        recording.shaders_before_shaders();
        recording.stage("convolver_keep", keep_bytes());
        keep(recording, rows);
        recording.stage("convolver_to_spectra", input_transform_bytes());
        transform_inputs(recording);
    });
}

Commands* GroupConvolver::outputs(const VulkanRows& rows) {
    if (sounding_.written_count() == 0) return nullptr;
    const Routine::Key key{key_of(rows.set()), key_of(first_slot_, sounding_.bundle_count()),
                           key_of(sounding_.made_count(), sounding_.written_count())};
    Commands& commands = outputs_.prepare(key, [&](Recording& recording) {
        if (sounding_.made_count() > 0) {
            recording.stage("convolver_multiply", multiply_bytes());
            multiply(recording);
            recording.shaders_before_shaders();
            recording.stage("convolver_to_frames", output_transform_bytes());
            transform_outputs(recording);
        }
        recording.stage("convolver_unpack", unpack_bytes());
        unpack(recording, rows);
    });
    // What was written down for so many outputs may have been for others.
    if (commands.marks().is_timed()) {
        commands.marks().set_bytes("convolver_multiply", multiply_bytes());
        commands.marks().set_bytes("convolver_unpack", unpack_bytes());
    }
    return &commands;
}

void GroupConvolver::pack(Recording& recording, const VulkanRows& rows) const {
    for (std::uint32_t t = 0; t < group_.ring.input_tile_count; ++t) {
        const std::uint32_t first_input = t * group_.ring.inputs_per_tile;
        const shaders::ConvolverPackPush push{rows.layout(),
                                              group_.transform_frames,
                                              group_.hop_frames,
                                              group_.block_count,
                                              first_input,
                                              first_block(t),
                                              sounding_.begin().inputs + first_input,
                                              group_.past_frames(),
                                              past_start_};
        recording.run(pack_, present(t).pack_set, rows.set(), push,
                      {move_groups_for(group_.transform_frames), inputs_at_once(t), group_.block_count});
    }
}

void GroupConvolver::keep(Recording& recording, const VulkanRows& rows) const {
    if (group_.past_frames() == 0) return;
    const std::uint32_t past = group_.past_frames();
    const std::uint32_t count = std::min(past, frame_count_);
    // A ring that is written whole always begins at its first place.
    const std::uint32_t start = past <= frame_count_ ? (past - frame_count_ % past) % past : past_start_;
    for (std::uint32_t t = 0; t < group_.ring.input_tile_count; ++t) {
        const std::uint32_t first_input = t * group_.ring.inputs_per_tile;
        const shaders::ConvolverKeepPush push{rows.layout(), first_input,
                                              sounding_.begin().inputs + first_input, past, start};
        recording.run(keep_, pasts_[t].keep_set, rows.set(), push, {groups_for(count), inputs_at_once(t)});
    }
}

void GroupConvolver::transform_inputs(Recording& recording) const {
    for (std::uint32_t t = 0; t < group_.ring.input_tile_count; ++t) {
        present(t).to_spectra.run(recording, first_block(t), inputs_at_once(t) * group_.block_count);
    }
}

void GroupConvolver::multiply(Recording& recording) const {
    const Sounding::Begin& begin = sounding_.begin();
    const shaders::ConvolverMultiplyPush push{group_.bin_count(),
                                              group_.block_count,
                                              group_.slot_count,
                                              first_slot_,
                                              group_.hops_per_partition,
                                              group_.ring.slots_per_tile,
                                              kernels_.units_per_tile(),
                                              group_.input_count(),
                                              begin.places,
                                              begin.bundles,
                                              begin.output_places};
    recording.run(multiply_, multiply_set_, VK_NULL_HANDLE, push,
                  {groups_for(group_.bin_count()), sounding_.bundle_count(), group_.block_tile_count()});
}

void GroupConvolver::transform_outputs(Recording& recording) const {
    to_frames_.run(recording, 0, sounding_.made_count() * group_.block_count);
}

void GroupConvolver::unpack(Recording& recording, const VulkanRows& rows) const {
    const shaders::ConvolverUnpackPush push{
        rows.layout(),      group_.transform_frames,   group_.hop_frames,
        group_.block_count, sounding_.begin().outputs, sounding_.begin().output_places};
    recording.run(unpack_, unpack_set_, rows.set(), push,
                  {move_groups_for(frame_count_), sounding_.written_count()});
}

void GroupConvolver::next_chunk() {
    first_slot_ = (first_slot_ + group_.block_count) % group_.slot_count;
    if (group_.past_frames() > frame_count_) {
        past_start_ = (past_start_ + frame_count_) % group_.past_frames();
    }
}

std::uint64_t GroupConvolver::pack_bytes() const {
    const std::uint64_t read = past_bytes(group_, 1) + frame_count_ * sizeof(float);
    const std::uint64_t written = std::uint64_t{group_.block_count} * group_.transform_frames * sizeof(float);
    return sounding_.input_count() * (read + written);
}

std::uint64_t GroupConvolver::keep_bytes() const {
    return std::uint64_t{2} * sizeof(float) * sounding_.input_count() *
           std::min(group_.past_frames(), frame_count_);
}

std::uint64_t GroupConvolver::input_transform_bytes() const {
    return 2 * group_.block_bytes() * group_.block_count * sounding_.input_count();
}

std::uint64_t GroupConvolver::multiply_bytes() const {
    std::uint64_t spectra = std::uint64_t{group_.block_count} * sounding_.made_count();
    for (const std::uint32_t number : sounding_.bundles()) {
        const shaders::ConvolverBundle& bundle = group_.bundles[number];
        for (std::uint32_t t = 0; t < bundle.term_count; ++t) {
            const std::uint32_t output_count = sounding_.sounding_outputs(bundle, t);
            if (output_count == 0) continue;
            const std::uint64_t partitions = group_.terms[bundle.first_term + t].partition_count;
            const std::uint64_t tiles = group_.block_tile_count();
            // A window that slides by one block a partition, else a window for every partition.
            const std::uint64_t windows = group_.hops_per_partition == 1
                                              ? group_.block_count + tiles * (partitions - 1)
                                              : group_.block_count * partitions;
            spectra += tiles * partitions + windows * output_count;
        }
    }
    return spectra * group_.block_bytes();
}

std::uint64_t GroupConvolver::output_transform_bytes() const {
    return 2 * group_.block_bytes() * group_.block_count * sounding_.made_count();
}

std::uint64_t GroupConvolver::unpack_bytes() const {
    std::uint64_t moves = std::uint64_t{sounding_.made_count()} + sounding_.written_count();
    for (const std::uint32_t output : sounding_.outputs()) {
        moves += (group_.output_rows[output] & shaders::adds_to_row) != 0 ? 1 : 0;
    }
    return moves * sizeof(float) * frame_count_;
}

}  // namespace tutti::vulkan
