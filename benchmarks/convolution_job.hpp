#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "benchmarks/shared_floats.hpp"

namespace tutti::bench {

/// What every contestant is given: rows to convolve with kernels, each to its full length. Row r meets kernel
/// r % kernel_count. The samples lie in files that all contestants map, so that they exist once.
struct ConvolutionJob {
    int row_count = 0;
    std::int64_t frame_count = 0;  ///< of each row
    int kernel_count = 0;
    std::int64_t tap_count = 0;  ///< of each kernel
    int thread_count = 1;
    std::vector<int> kept_rows;           ///< whose results are kept for the gate, ascending
    std::filesystem::path rows_file;      ///< float32 [row][frame]
    std::filesystem::path kernels_file;   ///< float32 [kernel][tap]
    std::filesystem::path results_file;   ///< float32 [kept row][result frame], written by the contestant
    std::filesystem::path wisdom_file{};  ///< where FFTW's measured plans are kept; empty: nowhere

    std::int64_t result_frames() const { return frame_count + tap_count - 1; }
};

/// The job as words of a command line, and back. Throws InputError for words that are not a job.
std::vector<std::string> to_arguments(const ConvolutionJob& job);
ConvolutionJob parse_job(std::span<const std::string> arguments);

/// The samples of a job, mapped into this process.
class JobSamples {
  public:
    explicit JobSamples(const ConvolutionJob& job);

    const ConvolutionJob& job() const { return job_; }
    std::span<const float> row(int row) const;
    std::span<const float> kernel(int kernel) const;
    std::span<const float> kernel_of(int row) const { return kernel(row % job_.kernel_count); }

    /// Where the result of a row belongs when it is kept, else nothing: [result frame].
    std::span<float> kept(int row);

    std::uint64_t bytes() const;

  private:
    ConvolutionJob job_;
    SharedFloats rows_;
    SharedFloats kernels_;
    SharedFloats results_;
};

}  // namespace tutti::bench
