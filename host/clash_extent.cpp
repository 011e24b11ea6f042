#include "host/clash_extent.hpp"

#include <algorithm>
#include <numeric>

namespace tutti {

namespace {

constexpr double range_share = 0.25;
/// Both ends of the time are left out that hold no more than this of it, and per hop no more than this part
/// of the mean.
constexpr double tail_share = 0.05;
constexpr double tail_density = 0.25;

/// How many from here on hold next to nothing.
template <typename Hop>
int sparse_hops(Hop begin, Hop end, double all) {
    const double mean = all / static_cast<double>(end - begin);
    double sum = 0.0;
    double dropped = 0.0;
    int sparse = 0;
    for (int count = 1; begin != end; ++begin, ++count) {
        sum += *begin;
        if (sum > tail_share * all) break;
        if (sum - dropped > tail_density * mean * (count - sparse)) continue;
        sparse = count;
        dropped = sum;
    }
    return sparse;
}

}  // namespace

ClashExtent trimmed(const ClashExtent& rectangle, const std::vector<double>& weights) {
    const int width = rectangle.end_band - rectangle.first_band;
    std::vector<double> bands(width);
    for (std::size_t i = 0; i < weights.size(); ++i) bands[i % width] += weights[i];
    ClashExtent extent = rectangle;
    const double most = bands.empty() ? 0.0 : *std::max_element(bands.begin(), bands.end());
    if (most <= 0.0) return extent;
    while (bands[extent.first_band - rectangle.first_band] < range_share * most) ++extent.first_band;
    while (bands[extent.end_band - 1 - rectangle.first_band] < range_share * most) --extent.end_band;

    std::vector<double> hops;
    for (auto row = weights.begin(); row != weights.end(); row += width) {
        hops.push_back(std::accumulate(row + (extent.first_band - rectangle.first_band),
                                       row + (extent.end_band - rectangle.first_band), 0.0));
    }
    const double all = std::accumulate(hops.begin(), hops.end(), 0.0);
    extent.first_hop += sparse_hops(hops.begin(), hops.end(), all);
    extent.end_hop -= sparse_hops(hops.rbegin(), hops.rend(), all);
    return extent;
}

}  // namespace tutti
