#include "benchmarks/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

double median_of_sorted(std::span<const double> sorted) {
    const std::size_t middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
}

}  // namespace

Summary summarize(std::span<const double> values) {
    TUTTI_CHECK(!values.empty());
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    return {median_of_sorted(sorted), sorted.front(), sorted.back()};
}

Ratio ratio_of_pairs(std::span<const double> numerator, std::span<const double> denominator) {
    TUTTI_CHECK(!numerator.empty() && numerator.size() == denominator.size());
    std::vector<double> ratios;
    for (std::size_t i = 0; i < numerator.size(); ++i) {
        ratios.push_back(numerator[i] / denominator[i]);
    }
    std::sort(ratios.begin(), ratios.end());

    // Each ratio lies under the true median with probability 1/2, so the number of those that do is binomial:
    // leaving out the k lowest and the k highest misses the median when k or fewer lie on one side.
    const std::size_t count = ratios.size();
    double outcome = std::pow(0.5, static_cast<double>(count));  // P(exactly k of count lie under it)
    double outside = 2.0 * outcome;
    std::size_t left_out = 0;
    for (std::size_t k = 1; 2 * k < count; ++k) {
        outcome *= static_cast<double>(count - k + 1) / static_cast<double>(k);
        if (1.0 - outside - 2.0 * outcome < 0.95) {
            break;
        }
        outside += 2.0 * outcome;
        left_out = k;
    }
    return {median_of_sorted(ratios), ratios[left_out], ratios[count - 1 - left_out],
            std::max(0.0, 1.0 - outside)};
}

}  // namespace tutti::bench
