#pragma once

#include <string>

#include "benchmarks/convolution_results.hpp"

namespace tutti::bench {

/// Every measurement, with the machine, the versions and the ratios.
std::string report_json(const ConvolutionReport& report);

}  // namespace tutti::bench
