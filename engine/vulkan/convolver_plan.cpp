#include "engine/vulkan/convolver_plan.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "engine/errors.hpp"

namespace tutti::vulkan {

namespace {

constexpr std::uint32_t smallest_partition = 1024;
constexpr std::uint32_t largest_partition = 65536;

/// The largest power of two that divides the chunk, up to largest_partition.
std::uint32_t partition_limit(const RowsShape& shape) {
    const auto frame_count = static_cast<std::uint32_t>(shape.frame_count);
    return std::min(frame_count & (~frame_count + 1), largest_partition);
}

/// A partition twice as long as the kernel spends half of each transform on new frames and needs one product
/// per bin.
std::uint32_t partition_for(std::size_t kernel_length, std::uint32_t limit) {
    const std::size_t wanted = std::bit_ceil(2 * std::min<std::size_t>(kernel_length, largest_partition));
    return static_cast<std::uint32_t>(
        std::clamp<std::size_t>(wanted, std::min(smallest_partition, limit), limit));
}

struct ByContent {
    bool operator()(const std::vector<float>* a, const std::vector<float>* b) const { return *a < *b; }
};

/// Adds the paths of one output after the other to a group.
class GroupBuilder {
  public:
    GroupBuilder(const RowsShape& shape, std::uint32_t partition_frames) {
        group_.partition_frames = partition_frames;
        group_.block_count = static_cast<std::uint32_t>(shape.frame_count) / partition_frames;
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
        const std::uint32_t chunks =
            (group_.block_count + most_partitions_ - 1 + group_.block_count - 1) / group_.block_count;
        group_.slot_count = chunks * group_.block_count;
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

std::vector<ConvolverGroup> group_paths(const RowsShape& shape, const ConvolverPlan& plan) {
    std::map<int, std::vector<const ConvolverPath*>> paths_by_output;
    for (const ConvolverPath& path : plan.paths) {
        TUTTI_CHECK(path.input_row >= 0 && path.input_row < shape.row_count);
        TUTTI_CHECK(path.output_row >= 0 && path.output_row < shape.row_count);
        TUTTI_CHECK(path.kernel >= 0 && path.kernel < static_cast<int>(plan.kernels.size()));
        TUTTI_CHECK(!plan.kernels[static_cast<std::size_t>(path.kernel)].empty());
        paths_by_output[path.output_row].push_back(&path);
    }
    const std::uint32_t limit = partition_limit(shape);
    std::map<std::uint32_t, GroupBuilder> builders;
    for (const auto& [output_row, paths] : paths_by_output) {
        std::size_t longest = 1;
        for (const ConvolverPath* path : paths) {
            longest = std::max(longest, plan.kernels[static_cast<std::size_t>(path->kernel)].size());
        }
        const std::uint32_t partition_frames = partition_for(longest, limit);
        builders.try_emplace(partition_frames, shape, partition_frames)
            .first->second.add(output_row, paths, plan);
    }
    std::vector<ConvolverGroup> groups;
    for (auto& [partition_frames, builder] : builders) groups.push_back(builder.finish());
    return groups;
}

}  // namespace tutti::vulkan
