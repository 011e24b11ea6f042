#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <numeric>
#include <vector>

#include "engine/cpu/kernel_spectra.hpp"
#include "engine/cpu/operations.hpp"
#include "engine/cpu/real_fft.hpp"
#include "engine/cpu/rows.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti::cpu {

namespace {

/// A convolution of its own: paths that share rows, directly or through others, so that no other thread needs
/// its rows. Uniformly partitioned overlap-save with a frequency-domain delay line (Gardner 1995; Wefers
/// 2015, chapter 5).
struct Group {
    struct Input {
        int row;
        AlignedFloats window;   ///< [2 partition_frames]: the previous block, then the present one
        AlignedFloats spectra;  ///< [part_count][spectrum_floats]: a ring of the last blocks' spectra
    };
    struct Term {
        int input;                    ///< index into inputs
        const KernelSpectra* kernel;  ///< shared with other groups
    };
    struct Output {
        int row;
        std::vector<Term> terms;  ///< in plan order
    };

    int partition_frames = 0;
    int part_count = 0;  ///< of the longest kernel
    int newest = 0;      ///< the ring's slot of the present block
    const RealFft* fft = nullptr;
    std::vector<Input> inputs;
    std::vector<Output> outputs;
};

/// Large blocks cost least per frame until they leave the second-level cache; a block has to divide the
/// chunk.
int choose_partition_frames(std::size_t longest_kernel, int chunk_frames) {
    constexpr int smallest = 4096;
    constexpr int largest = 65536;
    const int power_of_two_in_chunk = chunk_frames & -chunk_frames;
    const auto wanted = std::bit_ceil(2 * longest_kernel);
    return std::min(power_of_two_in_chunk,
                    static_cast<int>(std::clamp<std::size_t>(wanted, smallest, largest)));
}

/// Number of the group of every path: paths that share a row, through any number of others, share a group.
std::vector<int> find_groups(std::span<const ConvolverPath> paths, int row_count) {
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

template <typename Entries>
int index_of_row(Entries& entries, int row) {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.row == row; });
    if (found != entries.end()) return static_cast<int>(found - entries.begin());
    entries.push_back({row, {}, {}});
    return static_cast<int>(entries.size()) - 1;
}

class CpuConvolver final : public Convolver {
  public:
    CpuConvolver(const RowsShape& shape, const ConvolverPlan& plan) : shape_(shape) {
        const std::vector<int> group_of_path = find_groups(plan.paths, shape.row_count);
        size_groups(plan, group_of_path);
        transform_kernels(plan, group_of_path);
        connect(plan, group_of_path);
        scratch_.resize(thread_count());
        for (Scratch& scratch : scratch_) {
            scratch.time.resize(2 * static_cast<std::size_t>(largest_partition_));
            scratch.sum.resize(spectrum_floats(largest_partition_));
        }
    }

    void process(Rows& rows) override {
        CpuRows& samples = cpu_rows(rows);
        parallel_for(static_cast<int>(groups_.size()), [&](int g) {
            Group& group = groups_[g];
            Scratch& scratch = scratch_.at(thread_number());
            for (int first = 0; first < shape_.frame_count; first += group.partition_frames) {
                group.newest = (group.newest + 1) % group.part_count;
                for (Group::Input& input : group.inputs) take_block(group, input, samples, first);
                for (const Group::Output& output : group.outputs)
                    make_block(group, output, samples, first, scratch);
            }
        });
    }

  private:
    struct Scratch {
        AlignedFloats time;
        AlignedFloats sum;
    };

    void size_groups(const ConvolverPlan& plan, const std::vector<int>& group_of_path) {
        const int count =
            group_of_path.empty() ? 0 : *std::max_element(group_of_path.begin(), group_of_path.end()) + 1;
        groups_.resize(count);
        std::vector<std::size_t> longest(count, 1);
        for (std::size_t i = 0; i < plan.paths.size(); ++i) {
            TUTTI_CHECK(!plan.kernels[plan.paths[i].kernel].empty());
            std::size_t& length = longest[group_of_path[i]];
            length = std::max(length, plan.kernels[plan.paths[i].kernel].size());
        }
        for (int g = 0; g < count; ++g) {
            const int partition = choose_partition_frames(longest[g], shape_.frame_count);
            groups_[g].partition_frames = partition;
            groups_[g].part_count = static_cast<int>((longest[g] + partition - 1) / partition);
            groups_[g].fft = &ffts_.try_emplace(partition, 2 * partition).first->second;
            largest_partition_ = std::max(largest_partition_, partition);
        }
    }

    /// Each kernel once per partition size that it is used with.
    void transform_kernels(const ConvolverPlan& plan, const std::vector<int>& group_of_path) {
        for (std::size_t i = 0; i < plan.paths.size(); ++i) {
            kernels_.try_emplace({plan.paths[i].kernel, groups_[group_of_path[i]].partition_frames});
        }
        std::vector<std::pair<const KernelKey, std::unique_ptr<KernelSpectra>>*> wanted;
        for (auto& entry : kernels_) wanted.push_back(&entry);
        parallel_for(static_cast<int>(wanted.size()), [&](int i) {
            const auto [kernel, partition] = wanted[i]->first;
            wanted[i]->second = std::make_unique<KernelSpectra>(plan.kernels[kernel], partition);
        });
    }

    void connect(const ConvolverPlan& plan, const std::vector<int>& group_of_path) {
        for (std::size_t i = 0; i < plan.paths.size(); ++i) {
            const ConvolverPath& path = plan.paths[i];
            Group& group = groups_[group_of_path[i]];
            const int input = index_of_row(group.inputs, path.input_row);
            auto output = std::find_if(group.outputs.begin(), group.outputs.end(),
                                       [&](const Group::Output& o) { return o.row == path.output_row; });
            if (output == group.outputs.end()) output = group.outputs.insert(output, {path.output_row, {}});
            output->terms.push_back({input, kernels_.at({path.kernel, group.partition_frames}).get()});
        }
        for (Group& group : groups_) {
            for (Group::Input& input : group.inputs) {
                input.window.resize(2 * static_cast<std::size_t>(group.partition_frames), 0.0F);
                input.spectra.resize(group.part_count * spectrum_floats(group.partition_frames), 0.0F);
            }
        }
    }

    static void take_block(const Group& group, Group::Input& input, const CpuRows& samples, int first) {
        const std::size_t block = group.partition_frames;
        float* const window = input.window.data();
        std::memcpy(window, window + block, block * sizeof(float));
        std::memcpy(window + block, samples.frames(input.row) + first, block * sizeof(float));
        group.fft->forward(window,
                           input.spectra.data() + group.newest * spectrum_floats(group.partition_frames));
    }

    static void make_block(const Group& group, const Group::Output& output, CpuRows& samples, int first,
                           Scratch& scratch) {
        const std::size_t floats = spectrum_floats(group.partition_frames);
        bool empty = true;
        for (const Group::Term& term : output.terms) {
            const float* const spectra = group.inputs[term.input].spectra.data();
            for (int part = 0; part < term.kernel->part_count(); ++part) {
                if (term.kernel->is_zero(part)) continue;
                const int slot = (group.newest - part + group.part_count) % group.part_count;
                multiply_accumulate(scratch.sum.data(), spectra + slot * floats, term.kernel->part(part),
                                    floats, empty);
                empty = false;
            }
        }
        const std::size_t block = group.partition_frames;
        float* const out = samples.frames(output.row) + first;
        if (empty) {
            std::fill(out, out + block, 0.0F);
            return;
        }
        // The first half of the circular convolution is wrapped around; the second is the block.
        group.fft->inverse(scratch.sum.data(), scratch.time.data());
        std::memcpy(out, scratch.time.data() + block, block * sizeof(float));
    }

    using KernelKey = std::pair<int, int>;  // kernel, partition_frames

    RowsShape shape_;
    int largest_partition_ = 0;
    std::map<int, RealFft> ffts_;  // by partition_frames
    std::map<KernelKey, std::unique_ptr<KernelSpectra>> kernels_;
    std::vector<Group> groups_;
    std::vector<Scratch> scratch_;
};

}  // namespace

std::unique_ptr<Convolver> make_convolver(const RowsShape& shape, const ConvolverPlan& plan) {
    return std::make_unique<CpuConvolver>(shape, plan);
}

}  // namespace tutti::cpu
