#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tutti::tests {

using Signal = std::vector<float>;
using Signals = std::vector<Signal>;  ///< [row][frame]

/// White noise in -1 ... 1; the same numbers for the same seed, everywhere.
Signal noise(int frame_count, std::uint32_t seed);

/// Rows of noise, no two alike.
Signals noise_rows(int row_count, int frame_count, std::uint32_t seed);

/// Noise that decays by 60 dB over its length, as a room does, with energy of about 1.
Signal room(int tap_count, std::uint32_t seed);

/// Zeros with a one at `position`.
Signal impulse(int frame_count, int position);

/// amplitude * sin(2 pi cycles_per_frame n + phase)
Signal sine(int frame_count, double cycles_per_frame, double phase_degrees, double amplitude);

/// The first frame_count frames of x, `delay` frames later.
Signal delayed(const Signal& x, int delay);

/// Empty when the rows are equal to the last sample, else the first place where they are not: no failure
/// prints them all.
std::string first_unequal(const Signals& expected, const Signals& found);

/// How far `found` is from `expected`, in the worst row: -infinity where every sample is equal, +infinity
/// where a silent row is not silent or a sample is not a number.
struct Difference {
    double rms_db;   ///< RMS of the difference over the RMS of what was expected
    double peak_db;  ///< greatest difference over the greatest magnitude of what was expected
};

Difference difference(const Signals& expected, const Signals& found);

/// What the project promises of every backend. The RMS error of an FFT of N frames in float grows as 2^-24
/// sqrt(log2 N) (Schatzman, Accuracy of the discrete Fourier transform and the fast Fourier transform, SIAM
/// J. Sci. Comput. 17, 1996); a convolution makes three, which for N = 2^20 comes to 2^-24 sqrt(60), that is
/// -127 dB.
inline constexpr double promised_db = -120.0;

/// Below what is promised, in RMS and in the greatest sample. Errors and signal are both near Gaussian here,
/// so their crest factors cancel; the greatest sample may lose to the RMS by no more.
inline bool below_promised(const Difference& d) { return d.rms_db < promised_db && d.peak_db < promised_db; }

}  // namespace tutti::tests
