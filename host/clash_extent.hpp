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

/// What is left of a rectangle without the bands at both ends that have less than a quarter of what the
/// greatest has, and without the hops at both ends that have next to nothing. `weights`: [hop][band] of the
/// rectangle.
ClashExtent trimmed(const ClashExtent& rectangle, const std::vector<double>& weights);

}  // namespace tutti
