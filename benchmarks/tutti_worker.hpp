#pragma once

#include <iosfwd>
#include <string>

#include "benchmarks/convolution_case.hpp"
#include "benchmarks/convolution_job.hpp"
#include "engine/backend.hpp"

namespace tutti::bench {

/// What is timed of a convolution by Tutti.
enum class TimedPart {
    resident,   ///< from rows on the device to rows on the device
    from_host,  ///< with writing every chunk to the device and reading it back
};

/// Row r convolved, in place, with kernel r % kernel_count.
ConvolverPlan plan_of(const JobSamples& samples);

/// A case's kernels on `row_count` rows, in place, with taps that only matter in not being zero.
ConvolverPlan plan_like(const ConvolutionCase& which, int row_count);

/// Rows for the plan in the chunks that the backend's planner expects to be fastest for a signal of
/// `frame_count` whose result has `result_frames`: among 1, 5/4, 3/2 and 15/8 times 2^k frames, and on the
/// CPU what transforms of such sizes leave beside the kernels, as many as the result needs and 2 GiB of rows
/// and 3 * 2^20 frames allow.
RowsShape fastest_shape(Backend& backend, const ConvolverPlan& plan, std::int64_t frame_count,
                        std::int64_t result_frames);

/// Convolution by Tutti on `device` ("cpu", "vulkan:0", "auto"). Serves as worker.hpp says. Throws InputError
/// and DeviceError as open_device() does.
void serve_tutti(const std::string& device, TimedPart part, const ConvolutionJob& job, std::istream& in,
                 std::ostream& out);

}  // namespace tutti::bench
