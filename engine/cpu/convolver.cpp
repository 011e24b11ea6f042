#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <tuple>
#include <vector>

#include "engine/cpu/group_convolver.hpp"
#include "engine/cpu/operations.hpp"
#include "engine/cpu/rows.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti::cpu {

namespace {

using SpectraKey = std::tuple<int, int, int>;  // kernel, transform_frames, partition_frames

/// The kernel spectra that a group wants, in no order and some of them twice.
std::vector<SpectraKey> spectra_of(const ConvolverGroup& group, const ConvolverLayout& layout) {
    std::vector<SpectraKey> keys;
    for (const ConvolverGroup::Output& output : group.outputs) {
        for (const ConvolverGroup::Term& term : output.terms) {
            keys.emplace_back(term.kernel, layout.transform_frames, layout.partition_frames);
        }
    }
    return keys;
}

/// From where on all threads work on one transform at a time: 12 MiB of its spectrum and of a kernel's, where
/// processors have 1 to 4 MiB of third-level cache for a core. On two cores, rows in memory, 3 * 2^19 frames
/// took 0.93 and 2^21 frames 0.89 of the time that they took with a transform for each core, but 2^20 frames
/// 1.04 times as long (EPYC, Zen 5).
constexpr int shared_frame_count = 3 << 19;

class CpuConvolver final : public Convolver {
  public:
    CpuConvolver(const RowsShape& shape, const ConvolverPlan& plan, const ConvolverCosts& costs)
        : shape_(shape) {
        const std::vector<ConvolverGroup> groups = group_paths(shape, plan);
        std::vector<ConvolverLayout> layouts;
        std::vector<InputShares> shares;
        for (const ConvolverGroup& group : groups) {
            const ConvolverJob job = group.job(plan, shape);
            layouts.push_back(choose_layout(job, costs, plan.transform_frames).layout);
            shares.push_back(share_inputs(job, layouts.back().transform_frames));
        }
        transform_kernels(plan, groups, layouts);
        for (std::size_t g = 0; g < groups.size(); ++g) connect(groups[g], layouts[g], shares[g]);
        plan_threads();
        make_workspaces();
    }

    void process(Rows& rows) override {
        CpuRows& samples = cpu_rows(rows);
        for (const int g : together_) groups_[g].process(samples, shape_.frame_count, workspaces_, 0, true);
        parallel_for(static_cast<int>(apart_.size()), [&](int i) {
            groups_[apart_[i]].process(samples, shape_.frame_count, workspaces_, thread_number(), false);
        });
    }

  private:
    /// Each kernel once per layout that it is used with.
    void transform_kernels(const ConvolverPlan& plan, const std::vector<ConvolverGroup>& groups,
                           const std::vector<ConvolverLayout>& layouts) {
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const ConvolverLayout& layout = layouts[g];
            transforms_.try_emplace(layout.transform_frames, layout.transform_frames, rows_stay_near(shape_));
            for (const SpectraKey& key : spectra_of(groups[g], layout)) kernels_.try_emplace(key);
        }
        std::map<int, KernelTransform> kernel_transforms;
        for (const auto& [frames, transform] : transforms_) kernel_transforms.try_emplace(frames, transform);
        std::vector<std::pair<const SpectraKey, std::unique_ptr<KernelSpectra>>*> wanted;
        for (auto& entry : kernels_) wanted.push_back(&entry);
        parallel_for(static_cast<int>(wanted.size()), [&](int i) {
            const auto [kernel, transform_frames, partition_frames] = wanted[i]->first;
            wanted[i]->second = std::make_unique<KernelSpectra>(plan.kernels[kernel], partition_frames,
                                                                transforms_.at(transform_frames),
                                                                kernel_transforms.at(transform_frames));
        });
    }

    void connect(const ConvolverGroup& group, const ConvolverLayout& layout, const InputShares& shares) {
        GroupConvolver& mine =
            groups_.emplace_back(group, layout, shares, transforms_.at(layout.transform_frames));
        for (int output = 0; output < static_cast<int>(group.outputs.size()); ++output) {
            for (const ConvolverGroup::Term& term : group.outputs[output].terms) {
                mine.connect(output, term.input,
                             *kernels_.at({term.kernel, layout.transform_frames, layout.partition_frames}),
                             term.gain);
            }
        }
    }

    /// A group a thread, where there are enough of them to keep all threads busy to the end; else all threads
    /// on each group. Always all on a group of many inputs: it may be most of the work; and on transforms so
    /// large that with one for each thread the third-level cache would hold none.
    void plan_threads() {
        const int threads = thread_count();
        const bool are_few = static_cast<int>(groups_.size()) < 4 * threads;
        for (int g = 0; g < static_cast<int>(groups_.size()); ++g) {
            const BlockTransform& transform = groups_[g].transform();
            const int units = transform.column_group_count();
            const bool are_shared = transform.frame_count() >= shared_frame_count &&
                                    (units % threads == 0 || units >= 4 * threads);
            const bool together = threads > 1 && (are_few || groups_[g].keeps_sums() || are_shared);
            (together ? together_ : apart_).push_back(g);
        }
    }

    void make_workspaces() {
        // Large ones in huge pages to their end: there are few of them, and transforms stride through them.
        constexpr std::size_t page_bins = huge_page_bytes / sizeof(LaneBins);
        const auto at_least = [](AlignedBins& bins, std::size_t count) {
            if (count > page_bins / 2) count = (count + page_bins - 1) / page_bins * page_bins;
            if (bins.size() < count) bins.resize(count);
        };
        workspaces_.resize(static_cast<std::size_t>(thread_count()));
        for (ConvolverWorkspace& workspace : workspaces_) {
            for (const GroupConvolver& group : groups_) {
                at_least(workspace.column, group.transform().scratch_bins());
            }
            for (const int g : apart_) at_least(workspace.spectra, groups_[g].workspace_spectrum_bins());
            for (const int g : together_) {
                // What is not made of shares is spread over the threads in the spectra of one workspace.
                if (groups_[g].keeps_sums() || &workspace == &workspaces_[0]) {
                    at_least(workspace.spectra, groups_[g].workspace_spectrum_bins());
                }
            }
        }
    }

    RowsShape shape_;
    std::map<int, BlockTransform> transforms_;  // by transform_frames
    std::map<SpectraKey, std::unique_ptr<KernelSpectra>> kernels_;
    std::vector<GroupConvolver> groups_;
    std::vector<int> together_;  ///< groups that all threads work on at once
    std::vector<int> apart_;     ///< and those that one thread does
    std::vector<ConvolverWorkspace> workspaces_;
};

}  // namespace

std::unique_ptr<Convolver> make_convolver(const RowsShape& shape, const ConvolverPlan& plan,
                                          const ConvolverCosts& costs) {
    return std::make_unique<CpuConvolver>(shape, plan, costs);
}

ConvolverForecast forecast_convolver(const RowsShape& shape, const ConvolverPlan& plan,
                                     const ConvolverCosts& costs) {
    ForecastSum sum;
    std::set<SpectraKey> kernels;
    std::uint64_t bytes = 0;
    std::uint64_t most_work_bytes = 0;
    for (const ConvolverGroup& group : group_paths(shape, plan)) {
        const ConvolverJob job = group.job(plan, shape);
        sum.add(job, costs, plan.transform_frames);
        const ConvolverLayout layout = choose_layout(job, costs, plan.transform_frames).layout;
        const std::uint64_t spectrum_bytes = layout.transform_frames * sizeof(float);
        const std::uint64_t tail_bytes = (layout.hop_frames + layout.partition_frames) * sizeof(float);
        const std::uint64_t kept = layout.slot_count() > 1 ? layout.slot_count() : 0;
        bytes += job.output_count * tail_bytes + job.input_count * kept * spectrum_bytes;
        for (const SpectraKey& key : spectra_of(group, layout)) {
            if (!kernels.insert(key).second) continue;
            const std::size_t taps = plan.kernels[std::get<0>(key)].size();
            bytes += (taps + layout.partition_frames - 1) / layout.partition_frames * spectrum_bytes;
        }
        const InputShares shares = share_inputs(job, layout.transform_frames);
        if (!shares.are_one()) bytes += spectrum_bytes * shares.share_count * job.output_count;
        most_work_bytes = std::max(most_work_bytes, (shares.batch_inputs + 2) * spectrum_bytes);
    }
    ConvolverForecast forecast = sum.forecast();
    forecast.bytes = bytes;
    // At least as for all cores, so that a budget allows the same chunk to fewer threads, and gives the same
    // bytes.
    const auto cores = static_cast<int>(std::thread::hardware_concurrency());
    forecast.work_bytes = most_work_bytes * static_cast<std::uint64_t>(std::max(thread_count(), cores));
    return forecast;
}

}  // namespace tutti::cpu
