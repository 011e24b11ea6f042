#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "host/masking_results.hpp"
#include "host/session.hpp"

namespace tutti {

/// The excitations that an analysis keeps, without names.
struct CachedExcitation {
    int object_count = 0;
    int hop_count = 0;
    double hop_s = 0.1;
    /// [ear][object][hop][display band]: half decibels over -20 dB; 0: nothing.
    std::span<const std::uint8_t> levels;
    std::vector<std::vector<int>> relatives;  ///< [object], see MaskingPlan
};

/// Points into `results`.
CachedExcitation cached_excitation(const MaskingResults& results);

/// A level byte of it as excitation.
float cached_level(std::uint8_t level);

/// An object made louder or softer: factors on its excitation.
struct LevelChange {
    int object = 0;
    std::array<std::vector<float>, 2> power_gains;  ///< [ear][display band]
};

/// |H|^2 of a band at the display bands, for both ears.
LevelChange eq_change(int object, const EqBand& band);

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
    ~MaskingWhatIf();

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
    /// The operation on some of the band groups, and its tile.
    class Pass;

    bool sounds(std::span<const LevelChange> changes, int tile, const std::vector<int>& bands) const;

    Backend& backend_;
    CachedExcitation excitation_;
    int band_count_ = 0;  ///< display bands
    int group_count_ = 0;
    int tile_count_ = 0;
    std::vector<float> before_;  ///< [tile][band group][object]
};

}  // namespace tutti
