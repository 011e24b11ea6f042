#include "engine/cpu/convolver_groups.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "engine/errors.hpp"

namespace tutti::cpu {

namespace {

/// Room for the spectra of inputs that are transformed side by side: about what the second-level cache has
/// beside sums and kernels.
constexpr std::int64_t batch_bytes = std::int64_t{1} << 20;

/// Chunks of all rows that are still in a third-level cache when they are convolved, with much room to spare:
/// what others do and leave there is not known.
constexpr std::int64_t near_rows_bytes = std::int64_t{12} << 20;

/// Shares that threads may take at the same time, and sums that they keep, at most.
constexpr int most_shares = 16;
constexpr int most_sums = 64;

/// Number of the group of every path.
std::vector<int> number_groups(std::span<const ConvolverPath> paths, int row_count) {
    std::vector<int> parent(row_count);
    std::iota(parent.begin(), parent.end(), 0);
    const auto root = [&](int row) {
        while (parent[row] != row) row = parent[row] = parent[parent[row]];
        return row;
    };
    for (const ConvolverPath& path : paths) parent[root(path.input_row)] = root(path.output_row);
    std::map<int, int> numbers;
    std::vector<int> groups;
    for (const ConvolverPath& path : paths) {
        groups.push_back(
            numbers.try_emplace(root(path.input_row), static_cast<int>(numbers.size())).first->second);
    }
    return groups;
}

void check(const RowsShape& shape, const ConvolverPlan& plan) {
    for (const ConvolverPath& path : plan.paths) {
        TUTTI_CHECK(path.input_row >= 0 && path.input_row < shape.row_count);
        TUTTI_CHECK(path.output_row >= 0 && path.output_row < shape.row_count);
        TUTTI_CHECK(path.kernel >= 0 && path.kernel < static_cast<int>(plan.kernels.size()));
        TUTTI_CHECK(!plan.kernels[path.kernel].empty());
    }
}

void find_shared_kernels(std::vector<ConvolverGroup>& groups, std::size_t kernel_count) {
    const auto kernels_of = [](const ConvolverGroup& group) {
        std::set<int> kernels;
        for (const ConvolverGroup::Output& output : group.outputs) {
            for (const ConvolverGroup::Term& term : output.terms) kernels.insert(term.kernel);
        }
        return kernels;
    };
    std::vector<int> uses(kernel_count, 0);
    for (const ConvolverGroup& group : groups) {
        for (const int kernel : kernels_of(group)) ++uses[kernel];
    }
    for (ConvolverGroup& group : groups) {
        const std::set<int> kernels = kernels_of(group);
        group.shares_kernels =
            std::all_of(kernels.begin(), kernels.end(), [&](int kernel) { return uses[kernel] > 1; });
    }
}

}  // namespace

ConvolverJob ConvolverGroup::job(const ConvolverPlan& plan, const RowsShape& shape) const {
    ConvolverJob job;
    job.rows_stay_near = rows_stay_near(shape);
    job.kernels_stay_near = shares_kernels;
    job.batch_bytes = batch_bytes;
    job.chunk_frames = shape.frame_count;
    job.input_count = static_cast<int>(input_rows.size());
    job.output_count = static_cast<int>(outputs.size());
    std::set<int> kernels;
    for (const Output& output : outputs) {
        for (const Term& term : output.terms) {
            const auto taps = static_cast<std::int64_t>(plan.kernels[term.kernel].size());
            job.path_taps.push_back(taps);
            if (kernels.insert(term.kernel).second) job.kernel_taps.push_back(taps);
        }
    }
    return job;
}

bool rows_stay_near(const RowsShape& shape) {
    return std::int64_t{4} * shape.row_count * shape.frame_count <= near_rows_bytes;
}

InputShares share_inputs(const ConvolverJob& job, int transform_frames) {
    InputShares shares;
    shares.batch_inputs = job.inputs_at_once(transform_frames);
    shares.batch_count = (job.input_count + shares.batch_inputs - 1) / shares.batch_inputs;
    shares.share_count =
        std::clamp(most_sums / job.output_count, 1, std::min(most_shares, shares.batch_count));
    return shares;
}

std::vector<ConvolverGroup> group_paths(const RowsShape& shape, const ConvolverPlan& plan) {
    check(shape, plan);
    const std::vector<int> numbers = number_groups(plan.paths, shape.row_count);
    std::vector<ConvolverGroup> groups(
        numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end()) + 1);
    for (std::size_t i = 0; i < plan.paths.size(); ++i) {
        const ConvolverPath& path = plan.paths[i];
        ConvolverGroup& group = groups[numbers[i]];
        auto input = std::find(group.input_rows.begin(), group.input_rows.end(), path.input_row);
        if (input == group.input_rows.end()) input = group.input_rows.insert(input, path.input_row);
        auto output = std::find_if(group.outputs.begin(), group.outputs.end(),
                                   [&](const ConvolverGroup::Output& o) { return o.row == path.output_row; });
        if (output == group.outputs.end()) output = group.outputs.insert(output, {path.output_row, {}});
        output->terms.push_back({static_cast<int>(input - group.input_rows.begin()), path.kernel, path.gain});
    }
    find_shared_kernels(groups, plan.kernels.size());
    const auto first_kernel = [](const ConvolverGroup& group) {
        return group.outputs.front().terms.front().kernel;
    };
    std::stable_sort(groups.begin(), groups.end(),
                     [&](const auto& a, const auto& b) { return first_kernel(a) < first_kernel(b); });
    return groups;
}

}  // namespace tutti::cpu
