#pragma once

#include <cstdint>
#include <iosfwd>

#include "benchmarks/convolution_job.hpp"

namespace tutti::bench {

/// Frames of a row that one forward and one inverse transform of `transform_frames` can at most bring
/// forward: all that overlap-save leaves of an un-partitioned kernel, or half with the kernel in partitions.
std::int64_t greatest_hop(std::int64_t transform_frames, std::int64_t tap_count);

/// No contestant but the bound of those who use FFTW: the forward and inverse transforms that the job needs
/// at least, alone, in the size at which they take the shortest time, on all threads, in cache. Serves as
/// worker.hpp says.
void serve_transforms(const ConvolutionJob& job, std::istream& in, std::ostream& out);

/// Wall time of those transforms once, the shortest of some; needs none of the job's files but its wisdom.
double seconds_of_transforms(const ConvolutionJob& job);

}  // namespace tutti::bench
