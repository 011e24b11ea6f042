#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "benchmarks/convolution_samples.hpp"
#include "benchmarks/work_folder.hpp"

namespace tutti::bench {

/// Job J1: every stem, mono, is convolved with the left and with the right kernel, times 0.05, summed to a
/// stereo file of full length.
struct FilesJob {
    std::vector<std::filesystem::path> stems;
    std::filesystem::path kernel;  ///< stereo, float
    std::int64_t frame_count = 0;  ///< of the longest stem
    std::int64_t tap_count = 0;
    int thread_count = 1;

    std::int64_t result_frames() const { return frame_count + tap_count - 1; }
};

inline constexpr double files_job_gain = 0.05;

/// The files of a job. Of noise: 24-bit WAV files, with impulses at critical_frames() in the first and the
/// last. Of a folder: its mono files, repeated until there are enough. A kernel of noise or of a file with
/// one or two channels is written as a stereo WAV file. Throws InputError for what cannot be read or written.
FilesJob prepare_files(int stem_count, std::int64_t frame_count, std::int64_t tap_count,
                       const SampleSources& sources, int thread_count, const WorkFolder& work);

/// What the job comes to in double precision: [channel][result frame]. All stems meet the same kernels, so it
/// is the convolution of their sum.
std::vector<std::vector<double>> exact_mix(const FilesJob& job);

/// The sum of what one contestant wrote, as float stereo, of WAV files or raw interleaved ones (".raw"):
/// [channel][frame], cut or filled up with zeros to `frame_count`.
std::vector<std::vector<float>> read_mix(const std::vector<std::filesystem::path>& files,
                                         std::int64_t frame_count);

/// The worse channel's signal-to-error ratio.
double signal_to_error_db(const std::vector<std::vector<double>>& exact,
                          const std::vector<std::vector<float>>& mix);

}  // namespace tutti::bench
