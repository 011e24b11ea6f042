#include "host/clash_extent.hpp"

#include <algorithm>
#include <numeric>

namespace tutti {

namespace {

/// A band belongs to the range where the masker takes this much of the part that it takes at large, and
/// this much is won of what the greatest band has. Planted bands of noise (62 in sessions of 10 to 128 real
/// stems) share half with 56 of the ranges; with all that has a quarter of the greatest band's, with 40.
constexpr double like_part = 0.9;
constexpr double least_of_greatest = 0.02;
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

ClashExtent trimmed(const ClashExtent& rectangle, const std::vector<double>& won,
                    const std::vector<double>& without) {
    const int width = rectangle.end_band - rectangle.first_band;
    std::vector<double> bands(width);
    std::vector<double> bands_without(width);
    for (std::size_t i = 0; i < won.size(); ++i) {
        bands[i % width] += won[i];
        bands_without[i % width] += without[i];
    }
    ClashExtent extent = rectangle;
    const double most = bands.empty() ? 0.0 : *std::max_element(bands.begin(), bands.end());
    if (most <= 0.0) return extent;

    double all_parts = 0.0;
    for (int band = 0; band < width; ++band) {
        if (bands[band] > 0.0) all_parts += bands[band] * bands[band] / bands_without[band];
    }
    const double part = all_parts / std::accumulate(bands.begin(), bands.end(), 0.0);
    const auto belongs = [&](int band) {
        const double here = bands[band - rectangle.first_band];
        const bool takes_as_much = here >= like_part * part * bands_without[band - rectangle.first_band];
        return here == most || (takes_as_much && here >= least_of_greatest * most);
    };
    while (!belongs(extent.first_band)) ++extent.first_band;
    while (!belongs(extent.end_band - 1)) --extent.end_band;

    std::vector<double> hops;
    for (auto row = won.begin(); row != won.end(); row += width) {
        hops.push_back(std::accumulate(row + (extent.first_band - rectangle.first_band),
                                       row + (extent.end_band - rectangle.first_band), 0.0));
    }
    const double all = std::accumulate(hops.begin(), hops.end(), 0.0);
    extent.first_hop += sparse_hops(hops.begin(), hops.end(), all);
    extent.end_hop -= sparse_hops(hops.rbegin(), hops.rend(), all);
    return extent;
}

}  // namespace tutti
