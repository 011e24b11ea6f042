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

class CpuConvolver final : public Convolver {
  public:
    CpuConvolver(const RowsShape& shape, const ConvolverPlan& plan, const ConvolverCosts& costs)
        : shape_(shape) {
        const std::vector<ConvolverGroup> groups = group_paths(shape, plan);
        std::vector<ConvolverLayout> layouts;
        for (const ConvolverGroup& group : groups) {
            layouts.push_back(
                choose_layout(group.job(plan, shape.frame_count), costs, plan.transform_frames).layout);
        }
        transform_kernels(plan, groups, layouts);
        for (std::size_t g = 0; g < groups.size(); ++g) connect(groups[g], layouts[g]);
        make_workspaces();
    }

    void process(Rows& rows) override {
        CpuRows& samples = cpu_rows(rows);
        const int count = static_cast<int>(groups_.size());
        if (shares_groups_) {
            for (GroupConvolver& group : groups_) {
                group.process(samples, shape_.frame_count, workspaces_, 0, true);
            }
            return;
        }
        parallel_for(count, [&](int g) {
            groups_[g].process(samples, shape_.frame_count, workspaces_, thread_number(), false);
        });
    }

  private:
    /// Each kernel once per layout that it is used with.
    void transform_kernels(const ConvolverPlan& plan, const std::vector<ConvolverGroup>& groups,
                           const std::vector<ConvolverLayout>& layouts) {
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const ConvolverLayout& layout = layouts[g];
            transforms_.try_emplace(layout.transform_frames, layout.transform_frames);
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

    void connect(const ConvolverGroup& group, const ConvolverLayout& layout) {
        GroupConvolver& mine = groups_.emplace_back(group, layout, transforms_.at(layout.transform_frames));
        for (int output = 0; output < static_cast<int>(group.outputs.size()); ++output) {
            for (const ConvolverGroup::Term& term : group.outputs[output].terms) {
                mine.connect(output, term.input,
                             *kernels_.at({term.kernel, layout.transform_frames, layout.partition_frames}));
            }
        }
    }

    /// A group a thread, where there are enough of them to keep all threads busy to the end; else all threads
    /// on each group.
    void make_workspaces() {
        const int threads = thread_count();
        shares_groups_ = static_cast<int>(groups_.size()) < 4 * threads && threads > 1;
        workspaces_.resize(static_cast<std::size_t>(threads));
        for (ConvolverWorkspace& workspace : workspaces_) {
            for (const GroupConvolver& group : groups_) {
                const auto at_least = [](AlignedBins& bins, std::size_t count) {
                    if (bins.size() < count) bins.resize(count);
                };
                at_least(workspace.column, group.transform().scratch_bins());
                if (!shares_groups_ || &workspace == &workspaces_[0]) {
                    at_least(workspace.spectra, group.workspace_spectrum_bins());
                }
            }
        }
    }

    RowsShape shape_;
    bool shares_groups_ = false;
    std::map<int, BlockTransform> transforms_;  // by transform_frames
    std::map<SpectraKey, std::unique_ptr<KernelSpectra>> kernels_;
    std::vector<GroupConvolver> groups_;
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
        const ConvolverJob job = group.job(plan, shape.frame_count);
        sum.add(job, costs, plan.transform_frames);
        const ConvolverLayout layout = choose_layout(job, costs, plan.transform_frames).layout;
        const std::uint64_t spectrum_bytes = layout.transform_frames * sizeof(float);
        const std::uint64_t past_bytes = layout.partition_frames * sizeof(float);
        const std::uint64_t kept = layout.slot_count() > 1 ? layout.slot_count() : 0;
        bytes += job.input_count * (past_bytes + kept * spectrum_bytes);
        for (const SpectraKey& key : spectra_of(group, layout)) {
            if (!kernels.insert(key).second) continue;
            const std::size_t taps = plan.kernels[std::get<0>(key)].size();
            bytes += (taps + layout.partition_frames - 1) / layout.partition_frames * spectrum_bytes;
        }
        most_work_bytes = std::max(most_work_bytes, (job.input_count + 2) * spectrum_bytes);
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
