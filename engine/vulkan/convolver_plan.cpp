#include "engine/vulkan/convolver_plan.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/errors.hpp"

namespace tutti::vulkan {

namespace {

struct ByContent {
    bool operator()(const std::vector<float>* a, const std::vector<float>* b) const { return *a < *b; }
};

/// Adds the paths of one output after the other to a group.
class GroupBuilder {
  public:
    GroupBuilder(const RowsShape& shape, const ConvolverLayout& layout) {
        group_.transform_frames = static_cast<std::uint32_t>(layout.transform_frames);
        group_.hop_frames = static_cast<std::uint32_t>(layout.hop_frames);
        group_.partition_frames = static_cast<std::uint32_t>(layout.partition_frames);
        group_.hops_per_partition = static_cast<std::uint32_t>(layout.hops_per_partition());
        group_.block_count =
            static_cast<std::uint32_t>((shape.frame_count + layout.hop_frames - 1) / layout.hop_frames);
        group_.term_begins.push_back(0);
    }

    void add(int output_row, const std::vector<const ConvolverPath*>& paths, const ConvolverPlan& plan) {
        for (const ConvolverPath* path : paths) {
            const std::vector<float>& kernel = plan.kernels[static_cast<std::size_t>(path->kernel)];
            const std::uint32_t partition_count = group_.partition_count(kernel);
            most_partitions_ = std::max(most_partitions_, partition_count);
            group_.terms.push_back({index_of_input(path->input_row), first_unit_of(kernel), partition_count});
        }
        group_.output_rows.push_back(static_cast<std::uint32_t>(output_row));
        group_.term_begins.push_back(static_cast<std::uint32_t>(group_.terms.size()));
    }

    ConvolverGroup finish() {
        // A multiple of block_count, so that the blocks of a chunk always lie in one piece.
        const std::uint32_t past_slots = (most_partitions_ - 1) * group_.hops_per_partition;
        const std::uint32_t past_chunks = (past_slots + group_.block_count - 1) / group_.block_count;
        group_.slot_count = (1 + past_chunks) * group_.block_count;
        return std::move(group_);
    }

  private:
    std::uint32_t index_of_input(int row) {
        const auto [place, is_new] =
            inputs_.try_emplace(row, static_cast<std::uint32_t>(group_.input_rows.size()));
        if (is_new) group_.input_rows.push_back(static_cast<std::uint32_t>(row));
        return place->second;
    }

    std::uint32_t first_unit_of(const std::vector<float>& kernel) {
        const auto [place, is_new] = units_.try_emplace(&kernel, group_.unit_count);
        if (is_new) {
            group_.kernels.push_back(&kernel);
            group_.unit_count += group_.partition_count(kernel);
        }
        return place->second;
    }

    ConvolverGroup group_;
    std::uint32_t most_partitions_ = 1;
    std::map<int, std::uint32_t> inputs_;
    std::map<const std::vector<float>*, std::uint32_t, ByContent> units_;
};

}  // namespace

std::uint32_t ConvolverGroup::partition_count(const std::vector<float>& kernel) const {
    return static_cast<std::uint32_t>((kernel.size() + partition_frames - 1) / partition_frames);
}

ConvolverJob job_of(const std::vector<const ConvolverPath*>& paths, const RowsShape& shape,
                    const ConvolverPlan& plan) {
    ConvolverJob job;
    job.chunk_frames = shape.frame_count;
    job.output_count = 1;
    std::set<int> inputs;
    std::set<int> kernels;
    for (const ConvolverPath* path : paths) {
        const auto taps =
            static_cast<std::int64_t>(plan.kernels[static_cast<std::size_t>(path->kernel)].size());
        job.path_taps.push_back(taps);
        inputs.insert(path->input_row);
        if (kernels.insert(path->kernel).second) job.kernel_taps.push_back(taps);
    }
    job.input_count = static_cast<int>(inputs.size());
    return job;
}

std::vector<std::vector<const ConvolverPath*>> paths_by_output(const RowsShape& shape,
                                                               const ConvolverPlan& plan) {
    std::map<int, std::vector<const ConvolverPath*>> by_output;
    for (const ConvolverPath& path : plan.paths) {
        TUTTI_CHECK(path.input_row >= 0 && path.input_row < shape.row_count);
        TUTTI_CHECK(path.output_row >= 0 && path.output_row < shape.row_count);
        TUTTI_CHECK(path.kernel >= 0 && path.kernel < static_cast<int>(plan.kernels.size()));
        TUTTI_CHECK(!plan.kernels[static_cast<std::size_t>(path.kernel)].empty());
        by_output[path.output_row].push_back(&path);
    }
    std::vector<std::vector<const ConvolverPath*>> paths;
    for (auto& [row, of_row] : by_output) paths.push_back(std::move(of_row));
    return paths;
}

std::vector<ConvolverGroup> group_paths(const RowsShape& shape, const ConvolverPlan& plan,
                                        const ConvolverCosts& costs) {
    struct Order {
        bool operator()(const ConvolverLayout& a, const ConvolverLayout& b) const {
            return std::tie(a.transform_frames, a.hop_frames, a.partition_frames) <
                   std::tie(b.transform_frames, b.hop_frames, b.partition_frames);
        }
    };
    std::map<ConvolverLayout, GroupBuilder, Order> builders;
    for (const std::vector<const ConvolverPath*>& paths : paths_by_output(shape, plan)) {
        ConvolverLayout layout =
            choose_layout(job_of(paths, shape, plan), costs, plan.transform_frames).layout;
        if (layout.partition_count == 1) {
            // All that the transform has room for, so that kernels of unlike lengths share a group.
            layout.partition_frames = layout.transform_frames - layout.hop_frames + control_hop;
        }
        builders.try_emplace(layout, shape, layout).first->second.add(paths.front()->output_row, paths, plan);
    }
    std::vector<ConvolverGroup> groups;
    for (auto& [layout, builder] : builders) groups.push_back(builder.finish());
    return groups;
}

}  // namespace tutti::vulkan
