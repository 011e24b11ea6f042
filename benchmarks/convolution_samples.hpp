#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "benchmarks/convolution_job.hpp"

namespace tutti::bench {

/// What a case is made of.
struct SampleSources {
    std::filesystem::path stems;   ///< a folder: every channel of its files is a row, again and again until
                                   ///< all rows are filled; empty: noise
    std::filesystem::path kernel;  ///< a file: its channels are the kernels in turn; empty: decaying noise
    bool own_kernels = false;      ///< one per row; else two, for even and odd rows
};

/// White noise in -0.25 ... 0.25; the same numbers for the same seed, everywhere.
void fill_with_noise(std::span<float> samples, std::uint64_t seed);

/// Noise that decays by 60 dB over its length, with energy 1.
void fill_with_room(std::span<float> taps, std::uint64_t seed);

/// The kernels that the rows meet in turn, equally long. `tap_count`: 0 for as many as the file has. Throws
/// InputError for a file that cannot be read.
std::vector<std::vector<float>> make_kernels(const SampleSources& sources, int row_count,
                                             std::int64_t tap_count);

/// The samples of a job, made once, and room for the results that the gate looks at.
class PreparedJob {
  public:
    /// `kernels`: equally long; the rows are zeros until somebody fills them. Throws InputError when there is
    /// not enough memory.
    PreparedJob(int row_count, std::int64_t frame_count, const std::vector<std::vector<float>>& kernels,
                int thread_count);

    const ConvolutionJob& job() const { return job_; }
    std::span<float> row(int row);

    /// Puts impulses of full scale at critical_frames() of the kept rows, and convolves these in double. Call
    /// it once, when all rows are filled.
    void set_references();

    /// Makes every kept result wrong, so that it must be written again to be right.
    void spoil_results();

    /// The worst signal-to-error ratio of the kept results.
    double signal_to_error_db() const;

  private:
    ConvolutionJob job_;
    SharedFloats rows_;
    SharedFloats kernels_;
    SharedFloats results_;
    std::vector<std::vector<double>> references_;  ///< [kept row][result frame]
};

/// The job of `row_count` rows of `frame_count` frames with kernels of `tap_count` taps (0: as many as the
/// kernel file has), ready to be given to contestants. Throws InputError for files that cannot be read.
PreparedJob prepare_job(int row_count, std::int64_t frame_count, std::int64_t tap_count,
                        const SampleSources& sources, int thread_count);

}  // namespace tutti::bench
