#pragma once

#include <cstdint>
#include <iosfwd>

#include "benchmarks/convolution_job.hpp"

namespace tutti::bench {

/// Frames of the transforms that it takes.
std::int64_t overlap_add_transform_frames(std::int64_t tap_count);

/// Convolution as an experienced engineer writes it with FFTW in an afternoon: overlap-add in real transforms
/// of the next power of two from twice the kernel, measured plans (see Planning), one spectrum per kernel,
/// rows over all threads. Serves as worker.hpp says.
void serve_overlap_add(const ConvolutionJob& job, std::istream& in, std::ostream& out);

}  // namespace tutti::bench
