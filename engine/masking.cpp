#include "engine/masking.hpp"

namespace tutti {

MaskingTile::MaskingTile(const MaskingPlan& plan) {
    const std::size_t objects = plan.objects.size();
    const std::size_t maskers = plan.excitation_count;
    const std::size_t hops = plan.tile_slices / plan.hop_slices;
    const std::size_t bands = plan.grid.display_band_count();
    const std::size_t groups = plan.grid.group_count();
    loudness.resize(hops * objects * bands);
    partial.resize(groups * objects);
    if (plan.work == MaskingWork::loudness) return;
    margin_db.resize(hops * objects * bands);
    excitation.resize(hops * 2 * maskers * bands);
    clash.resize(groups * objects * maskers);
    benefit.resize(groups * objects * maskers);
    self_cost.resize(groups * objects);
    audibility.resize(groups * objects * audibility_count);
}

}  // namespace tutti
