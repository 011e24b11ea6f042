#pragma once

#include "benchmarks/chart.hpp"
#include "benchmarks/convolution_results.hpp"

namespace tutti::bench {

/// Throughput against the kernel's length, a line per contestant, of the cases in memory. Of several numbers
/// of rows or lengths, those with most kernels.
Chart throughput_chart(const ConvolutionReport& report);

}  // namespace tutti::bench
