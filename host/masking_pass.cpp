#include "host/masking_pass.hpp"

#include <algorithm>
#include <numeric>

#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti {

namespace {

/// The display bands of some band groups, as a grid of their own: its groups count from 0.
MaskingGrid grid_of_groups(const std::vector<int>& groups, std::vector<int>& bands) {
    const MaskingGrid all = display_grid();
    MaskingGrid grid;
    grid.band_step_cam = all.band_step_cam;
    for (int band = 0; band < all.band_count(); ++band) {
        const auto found = std::find(groups.begin(), groups.end(), all.band_groups[band]);
        if (found == groups.end()) continue;
        grid.band_hz.push_back(all.band_hz[band]);
        grid.display_bands.push_back(static_cast<int>(bands.size()));
        grid.band_groups.push_back(static_cast<int>(found - groups.begin()));
        bands.push_back(band);
    }
    return grid;
}

MaskingPlan plan_of(const CachedExcitation& excitation, MaskingGrid grid, int tile_hops, int summed_hops,
                    MaskingWork work) {
    MaskingPlan plan;
    plan.grid = std::move(grid);
    plan.excitation_count = excitation.object_count;
    plan.objects = excitation.objects;
    plan.relatives = excitation.relatives;
    plan.slice_s = excitation.hop_s;
    plan.hop_slices = summed_hops;
    plan.tile_slices = tile_hops;
    plan.work = work;
    return plan;
}

}  // namespace

MaskingPass::MaskingPass(Backend& backend, const CachedExcitation& excitation, std::vector<int> groups,
                         int tile_hops, int summed_hops, MaskingWork work)
    : excitation_(excitation),
      groups_(std::move(groups)),
      plan_(plan_of(excitation, grid_of_groups(groups_, bands_), tile_hops, summed_hops, work)),
      tile_(backend.make_excitations({tile_hops, excitation.object_count, plan_.grid.band_count()})),
      masking_(backend.make_masking(plan_)),
      result_(plan_),
      values_(static_cast<std::size_t>(tile_hops) * 2 * excitation.object_count * plan_.grid.band_count()) {}

const MaskingTile& MaskingPass::hear(std::span<const int> hops, const LevelChanges& changes) {
    TUTTI_CHECK(!hops.empty() && static_cast<int>(hops.size()) <= plan_.tile_slices);
    const int objects = excitation_.object_count;
    const auto hop_count = static_cast<int>(hops.size());
    parallel_for(2 * objects, [&](int row) {
        for (int hop = 0; hop < hop_count; ++hop) {
            put_changed_levels(excitation_, row / objects, row % objects, hops[hop], bands_, changes,
                               &values_[(static_cast<std::size_t>(hop) * 2 * objects + row) * bands_.size()]);
        }
    });
    return hear_values(hop_count);
}

const MaskingTile& MaskingPass::hear(std::span<const float> excitation) {
    const std::size_t rows_per_hop = static_cast<std::size_t>(2) * excitation_.object_count;
    const std::size_t row_size = display_grid().band_hz.size();
    const auto hop_count = static_cast<int>(excitation.size() / (rows_per_hop * row_size));
    TUTTI_CHECK(hop_count > 0 && hop_count <= plan_.tile_slices);
    parallel_for(hop_count, [&](int hop) {
        for (std::size_t row = hop * rows_per_hop; row < (hop + 1) * rows_per_hop; ++row) {
            float* to = &values_[row * bands_.size()];
            for (const int band : bands_) *to++ = excitation[row * row_size + band];
        }
    });
    return hear_values(hop_count);
}

const MaskingTile& MaskingPass::hear_values(int hop_count) {
    const std::size_t slice = static_cast<std::size_t>(2) * excitation_.object_count * bands_.size();
    tile_->write(0, std::span<const float>(values_).first(hop_count * slice));
    masking_->process(*tile_, hop_count, result_);
    return result_;
}

void MaskingPass::expect(std::span<const float> greatest) {
    const std::size_t slice = static_cast<std::size_t>(2) * excitation_.object_count * bands_.size();
    std::fill_n(values_.begin(), slice, 0.0F);
    for (std::size_t object = 0; object < greatest.size(); ++object)
        values_[object * bands_.size()] = greatest[object];
    tile_->write(0, std::span<const float>(values_).first(slice));
    masking_->process(*tile_, 1, result_);
}

std::vector<int> all_band_groups() {
    std::vector<int> groups(display_grid().group_count());
    std::iota(groups.begin(), groups.end(), 0);
    return groups;
}

}  // namespace tutti
