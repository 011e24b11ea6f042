#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "host/cached_excitation.hpp"

namespace tutti {

/// The backend's masking operation on cached excitation: some hops at a time, in the bands of some groups.
/// The approximation: filters keep the shapes they have in the mix as it was, and a hop is as loud as its
/// mean excitation.
class MaskingPass {
  public:
    /// `groups`: band groups, ascending. Sums are shown once per `summed_hops`, of which `tile_hops` is a
    /// multiple. Backend and excitation must outlive it.
    MaskingPass(Backend& backend, const CachedExcitation& excitation, std::vector<int> groups, int tile_hops,
                int summed_hops, MaskingWork work = MaskingWork::everything);

    /// [band of the operation]: the display band
    const std::vector<int>& bands() const { return bands_; }
    const std::vector<int>& groups() const { return groups_; }
    int tile_hops() const { return plan_.tile_slices; }

    /// At most tile_hops of them. Band groups of the result count from 0: groups()[0], groups()[1] ...
    const MaskingTile& hear(std::span<const int> hops, const LevelChanges& changes);

    /// The same of excitation that is given: [hop][ear][object][display band].
    const MaskingTile& hear(std::span<const float> excitation);

    /// Greatest excitations that the operation is to know of before it hears anything, [object]: what is
    /// active goes by them.
    void expect(std::span<const float> greatest);

  private:
    const MaskingTile& hear_values(int hop_count);

    const CachedExcitation& excitation_;
    std::vector<int> groups_;
    std::vector<int> bands_;
    MaskingPlan plan_;
    std::unique_ptr<Excitations> tile_;
    std::unique_ptr<Masking> masking_;
    MaskingTile result_;
    std::vector<float> values_;  ///< [hop][ear][object][band]
};

/// All band groups of the display grid.
std::vector<int> all_band_groups();

}  // namespace tutti
