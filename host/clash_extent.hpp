#pragma once

#include <vector>

namespace tutti {

/// Hops and display bands; end is one past the last.
struct ClashExtent {
    int first_hop = 0;
    int end_hop = 0;
    int first_band = 0;
    int end_band = 0;
};

/// What is left of a rectangle without the bands at both ends in which the masker takes less of what others
/// would have than it takes at large, and without the hops at both ends in which next to nothing is won.
/// `won`, `without`: [hop][band] of the rectangle, see HopMasking::Together; `won` is what lies between.
ClashExtent trimmed(const ClashExtent& rectangle, const std::vector<double>& won,
                    const std::vector<double>& without);

}  // namespace tutti
