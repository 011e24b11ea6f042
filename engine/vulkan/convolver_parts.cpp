#include "engine/vulkan/convolver_parts.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "engine/errors.hpp"

namespace tutti::vulkan {

namespace {

void check(const RowsShape& shape, const ConvolverPlan& plan) {
    for (const ConvolverPath& path : plan.paths) {
        TUTTI_CHECK(path.input_row >= 0 && path.input_row < shape.row_count);
        TUTTI_CHECK(path.output_row >= 0 && path.output_row < shape.row_count);
        TUTTI_CHECK(path.kernel >= 0 && path.kernel < static_cast<int>(plan.kernels.size()));
        TUTTI_CHECK(!plan.kernels[static_cast<std::size_t>(path.kernel)].empty());
    }
}

/// [path]: a number for everything that it is connected with. A row as an input and as an output is two
/// things: inputs are read before outputs are written.
std::vector<int> connect(std::span<const ConvolverPath> paths, int row_count) {
    std::vector<int> parent(2 * static_cast<std::size_t>(row_count));
    std::iota(parent.begin(), parent.end(), 0);
    const auto root = [&](int node) {
        while (parent[node] != node) node = parent[node] = parent[parent[node]];
        return node;
    };
    for (const ConvolverPath& path : paths) parent[root(path.input_row)] = root(row_count + path.output_row);
    std::vector<int> numbers;
    for (const ConvolverPath& path : paths) numbers.push_back(root(path.input_row));
    return numbers;
}

std::set<int> kernels_of(const ConvolverPart& part) {
    std::set<int> kernels;
    for (const ConvolverPart::Output& output : part.outputs) {
        for (const ConvolverPath* path : output.paths) kernels.insert(path->kernel);
    }
    return kernels;
}

void find_shared_kernels(std::vector<ConvolverPart>& parts, std::size_t kernel_count) {
    std::vector<int> uses(kernel_count, 0);
    for (const ConvolverPart& part : parts) {
        for (const int kernel : kernels_of(part)) ++uses[kernel];
    }
    for (ConvolverPart& part : parts) {
        const std::set<int> kernels = kernels_of(part);
        part.shares_kernels =
            std::all_of(kernels.begin(), kernels.end(), [&](int kernel) { return uses[kernel] > 1; });
    }
}

}  // namespace

ConvolverJob ConvolverPart::job(const ConvolverPlan& plan, int chunk_frames) const {
    ConvolverJob job;
    job.chunk_frames = chunk_frames;
    job.output_count = static_cast<int>(outputs.size());
    job.kernels_stay_near = shares_kernels;
    std::set<int> inputs;
    std::set<int> kernels;
    for (const Output& output : outputs) {
        for (const ConvolverPath* path : output.paths) {
            const auto taps =
                static_cast<std::int64_t>(plan.kernels[static_cast<std::size_t>(path->kernel)].size());
            job.path_taps.push_back(taps);
            inputs.insert(path->input_row);
            if (kernels.insert(path->kernel).second) job.kernel_taps.push_back(taps);
        }
    }
    job.input_count = static_cast<int>(inputs.size());
    return job;
}

std::vector<ConvolverPart> split_into_parts(const RowsShape& shape, const ConvolverPlan& plan) {
    check(shape, plan);
    const std::vector<int> numbers = connect(plan.paths, shape.row_count);
    std::vector<ConvolverPart> parts;
    std::map<int, std::size_t> places;
    std::map<int, std::size_t> outputs;  // [row]: place in its part
    for (std::size_t i = 0; i < plan.paths.size(); ++i) {
        const ConvolverPath& path = plan.paths[i];
        const std::size_t place = places.try_emplace(numbers[i], parts.size()).first->second;
        if (place == parts.size()) parts.emplace_back();
        ConvolverPart& part = parts[place];
        const auto [output, is_new] = outputs.try_emplace(path.output_row, part.outputs.size());
        if (is_new) part.outputs.push_back({path.output_row, {}});
        part.outputs[output->second].paths.push_back(&path);
    }
    find_shared_kernels(parts, plan.kernels.size());
    return parts;
}

}  // namespace tutti::vulkan
