#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tutti::bench {

/// Whole processes from files to a file, or convolution alone.
enum class Level { memory, files };

/// One job of the benchmark: rows of so many seconds, each convolved with a kernel of so many seconds.
struct ConvolutionCase {
    Level level = Level::memory;
    int row_count = 0;
    double seconds = 0.0;
    double kernel_seconds = 0.0;

    bool operator==(const ConvolutionCase&) const = default;
    std::string rows_text() const;  ///< "256 rows of 60 s"
    std::string text() const;       ///< "256 rows of 60 s with kernels of 2.345 s"
};

inline constexpr int case_rate_hz = 48000;

/// 112,561 taps: a concert hall of 2.3 s, the kernel of job J1.
inline constexpr double hall_seconds = 112561.0 / case_rate_hz;

/// Seconds as frames at case_rate_hz, at least one.
std::int64_t to_frames(double seconds);

/// Under a minute on two cores.
std::vector<ConvolutionCase> default_cases(Level level);
/// Job J1, 256 rows of 60 s and kernels of 112,561 taps; in memory with shorter and longer kernels as well.
std::vector<ConvolutionCase> full_cases(Level level);

/// Every combination of the given rows, seconds and kernel seconds, the kernels innermost.
std::vector<ConvolutionCase> combinations(Level level, const std::vector<int>& rows,
                                          const std::vector<double>& seconds,
                                          const std::vector<double>& kernel_seconds);

}  // namespace tutti::bench
