#include "engine/vulkan/convolver_plan.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "engine/errors.hpp"
#include "engine/vulkan/convolver_parts.hpp"

namespace tutti::vulkan {

namespace {

/// Products that one invocation sums side by side, over blocks and over outputs: their sums and what they
/// read stay in registers.
constexpr std::uint32_t product_tile = 8;

/// Spectra that a group works on at once, of all inputs or all outputs: enough to fill a GPU, and little
/// beside its memory.
constexpr std::uint64_t group_bytes = std::uint64_t{512} << 20;

/// [kernel]: the first kernel of the plan with the same taps.
std::vector<int> find_equal_kernels(const ConvolverPlan& plan) {
    const auto less = [](const std::vector<float>* a, const std::vector<float>* b) { return *a < *b; };
    std::map<const std::vector<float>*, int, decltype(less)> firsts(less);
    std::vector<int> equal;
    for (const std::vector<float>& kernel : plan.kernels) {
        equal.push_back(firsts.try_emplace(&kernel, static_cast<int>(equal.size())).first->second);
    }
    return equal;
}

std::optional<RingTiling> tile_ring(std::uint32_t input_count, const ConvolverGroup& group,
                                    std::uint64_t tile_bytes) {
    const std::uint64_t chunk_bytes = group.block_bytes() * group.block_count;
    const std::uint32_t chunk_count = group.slot_count / group.block_count;
    for (std::uint32_t input_tiles = 1; input_tiles <= shaders::tile_limit; ++input_tiles) {
        const std::uint32_t inputs = (input_count + input_tiles - 1) / input_tiles;
        const std::uint64_t most_chunks = tile_bytes / (chunk_bytes * inputs);
        if (most_chunks == 0) continue;
        const auto slot_tiles = static_cast<std::uint32_t>((chunk_count + most_chunks - 1) / most_chunks);
        if (input_tiles * slot_tiles > shaders::tile_limit) continue;
        const std::uint32_t chunks = (chunk_count + slot_tiles - 1) / slot_tiles;
        return RingTiling{inputs, input_tiles, chunks * group.block_count, slot_tiles};
    }
    return std::nullopt;
}

/// Stretches of partitions that are not all zeros: {0, first partition, count}.
std::vector<shaders::ConvolverTerm> find_runs(const std::vector<float>& kernel,
                                              std::size_t partition_frames) {
    std::vector<shaders::ConvolverTerm> runs;
    bool in_run = false;
    for (std::size_t first = 0; first < kernel.size(); first += partition_frames) {
        const auto begin = kernel.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end =
            begin + static_cast<std::ptrdiff_t>(std::min(partition_frames, kernel.size() - first));
        const bool is_zero = std::all_of(begin, end, [](float tap) { return tap == 0.0F; });
        if (!is_zero && !in_run) runs.push_back({0, static_cast<std::uint32_t>(first / partition_frames), 0});
        if (!is_zero) ++runs.back().partition_count;
        in_run = !is_zero;
    }
    return runs;
}

/// Fills one group with outputs.
class GroupBuilder {
  public:
    GroupBuilder(const RowsShape& shape, const ConvolverLayout& layout, const ConvolverPlan& plan,
                 const std::vector<int>& equal_kernels, std::uint64_t tile_bytes)
        : plan_(plan), equal_kernels_(equal_kernels), tile_bytes_(tile_bytes) {
        group_.transform_frames = static_cast<std::uint32_t>(layout.transform_frames);
        group_.hop_frames = static_cast<std::uint32_t>(layout.hop_frames);
        group_.partition_frames = static_cast<std::uint32_t>(layout.partition_frames);
        group_.hops_per_partition = static_cast<std::uint32_t>(layout.hops_per_partition());
        group_.block_count =
            static_cast<std::uint32_t>((shape.frame_count + layout.hop_frames - 1) / layout.hop_frames);
    }

    bool is_empty() const { return outputs_.empty(); }

    /// Adds the outputs with all their paths; or nothing, and false, when the buffers have no room for all.
    bool add(std::span<const ConvolverPart::Output> outputs) {
        std::set<int> new_inputs;
        std::vector<int> new_kernels;
        const std::size_t unit_count = group_.units.size();
        const std::uint32_t most_partitions = most_partitions_;
        for (const ConvolverPart::Output& output : outputs) {
            for (const ConvolverPath* path : output.paths) {
                if (inputs_.count(path->input_row) == 0) new_inputs.insert(path->input_row);
                const int kernel = equal_kernels_[static_cast<std::size_t>(path->kernel)];
                if (learn(kernel)) new_kernels.push_back(kernel);
            }
        }
        if (has_room(inputs_.size() + new_inputs.size(), outputs_.size() + outputs.size())) {
            for (const ConvolverPart::Output& output : outputs) append(output);
            return true;
        }
        for (const int kernel : new_kernels) runs_.erase(kernel);
        group_.units.resize(unit_count);
        most_partitions_ = most_partitions;
        return false;
    }

    ConvolverGroup finish() {
        group_.slot_count = slot_count();
        group_.ring = *tile_ring(group_.input_count(), group_, tile_bytes_);
        const std::vector<std::vector<std::size_t>> alike = sort_by_kernels();
        std::size_t most = 1;
        for (const auto& outputs : alike) most = std::max(most, outputs.size());
        group_.block_tile = std::min(group_.block_count, product_tile);
        group_.output_tile = std::min(product_tile / group_.block_tile, static_cast<std::uint32_t>(most));
        for (const std::vector<std::size_t>& outputs : alike) {
            for (std::size_t first = 0; first < outputs.size(); first += group_.output_tile) {
                const std::size_t count = std::min<std::size_t>(group_.output_tile, outputs.size() - first);
                add_bundle(std::span(outputs).subspan(first, count));
            }
        }
        return std::move(group_);
    }

  private:
    struct Output {
        std::uint32_t row = 0;
        std::vector<std::uint32_t> inputs;  ///< [term]
        std::vector<int> kernels;           ///< [term]
        std::vector<float> gains;           ///< [term]
    };

    /// Makes the units of a kernel; false when they are there already.
    bool learn(int kernel) {
        const auto [place, is_new] = runs_.try_emplace(kernel);
        if (!is_new) return false;
        const std::vector<float>& taps = plan_.kernels[static_cast<std::size_t>(kernel)];
        place->second = find_runs(taps, group_.partition_frames);
        for (shaders::ConvolverTerm& run : place->second) {
            run.first_unit = static_cast<std::uint32_t>(group_.units.size());
            const std::uint32_t end = run.first_partition + run.partition_count;
            for (std::uint32_t p = run.first_partition; p < end; ++p) {
                group_.units.push_back({&taps, std::size_t{p} * group_.partition_frames});
            }
            most_partitions_ = std::max(most_partitions_, end);
        }
        return true;
    }

    std::uint32_t slot_count() const {
        // A multiple of block_count, so that the blocks of a chunk always lie in one piece.
        const std::uint32_t past_slots = (most_partitions_ - 1) * group_.hops_per_partition;
        const std::uint32_t past_chunks = (past_slots + group_.block_count - 1) / group_.block_count;
        return (1 + past_chunks) * group_.block_count;
    }

    bool has_room(std::size_t input_count, std::size_t output_count) {
        const std::uint64_t chunk_bytes = group_.block_bytes() * group_.block_count;
        const std::uint64_t unit_room = tile_bytes_ / group_.block_bytes() * shaders::tile_limit;
        if (chunk_bytes * output_count > tile_bytes_ || group_.units.size() > unit_room) return false;
        // One output is done however much it takes, as long as buffers hold it.
        if (output_count > 1 && chunk_bytes * std::max(input_count, output_count) > group_bytes) return false;
        group_.slot_count = slot_count();
        return tile_ring(static_cast<std::uint32_t>(input_count), group_, tile_bytes_).has_value();
    }

    void append(const ConvolverPart::Output& output) {
        Output& mine = outputs_.emplace_back();
        mine.row = static_cast<std::uint32_t>(output.row) | (output.adds ? shaders::adds_to_row : 0);
        for (const ConvolverPath* path : output.paths) {
            const auto [place, is_new] = inputs_.try_emplace(path->input_row, group_.input_count());
            if (is_new) group_.input_rows.push_back(static_cast<std::uint32_t>(path->input_row));
            mine.inputs.push_back(place->second);
            mine.kernels.push_back(equal_kernels_[static_cast<std::size_t>(path->kernel)]);
            mine.gains.push_back(path->gain);
        }
    }

    /// Outputs whose terms have the same kernels, in the order of the first of them.
    std::vector<std::vector<std::size_t>> sort_by_kernels() const {
        std::map<std::vector<int>, std::size_t> places;
        std::vector<std::vector<std::size_t>> sorted;
        for (std::size_t i = 0; i < outputs_.size(); ++i) {
            const auto [place, is_new] = places.try_emplace(outputs_[i].kernels, sorted.size());
            if (is_new) sorted.emplace_back();
            sorted[place->second].push_back(i);
        }
        return sorted;
    }

    shaders::ConvolverInput place_of(std::uint32_t input, float gain) const {
        return {input / group_.ring.inputs_per_tile * group_.ring.slot_tile_count, input, gain};
    }

    void add_bundle(std::span<const std::size_t> outputs) {
        const Output& first = outputs_[outputs.front()];
        shaders::ConvolverBundle bundle{group_.output_count(), static_cast<std::uint32_t>(outputs.size()),
                                        static_cast<std::uint32_t>(group_.terms.size()), 0,
                                        static_cast<std::uint32_t>(group_.term_inputs.size())};
        for (const std::size_t output : outputs) group_.output_rows.push_back(outputs_[output].row);
        for (std::size_t term = 0; term < first.kernels.size(); ++term) {
            for (const shaders::ConvolverTerm& run : runs_.at(first.kernels[term])) {
                group_.terms.push_back(run);
                ++bundle.term_count;
                for (const std::size_t output : outputs) {
                    group_.term_inputs.push_back(
                        place_of(outputs_[output].inputs[term], outputs_[output].gains[term]));
                }
            }
        }
        group_.bundles.push_back(bundle);
    }

    const ConvolverPlan& plan_;
    const std::vector<int>& equal_kernels_;
    std::uint64_t tile_bytes_;
    ConvolverGroup group_;
    std::uint32_t most_partitions_ = 1;
    std::vector<Output> outputs_;
    std::map<int, std::uint32_t> inputs_;                      ///< by row
    std::map<int, std::vector<shaders::ConvolverTerm>> runs_;  ///< by kernel
};

/// Fills as many groups of one layout as its outputs take.
class GroupFiller {
  public:
    GroupFiller(const RowsShape& shape, const ConvolverLayout& layout, const ConvolverPlan& plan,
                const std::vector<int>& equal_kernels, std::uint64_t tile_bytes)
        : make_([=, &plan, &equal_kernels] {
              return std::make_unique<GroupBuilder>(shape, layout, plan, equal_kernels, tile_bytes);
          }),
          builder_(make_()) {}

    void add(const ConvolverPart& part) {
        if (builder_->add(part.outputs)) return;
        start_another();
        if (builder_->add(part.outputs)) return;
        builder_ = make_();
        for (const ConvolverPart::Output& output : part.outputs) {
            if (builder_->add({&output, 1})) continue;
            start_another();
            add_in_pieces(output);
        }
    }

    std::vector<ConvolverGroup> finish() {
        start_another();
        return std::move(groups_);
    }

  private:
    /// To a group of its own: pieces of one output must not be in the same.
    void add_in_pieces(const ConvolverPart::Output& output) {
        if (builder_->add({&output, 1})) return;
        if (output.paths.size() == 1) {
            throw DeviceError(
                "the spectra of one convolution do not fit the buffers of the Vulkan device; give a lower "
                "--memory for shorter chunks, shorten the kernels, or use --device cpu");
        }
        const auto middle = output.paths.begin() + static_cast<std::ptrdiff_t>(output.paths.size() / 2);
        add_in_pieces({output.row, {output.paths.begin(), middle}, output.adds});
        start_another();
        add_in_pieces({output.row, {middle, output.paths.end()}, true});
    }

    void start_another() {
        if (!builder_->is_empty()) groups_.push_back(builder_->finish());
        builder_ = make_();
    }

    std::function<std::unique_ptr<GroupBuilder>()> make_;
    std::unique_ptr<GroupBuilder> builder_;
    std::vector<ConvolverGroup> groups_;
};

}  // namespace

std::vector<ConvolverGroup> group_paths(const RowsShape& shape, const ConvolverPlan& plan,
                                        const ConvolverCosts& costs, std::uint64_t tile_bytes) {
    struct Order {
        bool operator()(const ConvolverLayout& a, const ConvolverLayout& b) const {
            return std::tie(a.transform_frames, a.hop_frames, a.partition_frames) <
                   std::tie(b.transform_frames, b.hop_frames, b.partition_frames);
        }
    };
    const std::vector<int> equal_kernels = find_equal_kernels(plan);
    std::map<ConvolverLayout, GroupFiller, Order> fillers;
    for (const ConvolverPart& part : split_into_parts(shape, plan)) {
        ConvolverLayout layout =
            choose_layout(part.job(plan, shape.frame_count), costs, plan.transform_frames).layout;
        if (layout.partition_count == 1) {
            // All that the transform has room for, so that kernels of unlike lengths share a group.
            layout.partition_frames = layout.transform_frames - layout.hop_frames + control_hop;
        }
        fillers.try_emplace(layout, shape, layout, plan, equal_kernels, tile_bytes).first->second.add(part);
    }
    std::vector<ConvolverGroup> groups;
    for (auto& [layout, filler] : fillers) {
        for (ConvolverGroup& group : filler.finish()) groups.push_back(std::move(group));
    }
    return groups;
}

}  // namespace tutti::vulkan
