#pragma once

#include <array>
#include <vector>

#include "viewer/state.hpp"

namespace tutti::viewer {

/// Who hides a target, by their share of the excitation that masks it.
struct Share {
    int object = 0;
    double share = 0.0;  ///< 0 ... 1
};

/// Numbers of a stretch of the analysis for one target.
struct RegionNumbers {
    double active_s = 0.0;  ///< time in which the target is active in one of the bands
    std::array<double, audibility_count> audibility{};  ///< shares of its active bands and time
    std::vector<Share> maskers;                         ///< greatest first
};

/// Counts the hops and display bands whose middles lie in the stretch. Maskers: shares of the excitation
/// where the target's margin is below 15 dB, each hop and band counted by how far it is below.
RegionNumbers region_numbers(const Report& report, const ReportView& view, int target,
                             const Stretch& stretch);

/// Excitation at one hop, per display band, in the ear in which the target stands out more.
struct Spectrum {
    std::vector<float> target_db;     ///< [display band]; -inf: nothing
    std::vector<float> threshold_db;  ///< masked threshold; NaN where the target is not active
    struct Masker {
        int object = 0;
        double share = 0.0;  ///< of all maskers' excitation in bands where the target is active
        std::vector<float> level_db;
    };
    std::vector<Masker> maskers;  ///< the `most` strongest
};
Spectrum spectrum_at(const Report& report, const ReportView& view, int target, int hop, int most);

/// The display hop at a time; the nearest one outside.
int hop_at(const MaskingResults& results, double time_s);

/// Position on the Cam scale in display bands: 0 is the lower edge of the first, 75 the upper one of the
/// last.
double band_position(double cam);
double band_position_to_cam(double position);

}  // namespace tutti::viewer
