#pragma once

#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "host/cached_excitation.hpp"

namespace tutti {

/// Tiles of MaskingWhatIf::tile_hops display hops; end is one past the last.
struct TileRange {
    int first = 0;
    int end = 0;
};

/// How loud everybody would be in the mix if some were changed: partial loudness from the cached excitation,
/// by the backend's masking operation on the display grid. The approximation: filters keep the shapes they
/// have in the mix as it was, and a hop is as loud as its mean excitation. Only band groups that a change
/// touches by 0.1 dB or more, and tiles in which a changed object sounds, are computed again.
class MaskingWhatIf {
  public:
    static constexpr int tile_hops = 10;

    /// Computes the mix as it is, once. Backend and excitation must outlive this.
    MaskingWhatIf(Backend& backend, CachedExcitation excitation);

    TileRange all() const;

    /// The tiles that a stretch of the analysis touches, in seconds from its begin.
    TileRange tiles(double from_s, double to_s) const;

    /// Partial loudness as it is: [band group][object], sone seconds.
    std::vector<double> before(TileRange range) const;

    /// The same after minus before. Several changes, at most one per object, are taken together.
    std::vector<double> change(std::span<const LevelChange> changes, TileRange range) const;

    int group_count() const { return group_count_; }
    int object_count() const { return excitation_.object_count; }

  private:
    std::vector<int> hops(int tile) const;
    bool sounds(const LevelChanges& changes, int tile, const std::vector<int>& bands) const;

    Backend& backend_;
    CachedExcitation excitation_;
    int group_count_ = 0;
    int tile_count_ = 0;
    std::vector<float> before_;  ///< [tile][band group][object]
};

}  // namespace tutti
