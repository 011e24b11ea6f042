#pragma once

#include <cstdint>
#include <optional>
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

/// A longer kernel whose cost grew by more than the logarithm of its taps, against a shorter one.
struct Excess {
    std::int64_t from_taps = 0;
    std::int64_t to_taps = 0;
    double growth = 0.0;   ///< ratio of the lowest costs
    double allowed = 0.0;  ///< ratio of the logarithms
};

/// The worst excess of the longer over the shorter kernels, by the lowest cost of each, which others on the
/// machine disturb least; nothing when the cost grows no faster than the logarithm everywhere. `points`:
/// ascending tap counts.
std::optional<Excess> worst_excess(const std::vector<ScalingPoint>& points);

/// Times Tutti alone over numbers of rows (1 ... 1024 of 10 s, kernels of job J1) and over lengths of kernels
/// (10 ms ... 60 s, 16 rows of 60 s), prints what a channel second costs and whether it grows no faster than
/// the logarithm of the kernel's length, and draws it. `options.cases` and the peers are not used. False when
/// a run was refused or failed.
bool benchmark_scaling(const ConvolutionOptions& options, std::ostream& out);

}  // namespace tutti::bench
