#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/masking_grid.hpp"

namespace tutti {

/// Short-term and long-term loudness of a sound, millisecond by millisecond: specific loudness follows each
/// band's input with attack and release, its sum over bands is short-term loudness; that is followed once
/// more, slower, to long-term loudness; ears add at the end. Time constants of ISO 532-3:2023, clauses 7.6
/// and 7.9 (Moore, Jurgens, Hohmann & al., Trends Hear. 22 (2018)): 21.7 and 29.8 ms, 99.5 and 751 ms.
class LoudnessFollower {
  public:
    explicit LoudnessFollower(const MaskingGrid& grid);

    struct Step {
        double short_term_sone = 0.0;
        double long_term_sone = 0.0;
    };

    /// The next millisecond. `specific`: [ear][band], sone per Cam.
    Step add(std::span<const double> specific);

  private:
    double band_step_cam_;
    std::vector<double> short_term_;  ///< [ear][band]
    std::array<double, 2> long_term_{};
};

}  // namespace tutti
