#pragma once

#include <memory>
#include <vector>

#include "engine/backend.hpp"
#include "host/cached_excitation.hpp"

namespace tutti {

/// What one target is like beside all others.
struct HeardTarget {
    std::vector<float> margin_db;   ///< [hop][display band]; NaN where inactive
    std::vector<float> loudness;    ///< [hop][display band], sone
    std::vector<float> audibility;  ///< [section][band group][Audibility], sone seconds
};

/// A target's margins and partial loudness when something is changed, over all time: by the backend's masking
/// operation on two excitations, the target's and that of everybody who masks it. Those of the maskers that
/// stay as they are, are added up once per set of objects that are changed, so that dragging costs little.
/// See MaskingPass for the approximation.
class TargetWhatIf {
  public:
    /// `section_hops`: hops of a section. Backend must outlive it.
    TargetWhatIf(Backend& backend, CachedExcitation excitation, int section_hops);

    HeardTarget hear(int target, const LevelChanges& changes);

    /// The target as it is; remembered until another is asked for.
    const HeardTarget& before(int target);

  private:
    void add_steady_maskers(int target, const LevelChanges& changes);
    void put_pair(int target, const LevelChanges& changes, int hop);

    Backend& backend_;
    CachedExcitation excitation_;
    int section_hops_ = 1;
    std::vector<int> all_bands_;

    int before_target_ = -1;
    HeardTarget before_;

    std::vector<int> steady_key_;     ///< the target and the objects that are changed
    std::vector<int> moving_;         ///< maskers that are changed
    std::vector<float> steady_;       ///< [hop][ear][display band]: maskers that are not
    std::vector<float> pair_levels_;  ///< [hop][ear][target, maskers][display band]
};

}  // namespace tutti
