#pragma once

#include <iosfwd>

#include "benchmarks/convolution_job.hpp"

namespace tutti::bench {

/// Convolution as an experienced engineer writes it with FFTW in an afternoon: overlap-add in real transforms
/// of the next power of two from twice the kernel, measured plans, one spectrum per kernel, rows over all
/// threads. Serves as worker.hpp says.
void serve_overlap_add(const ConvolutionJob& job, std::istream& in, std::ostream& out);

}  // namespace tutti::bench
