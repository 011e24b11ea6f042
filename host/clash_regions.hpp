#pragma once

#include <vector>

#include "host/clash_maps.hpp"

namespace tutti {

/// Moments and band groups in which one object hides others: end is one past the last.
struct ClashRegion {
    int masker = 0;
    int first_moment = 0;
    int end_moment = 0;
    int first_group = 0;
    int end_group = 0;
    double won = 0.0;      ///< sone seconds that the others together would win without the masker
    double without = 0.0;  ///< what they would have then
    double part = 0.0;     ///< of what they would have, that the masker takes: mean, weighted by what is won
    double width = 0.0;    ///< how many groups what is won is spread over: n where n share it evenly

    int moment_count() const { return end_moment - first_moment; }
    int group_count() const { return end_group - first_group; }
};

/// Rectangles in which the object hides most of others, the most intense first. Each grows from the cell in
/// which most would be won over moments and groups that are not much less intense than its three most intense
/// moments in a row; those side by side in bands at about the same time are joined. No two share a cell
/// before they are joined; after that they may at their edges.
std::vector<ClashRegion> clash_regions(const ClashMaps& maps, int masker);

}  // namespace tutti
