#include "engine/vulkan/convolver.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "engine/vulkan/convolver_plan.hpp"
#include "engine/vulkan/fft.hpp"
#include "engine/vulkan/kernel_spectra.hpp"
#include "engine/vulkan/recording.hpp"
#include "engine/vulkan/rows.hpp"
#include "shaders/convolver_keep.spv.hpp"
#include "shaders/convolver_multiply.spv.hpp"
#include "shaders/convolver_pack.spv.hpp"
#include "shaders/convolver_unpack.spv.hpp"

namespace tutti::vulkan {

namespace {

/// Blocks that one invocation of the multiply shader makes in a row: it reads kernels once for all of them,
/// and keeps them in registers.
constexpr std::uint32_t largest_block_tile = 8;

/// The convolutions with transforms of one size: overlap-save, uniformly partitioned with a frequency-domain
/// delay line where kernels are longer than a transform has room for. Every input keeps the spectra of its
/// last slot_count blocks in a ring; each chunk writes the next block_count of them.
class PartitionedConvolution {
  public:
    PartitionedConvolution(Device& device, const RowsShape& shape, const ConvolverGroup& group)
        : shape_(shape),
          transform_frames_(group.transform_frames),
          hop_frames_(group.hop_frames),
          hops_per_partition_(group.hops_per_partition),
          block_count_(group.block_count),
          slot_count_(group.slot_count),
          block_tile_(std::min(group.block_count, largest_block_tile)),
          input_rows_(make_table(device, group.input_rows)),
          output_rows_(make_table(device, group.output_rows)),
          term_begins_(make_table(device, group.term_begins)),
          terms_(make_table(device, group.terms)),
          kernels_(make_kernel_spectra(device, group)),
          inputs_(device, static_cast<std::uint32_t>(group.input_rows.size()),
                  group.block_bytes() * slot_count_),
          outputs_(device, static_cast<std::uint32_t>(group.output_rows.size()),
                   group.block_bytes() * block_count_),
          pack_(device, {shaders::convolver_pack, {1, 1, 1}, sizeof(shaders::ConvolverPackPush)}),
          keep_(device, {shaders::convolver_keep, {1, 1}, sizeof(shaders::ConvolverKeepPush)}),
          multiply_(device, {shaders::convolver_multiply,
                             {1, 1, shaders::tile_limit, shaders::tile_limit, 1},
                             sizeof(shaders::ConvolverMultiplyPush),
                             UsesRows::no,
                             {static_cast<std::int32_t>(block_tile_)}}),
          unpack_(device, {shaders::convolver_unpack, {1, 1}, sizeof(shaders::ConvolverUnpackPush)}) {
        for (std::size_t tile = 0; tile < inputs_.tiles().size(); ++tile) {
            input_tiles_.push_back(make_input_tile(device, tile));
        }
        for (std::size_t tile = 0; tile < outputs_.tiles().size(); ++tile) {
            output_tiles_.push_back(make_output_tile(device, tile));
        }
    }

    std::uint64_t workspace_bytes() const {
        std::uint64_t bytes = 0;
        for (const InputTile& tile : input_tiles_) bytes = std::max(bytes, tile.to_spectra.workspace_bytes());
        for (const OutputTile& tile : output_tiles_)
            bytes = std::max(bytes, tile.to_frames.workspace_bytes());
        return bytes;
    }

    void set_workspace(const Buffer& workspace) {
        for (InputTile& tile : input_tiles_) tile.to_spectra.set_workspace(workspace);
        for (OutputTile& tile : output_tiles_) tile.to_frames.set_workspace(workspace);
    }

    void pack(Recording& recording, const VulkanRows& rows) const {
        for (std::size_t t = 0; t < input_tiles_.size(); ++t) {
            const shaders::ConvolverPackPush push{
                rows.layout(),         transform_frames_,   hop_frames_,   block_count_, first_slot_,
                inputs_.first_unit(t), inputs_.units_in(t), past_frames(), past_start_};
            recording.run(pack_, input_tiles_[t].pack_set, rows.set(), push,
                          {groups_for(transform_frames_), inputs_.units_in(t), block_count_});
        }
    }

    void keep(Recording& recording, const VulkanRows& rows) const {
        if (past_frames() == 0) return;
        const std::uint32_t count = std::min(past_frames(), static_cast<std::uint32_t>(shape_.frame_count));
        for (std::size_t t = 0; t < input_tiles_.size(); ++t) {
            const shaders::ConvolverKeepPush push{rows.layout(), inputs_.first_unit(t), past_frames(),
                                                  past_start_};
            recording.run(keep_, input_tiles_[t].keep_set, rows.set(), push,
                          {groups_for(count), inputs_.units_in(t)});
        }
    }

    void transform_inputs(Recording& recording) {
        for (std::size_t t = 0; t < input_tiles_.size(); ++t) {
            input_tiles_[t].to_spectra.run(recording, std::uint64_t{first_slot_} * inputs_.units_in(t));
        }
    }

    void multiply(Recording& recording) const {
        const std::uint32_t bin_count = transform_frames_ / 2 + 1;
        const std::uint32_t block_tile_count = (block_count_ + block_tile_ - 1) / block_tile_;
        for (std::size_t t = 0; t < output_tiles_.size(); ++t) {
            const shaders::ConvolverMultiplyPush push{bin_count,
                                                      block_count_,
                                                      slot_count_,
                                                      first_slot_,
                                                      hops_per_partition_,
                                                      inputs_.unit_count(),
                                                      inputs_.units_per_tile(),
                                                      kernels_.units_per_tile(),
                                                      outputs_.first_unit(t)};
            recording.run(multiply_, output_tiles_[t].multiply_set, VK_NULL_HANDLE, push,
                          {outputs_.units_in(t), groups_for(bin_count), block_tile_count});
        }
    }

    void transform_outputs(Recording& recording) {
        for (OutputTile& tile : output_tiles_) tile.to_frames.run(recording, 0);
    }

    void unpack(Recording& recording, const VulkanRows& rows) const {
        for (std::size_t t = 0; t < output_tiles_.size(); ++t) {
            const shaders::ConvolverUnpackPush push{rows.layout(), transform_frames_, hop_frames_,
                                                    block_count_, outputs_.first_unit(t)};
            recording.run(unpack_, output_tiles_[t].unpack_set, rows.set(), push,
                          {groups_for(static_cast<std::uint32_t>(shape_.frame_count)), outputs_.units_in(t)});
        }
    }

    void next_chunk() {
        first_slot_ = (first_slot_ + block_count_) % slot_count_;
        if (past_frames() == 0) return;
        past_start_ = (past_start_ + static_cast<std::uint32_t>(shape_.frame_count)) % past_frames();
    }

  private:
    struct InputTile {
        TiledBuffer past;  ///< the last frames before the chunk, a ring: [input][past_frames]
        BufferSet pack_set;
        BufferSet keep_set;
        Fft to_spectra;
    };

    struct OutputTile {
        BufferSet multiply_set;
        BufferSet unpack_set;
        Fft to_frames;
    };

    InputTile make_input_tile(Device& device, std::size_t t) const {
        const Buffer& spectra = inputs_.tiles()[t];
        const std::uint64_t frames = std::max<std::uint32_t>(past_frames(), control_hop);
        TiledBuffer past(device, 1, inputs_.units_in(t) * frames * sizeof(float));
        BufferSet pack_set(device, pack_.set_layout(),
                           {input_rows_.handle_span(), past.tiles()[0].handle_span(), spectra.handle_span()});
        BufferSet keep_set(device, keep_.set_layout(),
                           {input_rows_.handle_span(), past.tiles()[0].handle_span()});
        return {std::move(past), std::move(pack_set), std::move(keep_set),
                Fft(device, spectra, transform_frames_, inputs_.units_in(t) * block_count_,
                    FftDirection::to_spectra)};
    }

    OutputTile make_output_tile(Device& device, std::size_t t) const {
        const Buffer& spectra = outputs_.tiles()[t];
        return {BufferSet(device, multiply_.set_layout(),
                          {term_begins_.handle_span(), terms_.handle_span(), inputs_.handles(),
                           kernels_.handles(), spectra.handle_span()}),
                BufferSet(device, unpack_.set_layout(), {output_rows_.handle_span(), spectra.handle_span()}),
                Fft(device, spectra, transform_frames_, outputs_.units_in(t) * block_count_,
                    FftDirection::to_frames)};
    }

    std::uint32_t past_frames() const { return transform_frames_ - hop_frames_; }

    RowsShape shape_;
    std::uint32_t transform_frames_;
    std::uint32_t hop_frames_;
    std::uint32_t hops_per_partition_;
    std::uint32_t block_count_;
    std::uint32_t slot_count_;
    std::uint32_t block_tile_;
    std::uint32_t first_slot_ = 0;
    std::uint32_t past_start_ = 0;
    Buffer input_rows_;
    Buffer output_rows_;
    Buffer term_begins_;
    Buffer terms_;
    TiledBuffer kernels_;
    TiledBuffer inputs_;   ///< one unit per input: a ring of slots, as [slot][input of the tile][bin]
    TiledBuffer outputs_;  ///< one unit per output: [output of the tile][block][bin]
    Pipeline pack_;
    Pipeline keep_;
    Pipeline multiply_;
    Pipeline unpack_;
    std::vector<InputTile> input_tiles_;
    std::vector<OutputTile> output_tiles_;
};

class VulkanConvolver final : public Convolver {
  public:
    VulkanConvolver(Device& device, const RowsShape& shape, const ConvolverPlan& plan,
                    const ConvolverCosts& costs)
        : device_(device), shape_(shape) {
        std::uint64_t workspace_bytes = 0;
        for (const ConvolverGroup& group : group_paths(shape, plan, costs)) {
            groups_.emplace_back(device, shape, group);
            workspace_bytes = std::max(workspace_bytes, groups_.back().workspace_bytes());
        }
        if (workspace_bytes == 0) return;
        workspace_.emplace(device, workspace_bytes, Memory::device);
        for (PartitionedConvolution& group : groups_) group.set_workspace(*workspace_);
    }

    ~VulkanConvolver() override { device_.finish(); }

    void process(Rows& rows) override {
        const VulkanRows& target = vulkan_rows(rows, device_, shape_);
        if (groups_.empty()) return;
        Recording recording = device_.record();
        for (const PartitionedConvolution& group : groups_) group.pack(recording, target);
        recording.shaders_before_shaders();
        for (const PartitionedConvolution& group : groups_) group.keep(recording, target);
        for (PartitionedConvolution& group : groups_) group.transform_inputs(recording);
        for (const PartitionedConvolution& group : groups_) group.multiply(recording);
        recording.shaders_before_shaders();
        for (PartitionedConvolution& group : groups_) group.transform_outputs(recording);
        for (const PartitionedConvolution& group : groups_) group.unpack(recording, target);
        recording.submit();
        for (PartitionedConvolution& group : groups_) group.next_chunk();
    }

  private:
    Device& device_;
    RowsShape shape_;
    std::vector<PartitionedConvolution> groups_;
    std::optional<Buffer>
        workspace_;  ///< for transforms too long for a workgroup; shared, they run one after another
};

}  // namespace

std::unique_ptr<Convolver> make_convolver(Device& device, const RowsShape& shape, const ConvolverPlan& plan,
                                          const ConvolverCosts& costs) {
    return std::make_unique<VulkanConvolver>(device, shape, plan, costs);
}

ConvolverForecast forecast_convolver(const RowsShape& shape, const ConvolverPlan& plan,
                                     const ConvolverCosts& costs) {
    ForecastSum sum;
    for (const std::vector<const ConvolverPath*>& paths : paths_by_output(shape, plan)) {
        sum.add(job_of(paths, shape, plan), costs, plan.transform_frames);
    }
    ConvolverForecast forecast = sum.forecast();
    // Known better now: groups share kernels, and keep the blocks of whole chunks.
    forecast.bytes = 0;
    for (const ConvolverGroup& group : group_paths(shape, plan, costs)) {
        const auto inputs = static_cast<std::uint64_t>(group.input_rows.size());
        const std::uint64_t spectra =
            group.unit_count + group.slot_count * inputs +
            2 * std::uint64_t{group.block_count} * static_cast<std::uint64_t>(group.output_rows.size());
        forecast.bytes += spectra * group.block_bytes() + inputs * group.past_frames() * sizeof(float);
    }
    return forecast;
}

}  // namespace tutti::vulkan
