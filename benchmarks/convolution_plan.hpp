#pragma once

#include <ostream>

#include "benchmarks/convolution.hpp"

namespace tutti::bench {

/// Shows what the planner thinks of: for every case and device the candidates, cheapest first, each with the
/// time that it predicts and the time that it takes, per second of a row, and how far apart they are.
void show_plans(const ConvolutionOptions& options, std::ostream& out);

}  // namespace tutti::bench
