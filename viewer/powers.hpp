#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "viewer/blame.hpp"

namespace tutti::viewer {

/// A hop and band in which a target is not clear.
struct HiddenCell {
    std::size_t at = 0;  ///< hop * bands + band
    float weight = 0.0F;
};

/// Excitations of a view's objects, from what a report keeps of its tracks, with the view's changes. The view
/// must outlive it.
class Powers {
  public:
    Powers(const Report& report, const ReportView& view);

    float of(int ear, int object, int hop, int band) const;

    /// Adds the excitation of both ears at cells of the [hop][band] plane.
    void add(int object, std::span<const HiddenCell> cells, std::span<float> sums) const;

  private:
    float of_track(int ear, int track, std::size_t cell, int band) const;

    const MaskingResults& results_;
    const MaskingShape& tracks_;
    std::array<float, 256> table_{};         ///< of half decibels over -20 dB; 0: nothing
    std::vector<std::vector<int>> members_;  ///< [object]: tracks
    float playback_ = 1.0F;
    std::vector<const LevelChange*> changes_;  ///< [track]; null: none
};

/// Objects that can mask the target.
std::vector<int> strangers(const ReportView& view, int target);

/// 1 at a margin of 0 dB and below, 0 at 15 dB.
double severity(float margin_db);

/// Shares of the sum, greatest first, of those that have any. `blame`: [object of objects].
std::vector<Share> shares_of(const std::vector<int>& objects, const std::vector<double>& blame);

}  // namespace tutti::viewer
