#pragma once

#include <span>

namespace tutti::bench {

/// What repeated measurements of one thing came to.
struct Summary {
    double median = 0.0;
    double lowest = 0.0;
    double highest = 0.0;
};

/// Of at least one value.
Summary summarize(std::span<const double> values);

/// A ratio of paired measurements: the median of the ratios of the pairs, and an interval that holds the true
/// median with the probability `confidence`, whatever the distribution.
struct Ratio {
    double median = 0.0;
    double low = 0.0;
    double high = 0.0;
    double confidence = 0.0;
};

/// Ratios numerator[i] / denominator[i] of at least one pair of positive values. The interval is the
/// narrowest pair of order statistics that reaches 95 %, or the whole range where there are fewer than six
/// pairs. (Conover, Practical Nonparametric Statistics, 3rd ed., 3.2: the interval for a quantile.)
Ratio ratio_of_pairs(std::span<const double> numerator, std::span<const double> denominator);

}  // namespace tutti::bench
