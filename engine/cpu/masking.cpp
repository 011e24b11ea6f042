#include "engine/cpu/masking.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/cpu/masking_loudness.hpp"
#include "engine/cpu/operations.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti::cpu {

namespace {

constexpr int objects_per_block = 32;
constexpr float active_range = 1e-6F;  ///< 60 dB

int blocks_of(int count, int size) { return (count + size - 1) / size; }

float sum(const float* values, int first, int end) {
    float all = 0.0F;
    for (int i = first; i < end; ++i) all += values[i];
    return all;
}

}  // namespace

CpuMasking::CpuMasking(const MaskingPlan& plan, StageClock& clock)
    : clock_(clock),
      plan_(plan),
      kernels_(masking_kernels()),
      tables_(plan.grid.band_hz),
      stride_(tables_.stride()),
      tree_(plan.excitation_count),
      masker_terms_(masker_terms(tree_, plan)),
      display_begin_(begins_of(plan.grid.display_bands, plan.grid.display_band_count())),
      group_begin_(begins_of(plan.grid.band_groups, plan.grid.group_count())),
      pairs_(plan_),
      greatest_(plan.objects.size(), 0.0F) {
    TUTTI_CHECK(plan.excitation_count > 0 && plan.objects.size() == plan.relatives.size());
    TUTTI_CHECK(plan.tile_slices > 0 && plan.tile_slices % plan.hop_slices == 0);
    const std::size_t slices = plan.tile_slices;
    const std::size_t hops = slices / plan.hop_slices;
    const std::size_t objects = plan.objects.size();
    greatest_in_hop_.resize(hops * 2 * objects);
    group_sums_.resize(hops * objects * plan.grid.group_count());
    add_workspaces();
}

void CpuMasking::add_workspaces() {
    std::size_t most_rows = std::max(plan_.hop_slices, 2);
    for (const auto& terms : masker_terms_) most_rows = std::max(most_rows, terms.size());
    for (const auto& object : plan_.objects) most_rows = std::max(most_rows, object.size());
    for (int thread = 0; thread < thread_count(); ++thread) {
        Workspace& work = workspaces_.emplace_back();
        work.pairs = pairs_.make_workspace();
        work.nodes.resize(2 * tree_.node_count() * stride_);
        work.target.resize(2 * stride_);
        work.masker.resize(2 * stride_);
        work.weights.resize(4 * stride_ + 16);
        work.sums.resize(objects_per_block * HopSums::row_count * stride_);
        work.rows.resize(most_rows);
    }
}

CpuMasking::Slices CpuMasking::slices_of(int hop) const {
    return {hop * plan_.hop_slices, std::min((hop + 1) * plan_.hop_slices, slice_count_)};
}

void CpuMasking::process(const Excitations& tile, int slice_count, MaskingTile& result) {
    const CpuExcitations& excitations = cpu_excitations(tile);
    TUTTI_CHECK(excitations.shape().object_count == plan_.excitation_count);
    TUTTI_CHECK(excitations.shape().band_count == plan_.grid.band_count());
    TUTTI_CHECK(slice_count > 0 && slice_count <= plan_.tile_slices);
    slice_count_ = slice_count;
    const int hops = blocks_of(slice_count, plan_.hop_slices);
    result.hop_count = hops;

    parallel_for(2 * hops, [&](int unit) { survey(excitations, unit / 2, unit % 2, result); });
    for (std::size_t i = 0; i < static_cast<std::size_t>(2) * hops * object_count(); ++i) {
        float& greatest = greatest_[i % object_count()];
        greatest = std::max(greatest, greatest_in_hop_[i]);
    }
    const int blocks = blocks_of(object_count(), objects_per_block);
    parallel_for(hops * blocks, [&](int unit) { hear(excitations, unit / blocks, unit % blocks, result); });
    const int target_blocks = blocks_of(object_count(), PairSums::targets_per_block);
    parallel_for(plan_.grid.group_count() * target_blocks, [&](int unit) {
        StageTimer timer(clock_);
        const std::uint64_t bytes = pairs_.add_up(unit / target_blocks, unit % target_blocks, slice_count,
                                                  result, workspaces_[thread_number()].pairs);
        timer.end(Stage::masking_product, bytes);
    });
    parallel_for(object_count(), [&](int object) { put_sums(object, result); });
}

/// An object's excitation: its only one, or the sum in `scratch`.
const float* CpuMasking::excitation_of(const CpuExcitations& tile, int slice, int ear, int object,
                                       float* scratch, Workspace& work) const {
    const std::vector<int>& members = plan_.objects[object];
    if (members.size() == 1) return tile.bands(slice, ear, members.front());
    for (std::size_t i = 0; i < members.size(); ++i) work.rows[i] = tile.bands(slice, ear, members[i]);
    kernels_.cells.add_rows(work.rows.data(), static_cast<int>(members.size()), static_cast<int>(stride_),
                            scratch);
    return scratch;
}

/// One ear of a hop: greatest excitations, means for the display, and maskers for the sums over pairs.
void CpuMasking::survey(const CpuExcitations& tile, int hop, int ear, MaskingTile& result) {
    StageTimer timer(clock_);
    Workspace& work = workspaces_[thread_number()];
    const Slices slices = slices_of(hop);
    const int maskers = plan_.excitation_count;
    const auto stride = static_cast<int>(stride_);
    for (int object = 0; object < object_count(); ++object) {
        float greatest = 0.0F;
        for (int slice = slices.first; slice < slices.end; ++slice) {
            const float* const bands = excitation_of(tile, slice, ear, object, work.target.data(), work);
            greatest = std::max(greatest, kernels_.cells.greatest(bands, stride));
        }
        greatest_in_hop_[(static_cast<std::size_t>(hop) * 2 + ear) * object_count() + object] = greatest;
    }
    const int display_count = plan_.grid.display_band_count();
    const int slice_count = slices.end - slices.first;
    float* means =
        result.excitation.data() + (static_cast<std::size_t>(hop) * 2 + ear) * maskers * display_count;
    for (int masker = 0; masker < maskers; ++masker) {
        for (int i = 0; i < slice_count; ++i) work.rows[i] = tile.bands(slices.first + i, ear, masker);
        kernels_.cells.add_rows(work.rows.data(), slice_count, stride, work.target.data());
        for (int shown = 0; shown < display_count; ++shown) {
            const int first = display_begin_[shown];
            const int end = display_begin_[shown + 1];
            *means++ = sum(work.target.data(), first, end) / static_cast<float>((end - first) * slice_count);
        }
    }
    for (int slice = slices.first; slice < slices.end; ++slice) {
        pairs_.take_maskers(tile, slice, ear, work.pairs);
    }
    // The excitations three times and turned round once.
    timer.end(Stage::masking_survey, 4 * sizeof(float) * slice_count * maskers * stride_);
}

/// A block of objects in a hop.
void CpuMasking::hear(const CpuExcitations& tile, int hop, int block, MaskingTile& result) {
    StageTimer timer(clock_);
    Workspace& work = workspaces_[thread_number()];
    const int first = block * objects_per_block;
    const int end = std::min(first + objects_per_block, object_count());
    std::fill(work.sums.begin(), work.sums.end(), 0.0F);
    std::fill(pairs_.active(hop, first), pairs_.active(hop, end), 0);
    const Slices slices = slices_of(hop);
    for (int slice = slices.first; slice < slices.end; ++slice) {
        for (int ear = 0; ear < 2; ++ear) {
            tree_.add_up(tile.bands(slice, ear, 0), stride_,
                         work.nodes.data() + ear * tree_.node_count() * stride_, kernels_.cells);
        }
        for (int object = first; object < end; ++object) {
            float* const sums = work.sums.data() + (object - first) * HopSums::row_count * stride_;
            hear_object(tile, slice, object, sums, work);
        }
    }
    pairs_.finish_weights();
    for (int object = first; object < end; ++object) {
        show(work.sums.data() + (object - first) * HopSums::row_count * stride_, hop, object, result);
    }
    // Excitations with their sums, and weights.
    const std::size_t slice_bytes = 4 * plan_.excitation_count * stride_ * sizeof(float) +
                                    (end - first) * pairs_.weight_bytes_per_slice();
    timer.end(Stage::masking_cells, (slices.end - slices.first) * slice_bytes);
}

void CpuMasking::hear_object(const CpuExcitations& tile, int slice, int object, float* sums,
                             Workspace& work) {
    Cells cells;
    cells.band_count = static_cast<int>(stride_);
    cells.constants = tables_.constants();
    for (int ear = 0; ear < 2; ++ear) {
        cells.target[ear] = excitation_of(tile, slice, ear, object, work.target.data() + ear * stride_, work);
        const std::vector<int>& terms = masker_terms_[object];
        const float* const nodes = work.nodes.data() + ear * tree_.node_count() * stride_;
        for (std::size_t i = 0; i < terms.size(); ++i) {
            work.rows[i] = terms[i] < plan_.excitation_count
                               ? tile.bands(slice, ear, terms[i])
                               : nodes + (terms[i] - plan_.excitation_count) * stride_;
        }
        float* const masker = work.masker.data() + ear * stride_;
        kernels_.cells.add_rows(work.rows.data(), static_cast<int>(terms.size()), cells.band_count, masker);
        cells.masker[ear] = masker;
        cells.clash[ear] = work.weights.data() + ear * stride_;
        cells.benefit[ear] = work.weights.data() + (2 + ear) * stride_;
    }
    cells.least_active = active_range * greatest_[object];
    cells.sums = sums;
    cells.is_active = pairs_.active(slice / plan_.hop_slices, object);
    cells.loud = &CellTables::hear_loud;
    cells.context = tables_.context();
    kernels_.cells.process(cells);
    pairs_.take_weights(slice, object, work.weights.data());
}

/// A hop's sums over slices as display bands and band groups.
void CpuMasking::show(const float* sums, int hop, int object, MaskingTile& result) {
    const auto row = [&](int which) { return sums + which * stride_; };
    const Slices slices = slices_of(hop);
    const int display_count = plan_.grid.display_band_count();
    const std::size_t place = (static_cast<std::size_t>(hop) * object_count() + object) * display_count;
    const auto step = static_cast<float>(plan_.grid.band_step_cam);
    for (int shown = 0; shown < display_count; ++shown) {
        const int first = display_begin_[shown];
        const int end = display_begin_[shown + 1];
        float greatest = std::numeric_limits<float>::quiet_NaN();
        for (int ear = 0; ear < 2; ++ear) {
            const float threshold = sum(row(HopSums::threshold + ear), first, end);
            if (threshold == 0.0F) continue;
            greatest = std::fmax(greatest, sum(row(HopSums::target + ear), first, end) / threshold);
        }
        result.margin_db[place + shown] = 10.0F * std::log10(greatest);
        result.loudness[place + shown] =
            sum(row(HopSums::partial), first, end) * step / static_cast<float>(slices.end - slices.first);
    }
    const int groups = plan_.grid.group_count();
    GroupSums* const mine =
        group_sums_.data() + (static_cast<std::size_t>(hop) * object_count() + object) * groups;
    for (int group = 0; group < groups; ++group) {
        const int first = group_begin_[group];
        const int end = group_begin_[group + 1];
        mine[group].partial = sum(row(HopSums::partial), first, end);
        mine[group].self_cost = sum(row(HopSums::self_cost), first, end);
        for (int i = 0; i < audibility_count; ++i) {
            mine[group].audibility[i] = sum(row(HopSums::audibility + i), first, end);
        }
    }
}

/// An object's sums over the tile, hop after hop.
void CpuMasking::put_sums(int object, MaskingTile& result) const {
    const auto cell = static_cast<float>(plan_.slice_s * plan_.grid.band_step_cam);
    const int groups = plan_.grid.group_count();
    for (int group = 0; group < groups; ++group) {
        GroupSums all;
        for (int hop = 0; hop < result.hop_count; ++hop) {
            const GroupSums& some =
                group_sums_[(static_cast<std::size_t>(hop) * object_count() + object) * groups + group];
            all.partial += some.partial;
            all.self_cost += some.self_cost;
            for (int i = 0; i < audibility_count; ++i) all.audibility[i] += some.audibility[i];
        }
        const std::size_t place = static_cast<std::size_t>(group) * object_count() + object;
        result.partial[place] = cell * all.partial;
        result.self_cost[place] = cell * all.self_cost;
        for (int i = 0; i < audibility_count; ++i) {
            result.audibility[place * audibility_count + i] = cell * all.audibility[i];
        }
    }
}

std::unique_ptr<Masking> make_masking(const MaskingPlan& plan, StageClock& clock) {
    if (plan.work == MaskingWork::loudness) return std::make_unique<CpuLoudness>(plan, clock);
    return std::make_unique<CpuMasking>(plan, clock);
}

}  // namespace tutti::cpu
