#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "benchmarks/convolution.hpp"

namespace tutti::bench {

/// One point of a scaling: what Tutti takes for a second of a channel of the result.
struct ScalingPoint {
    int row_count = 0;
    std::int64_t tap_count = 0;
    std::vector<double> cost_s;  ///< of every run: wall seconds per channel second
};

/// How the cost grew from a shorter kernel to a longer one, beside the logarithm of the taps.
struct Growth {
    std::int64_t from_taps = 0;
    std::int64_t to_taps = 0;
    double growth = 0.0;   ///< ratio of the lowest costs, which others on the machine disturb least
    double allowed = 0.0;  ///< ratio of the logarithms

    double excess() const { return growth / allowed; }
};

/// Of points with ascending tap counts, at least two: the one that lies highest over the first point's cost
/// times the logarithm.
Growth growth_from_first(const std::vector<ScalingPoint>& points);

/// The same over all pairs of a shorter and a longer kernel: the steepest stretch.
Growth steepest_growth(const std::vector<ScalingPoint>& points);

/// Both in words.
std::string growth_text(const std::vector<ScalingPoint>& points);

/// Times Tutti alone over numbers of rows (1 ... 1024 of 10 s, kernels of job J1) and over lengths of kernels
/// (10 ms ... 60 s, 16 rows of 60 s), prints what a channel second costs and how that grows beside the
/// logarithm of the kernel's length, and draws it. `options.cases` and the peers are not used. False when
/// a run was refused or failed.
bool benchmark_scaling(const ConvolutionOptions& options, std::ostream& out);

}  // namespace tutti::bench
