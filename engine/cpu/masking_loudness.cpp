#include "engine/cpu/masking_loudness.hpp"

#include <algorithm>
#include <numeric>

#include "engine/cpu/pair_sums.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti::cpu {

CpuLoudness::CpuLoudness(const MaskingPlan& plan, StageClock& clock)
    : clock_(clock),
      plan_(plan),
      kernels_(masking_kernels()),
      tables_(plan.grid.band_hz),
      tree_(plan.excitation_count),
      masker_terms_(masker_terms(tree_, plan)),
      display_begin_(begins_of(plan.grid.display_bands, plan.grid.display_band_count())),
      group_begin_(begins_of(plan.grid.band_groups, plan.grid.group_count())) {
    TUTTI_CHECK(plan.excitation_count > 0 && plan.objects.size() == plan.relatives.size());
    TUTTI_CHECK(plan.tile_slices > 0 && plan.tile_slices % plan.hop_slices == 0);
    const std::size_t stride = tables_.stride();
    group_sums_.resize(plan.tile_slices / plan.hop_slices * plan.objects.size() * plan.grid.group_count());
    std::size_t most_rows = 0;
    for (const auto& terms : masker_terms_) most_rows = std::max(most_rows, terms.size());
    for (const auto& object : plan.objects) most_rows = std::max(most_rows, object.size());
    for (int thread = 0; thread < thread_count(); ++thread) {
        Workspace& work = workspaces_.emplace_back();
        work.nodes.resize(2 * tree_.node_count() * stride);
        work.target.resize(2 * stride);
        work.masker.resize(2 * stride);
        work.partial.resize(plan.objects.size() * stride);
        work.rows.resize(most_rows);
    }
}

void CpuLoudness::process(const Excitations& tile, int slice_count, MaskingTile& result) {
    const CpuExcitations& excitations = cpu_excitations(tile);
    TUTTI_CHECK(excitations.shape().object_count == plan_.excitation_count);
    TUTTI_CHECK(excitations.shape().band_count == plan_.grid.band_count());
    TUTTI_CHECK(slice_count > 0 && slice_count <= plan_.tile_slices);
    result.hop_count = (slice_count + plan_.hop_slices - 1) / plan_.hop_slices;
    parallel_for(result.hop_count, [&](int hop) { hear(excitations, hop, slice_count, result); });
    // Hop after hop, so that threads change nothing.
    const auto cell = static_cast<float>(plan_.slice_s * plan_.grid.band_step_cam);
    const int groups = plan_.grid.group_count();
    const std::size_t per_hop = static_cast<std::size_t>(object_count()) * groups;
    for (int object = 0; object < object_count(); ++object) {
        for (int group = 0; group < groups; ++group) {
            float sum = 0.0F;
            for (int hop = 0; hop < result.hop_count; ++hop)
                sum += group_sums_[hop * per_hop + static_cast<std::size_t>(object) * groups + group];
            result.partial[static_cast<std::size_t>(group) * object_count() + object] = cell * sum;
        }
    }
}

void CpuLoudness::hear(const CpuExcitations& tile, int hop, int slice_count, MaskingTile& result) {
    StageTimer timer(clock_);
    Workspace& work = workspaces_[thread_number()];
    const std::size_t stride = tables_.stride();
    std::fill(work.partial.begin(), work.partial.end(), 0.0F);
    const int first = hop * plan_.hop_slices;
    const int end = std::min(first + plan_.hop_slices, slice_count);
    for (int slice = first; slice < end; ++slice) {
        for (int ear = 0; ear < 2; ++ear) {
            tree_.add_up(tile.bands(slice, ear, 0), stride,
                         work.nodes.data() + ear * tree_.node_count() * stride, kernels_.cells);
        }
        for (int object = 0; object < object_count(); ++object) hear_object(tile, slice, object, work);
    }
    for (int object = 0; object < object_count(); ++object)
        show(work.partial.data() + object * stride, hop, object, end - first, result);
    timer.end(Stage::masking_cells, (end - first) * 4 * sizeof(float) * plan_.excitation_count * stride);
}

void CpuLoudness::hear_object(const CpuExcitations& tile, int slice, int object, Workspace& work) const {
    const std::size_t stride = tables_.stride();
    LoudnessCells cells;
    cells.band_count = static_cast<int>(stride);
    cells.constants = tables_.constants();
    const std::vector<int>& own = plan_.objects[object];
    const std::vector<int>& terms = masker_terms_[object];
    for (int ear = 0; ear < 2; ++ear) {
        const float* const nodes = work.nodes.data() + ear * tree_.node_count() * stride;
        const auto add_up = [&](const std::vector<int>& which, float* sum) {
            for (std::size_t i = 0; i < which.size(); ++i) {
                work.rows[i] = which[i] < plan_.excitation_count
                                   ? tile.bands(slice, ear, which[i])
                                   : nodes + (which[i] - plan_.excitation_count) * stride;
            }
            kernels_.cells.add_rows(work.rows.data(), static_cast<int>(which.size()), cells.band_count, sum);
            return sum;
        };
        cells.target[ear] = own.size() == 1 ? tile.bands(slice, ear, own.front())
                                            : add_up(own, work.target.data() + ear * stride);
        cells.masker[ear] = add_up(terms, work.masker.data() + ear * stride);
    }
    cells.partial = work.partial.data() + object * stride;
    cells.loud = &CellTables::hear_loud;
    cells.context = tables_.context();
    kernels_.cells.process_loudness(cells);
}

/// A hop's sums over slices as display bands and band groups.
void CpuLoudness::show(const float* partial, int hop, int object, int slice_count, MaskingTile& result) {
    const auto sum = [&](const std::vector<int>& begin, int part) {
        return std::accumulate(partial + begin[part], partial + begin[part + 1], 0.0F);
    };
    const std::size_t row = static_cast<std::size_t>(hop) * object_count() + object;
    const int display_count = plan_.grid.display_band_count();
    const auto step = static_cast<float>(plan_.grid.band_step_cam);
    for (int shown = 0; shown < display_count; ++shown) {
        result.loudness[row * display_count + shown] =
            sum(display_begin_, shown) * step / static_cast<float>(slice_count);
    }
    for (int group = 0; group < plan_.grid.group_count(); ++group)
        group_sums_[row * plan_.grid.group_count() + group] = sum(group_begin_, group);
}

}  // namespace tutti::cpu
