#pragma once

#include <iosfwd>
#include <string>

#include "benchmarks/convolution_job.hpp"
#include "engine/backend.hpp"

namespace tutti::bench {

/// What is timed of a convolution by Tutti.
enum class TimedPart {
    resident,   ///< from rows on the device to rows on the device
    from_host,  ///< with writing every chunk to the device and reading it back
};

/// The frames that `row_count` rows of `result_frames` are processed at once: the largest power of two that
/// the signal needs, up to 2^19, whose rows fit into 2 GiB.
RowsShape chunk_shape(int row_count, std::int64_t result_frames);

/// Convolution by Tutti on `device` ("cpu", "vulkan:0", "auto"). Serves as worker.hpp says. Throws InputError
/// and DeviceError as open_device() does.
void serve_tutti(const std::string& device, TimedPart part, const ConvolutionJob& job, std::istream& in,
                 std::ostream& out);

}  // namespace tutti::bench
