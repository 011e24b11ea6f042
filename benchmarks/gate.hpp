#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tutti::bench {

/// Who is less exact than this is not timed.
inline constexpr double least_signal_to_error_db = 120.0;

/// Linear convolution in double precision: row.size() + kernel.size() - 1 values. Through transforms; a test
/// holds it against the plain sum.
std::vector<double> convolve_exactly(std::span<const double> row, std::span<const double> kernel);
std::vector<double> convolve_exactly(std::span<const float> row, std::span<const float> kernel);

/// Energy of the reference over that of the difference; infinite where both are equal, minus infinity where
/// something found is not a number. Same sizes.
double signal_to_error_db(std::span<const double> reference, std::span<const float> found);

/// Frames where a convolver in blocks may fail, ascending: the first and the last, and those on both sides of
/// the edges of partitions of 2^12 frames and more.
std::vector<std::int64_t> critical_frames(std::int64_t frame_count);

}  // namespace tutti::bench
