#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "host/masking_results.hpp"
#include "host/session.hpp"

namespace tutti {

/// The excitations that an analysis keeps, without names, and who is heard in them.
struct CachedExcitation {
    int object_count = 0;  ///< excitations: the tracks' objects
    int hop_count = 0;
    double hop_s = 0.1;
    /// [ear][object][hop][display band]: half decibels over -20 dB; 0: nothing.
    std::span<const std::uint8_t> levels;
    std::vector<std::vector<int>> objects;    ///< [target], see MaskingPlan
    std::vector<std::vector<int>> relatives;  ///< [target], see MaskingPlan

    int target_count() const { return static_cast<int>(objects.size()); }
    const std::uint8_t* at(int ear, int object, int hop) const;
};

/// With tracks, or with groups of them, as targets. Point into `results`.
CachedExcitation cached_excitation(const MaskingResults& results);
CachedExcitation cached_group_excitation(const MaskingResults& results);

/// Single slices in the place of hops, as many as stand for all of the time; the hops where no slices are
/// kept. Point into `results`.
CachedExcitation cached_slices(const MaskingResults& results);

/// The levels of one hop in `every`, [ear][object][hop][display band], and the excitation that these make: as
/// long in all, so many times quicker to hear.
std::vector<std::uint8_t> thinned_levels(const CachedExcitation& excitation, int every);
CachedExcitation thinned(const CachedExcitation& excitation, int every,
                         std::span<const std::uint8_t> thinned_levels);

/// A level byte of it as excitation.
float cached_level(std::uint8_t level);

/// Excitation as a level byte.
std::uint8_t level_byte(double excitation);

/// An object made louder or softer: factors on its excitation.
struct LevelChange {
    int object = 0;
    std::array<std::vector<float>, 2> power_gains;  ///< [ear][display band]
    /// Both ears' excitation is added first: a mono track on its way to another place.
    bool adds_ears = false;
};

/// |H|^2 of a band at the display bands, for both ears.
LevelChange eq_change(int object, const EqBand& band);

/// Everything that is changed: at most one change per object, and how much louder all of it is played.
struct LevelChanges {
    std::vector<LevelChange> list;
    float playback = 1.0F;  ///< factor on everybody's excitation; thresholds stay

    /// Of that object; null: none.
    const LevelChange* of(int object) const;
};

/// Excitation of one object at one hop in some of the display bands, with the changes.
void put_changed_levels(const CachedExcitation& excitation, int ear, int object, int hop,
                        std::span<const int> bands, const LevelChanges& changes, float* to);

/// Band groups in which anything is changed by 0.1 dB or more, ascending.
std::vector<int> touched_groups(const LevelChanges& changes);

}  // namespace tutti
