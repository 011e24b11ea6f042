#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

#include "engine/cpu/convolver_groups.hpp"
#include "engine/cpu/kernel_spectra.hpp"
#include "engine/cpu/operations.hpp"
#include "engine/cpu/rows.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti::cpu {

namespace {

/// What a thread works in.
struct Workspace {
    AlignedBins column;   ///< scratch of the transform's columns
    AlignedBins spectra;  ///< the present block's: of inputs, then of outputs
};

/// An input row and what is kept of its past.
struct Input {
    int row = 0;
    AlignedFloats past;  ///< the last frames before the present block that a transform reaches back to
    AlignedBins ring;    ///< [slot][spectrum_bins]; empty where one partition needs no past spectra
    std::vector<char> is_silent;     ///< [slot]: the spectrum is zero, and was not written
    std::int64_t silent_frames = 0;  ///< how many zeros came last
};

struct Term {
    int input = 0;
    const KernelSpectra* kernel = nullptr;
};

struct Output {
    int row = 0;
    std::vector<Term> terms;
    std::vector<SpectrumProduct> products;  ///< of the present block; room for all parts of all terms
    int spectrum = 0;                       ///< place in the workspace's spectra
};

bool all_zero(const float* frames, int count) {
    for (int i = 0; i < count; i += lane_count) {
        for (int k = 0; k < lane_count; ++k) {
            if (frames[i + k] != 0.0F) return false;
        }
    }
    return true;
}

/// Calls body(i) for i = 0 ... count - 1, on all threads or on this one.
template <typename Body>
void for_each_unit(bool on_all_threads, int count, const Body& body) {
    if (on_all_threads) {
        parallel_for(count, body);
    } else {
        for (int i = 0; i < count; ++i) body(i);
    }
}

/// The convolution of one group of rows, block after block.
class GroupConvolver {
  public:
    GroupConvolver(const ConvolverGroup& group, const ConvolverLayout& layout,
                   const BlockTransform& transform)
        : layout_(layout), transform_(transform) {
        for (const int row : group.input_rows) {
            Input& input = inputs_.emplace_back();
            input.row = row;
            input.past.resize(static_cast<std::size_t>(past_frames()), 0.0F);
            input.is_silent.resize(static_cast<std::size_t>(layout.slot_count()), 1);
            input.silent_frames = std::int64_t{1} << 40;  // it was silent from the beginning
            if (keeps_spectra()) input.ring.resize(layout.slot_count() * transform.spectrum_bins());
        }
        // One output may take the place of an input: products are read before their sum is written.
        const bool in_place = group.outputs.size() == 1;
        spectrum_count_ = static_cast<int>(inputs_.size());
        for (const ConvolverGroup::Output& output : group.outputs) {
            Output& mine = outputs_.emplace_back();
            mine.row = output.row;
            mine.spectrum = in_place ? 0 : spectrum_count_++;
        }
    }

    void connect(int output, int input, const KernelSpectra& kernel) {
        Output& mine = outputs_[output];
        mine.terms.push_back({input, &kernel});
        mine.products.reserve(mine.products.capacity() + kernel.part_count());
    }

    std::size_t workspace_spectrum_bins() const { return spectrum_count_ * transform_.spectrum_bins(); }
    const BlockTransform& transform() const { return transform_; }

    /// One chunk. With `on_all_threads` the work of each block is spread over them, and `spectra` are shared.
    void process(CpuRows& rows, int chunk_frames, LaneBins* spectra, std::vector<Workspace>& workspaces,
                 bool on_all_threads) {
        for (int first = 0; first < chunk_frames; first += layout_.hop_frames) {
            const int count = std::min(layout_.hop_frames, chunk_frames - first);
            newest_ = (newest_ + 1) % layout_.slot_count();
            for (int i = 0; i < static_cast<int>(inputs_.size()); ++i) {
                take_block(i, rows.frames(inputs_[i].row) + first, count, spectra, workspaces,
                           on_all_threads);
            }
            for (Output& output : outputs_) list_products(output, spectra);
            for_each_unit(on_all_threads, transform_.row_group_count(),
                          [&](int row) { make_row(row, spectra); });
            for (const Output& output : outputs_) {
                put_block(output, rows.frames(output.row) + first, count, spectra, workspaces,
                          on_all_threads);
            }
        }
    }

  private:
    bool keeps_spectra() const { return layout_.slot_count() > 1; }

    /// Frames before a block that its convolution with one partition reaches.
    int past_frames() const {
        return std::min(layout_.partition_frames, layout_.transform_frames - layout_.hop_frames);
    }

    LaneBins* spectrum(int index, LaneBins* spectra) const {
        return spectra + index * transform_.spectrum_bins();
    }
    LaneBins* slot(Input& input, int index) { return input.ring.data() + index * transform_.spectrum_bins(); }

    /// Transforms the columns of the window that ends with the block; keeps what the next one needs.
    void take_block(int index, const float* block, int count, LaneBins* spectra,
                    std::vector<Workspace>& workspaces, bool on_all_threads) {
        Input& input = inputs_[index];
        input.silent_frames = all_zero(block, count) ? input.silent_frames + count : 0;
        const bool is_silent = input.silent_frames >= past_frames() + count;
        input.is_silent[newest_] = is_silent ? 1 : 0;
        if (is_silent) return;  // and so is the past that is kept
        const BlockWindow window{layout_.transform_frames - past_frames() - count, input.past.data(),
                                 past_frames(), block};
        LaneBins* const bins = spectrum(index, spectra);
        for_each_unit(on_all_threads, transform_.column_group_count(), [&](int group) {
            transform_.forward_columns(window, bins, workspaces[thread_number()].column.data(), group);
        });
        float* const kept = input.past.data();
        const int more = std::min(count, past_frames());
        std::memmove(kept, kept + more, (past_frames() - more) * sizeof(float));
        std::memcpy(kept + past_frames() - more, block + count - more, more * sizeof(float));
    }

    void list_products(Output& output, LaneBins* spectra) {
        output.products.clear();
        for (const Term& term : output.terms) {
            for (int part = 0; part < term.kernel->part_count(); ++part) {
                const int back = part * layout_.hops_per_partition();
                const int index = (newest_ - back + layout_.slot_count()) % layout_.slot_count();
                if (term.kernel->is_zero(part) || inputs_[term.input].is_silent[index] != 0) continue;
                output.products.push_back(
                    {part == 0 ? spectrum(term.input, spectra) : slot(inputs_[term.input], index),
                     term.kernel->part(part)});
            }
        }
    }

    /// Finishes one row of the newest spectra, and takes the outputs' products of it back.
    void make_row(int row, LaneBins* spectra) {
        const int bins = transform_.row_bins();
        const std::size_t first = static_cast<std::size_t>(row) * bins;
        for (int i = 0; i < static_cast<int>(inputs_.size()); ++i) {
            if (inputs_[i].is_silent[newest_] != 0) continue;
            LaneBins* const newest = spectrum(i, spectra) + first;
            transform_.forward_row(newest);
            // Kept in one go, while the row is in the cache: scattered writes to memory would cost far more.
            if (keeps_spectra())
                std::memcpy(slot(inputs_[i], newest_) + first, newest, bins * sizeof(LaneBins));
        }
        for (const Output& output : outputs_) {
            if (output.products.empty()) continue;
            LaneBins* const sum = spectrum(output.spectrum, spectra) + first;
            transform_.multiply(output.products, first, sum, bins);
            transform_.inverse_row(sum);
        }
    }

    void put_block(const Output& output, float* block, int count, LaneBins* spectra,
                   std::vector<Workspace>& workspaces, bool on_all_threads) {
        if (output.products.empty()) {
            std::fill(block, block + count, 0.0F);
            return;
        }
        const LaneBins* const bins = spectrum(output.spectrum, spectra);
        for_each_unit(on_all_threads, transform_.column_group_count(), [&](int group) {
            transform_.inverse_columns(bins, block, count, workspaces[thread_number()].column.data(), group);
        });
    }

    ConvolverLayout layout_;
    const BlockTransform& transform_;
    int newest_ = 0;  ///< slot of the present block
    int spectrum_count_ = 0;
    std::vector<Input> inputs_;
    std::vector<Output> outputs_;
};

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
                group.process(samples, shape_.frame_count, workspaces_[0].spectra.data(), workspaces_, true);
            }
            return;
        }
        parallel_for(count, [&](int g) {
            groups_[g].process(samples, shape_.frame_count, workspaces_.at(thread_number()).spectra.data(),
                               workspaces_, false);
        });
    }

  private:
    using SpectraKey = std::tuple<int, int, int>;  // kernel, transform_frames, partition_frames

    /// Each kernel once per layout that it is used with.
    void transform_kernels(const ConvolverPlan& plan, const std::vector<ConvolverGroup>& groups,
                           const std::vector<ConvolverLayout>& layouts) {
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const ConvolverLayout& layout = layouts[g];
            transforms_.try_emplace(layout.transform_frames, layout.transform_frames);
            for (const ConvolverGroup::Output& output : groups[g].outputs) {
                for (const ConvolverGroup::Term& term : output.terms) {
                    kernels_.try_emplace({term.kernel, layout.transform_frames, layout.partition_frames});
                }
            }
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
        for (Workspace& workspace : workspaces_) {
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
    std::vector<Workspace> workspaces_;
};

}  // namespace

std::unique_ptr<Convolver> make_convolver(const RowsShape& shape, const ConvolverPlan& plan,
                                          const ConvolverCosts& costs) {
    return std::make_unique<CpuConvolver>(shape, plan, costs);
}

ConvolverForecast forecast_convolver(const RowsShape& shape, const ConvolverPlan& plan,
                                     const ConvolverCosts& costs) {
    ForecastSum sum;
    std::uint64_t most_spectra_bytes = 0;
    for (const ConvolverGroup& group : group_paths(shape, plan)) {
        const ConvolverJob job = group.job(plan, shape.frame_count);
        sum.add(job, costs, plan.transform_frames);
        const ConvolverLayout layout = choose_layout(job, costs, plan.transform_frames).layout;
        const auto spectra = static_cast<std::uint64_t>(job.input_count + job.output_count);
        most_spectra_bytes = std::max(most_spectra_bytes, spectra * layout.transform_frames * sizeof(float));
    }
    ConvolverForecast forecast = sum.forecast();
    forecast.bytes += most_spectra_bytes * static_cast<std::uint64_t>(thread_count());
    return forecast;
}

}  // namespace tutti::cpu
