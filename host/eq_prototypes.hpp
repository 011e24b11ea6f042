#pragma once

#include <complex>
#include <span>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// A transfer function H(s) = gain * product of (s - zero) / product of (s - pole), with real coefficients:
/// complex roots come in pairs that stand next to each other. No more zeros than poles.
struct Prototype {
    double gain = 1.0;
    std::vector<std::complex<double>> zeros;
    std::vector<std::complex<double>> poles;
};

/// A band by its textbook formula, s in units of 2 pi freq_hz, A = 10^(gain_db / 40), Q = q:
///
///   bell        (s^2 + s A/Q + 1) / (s^2 + s/(A Q) + 1)
///   low_shelf   A (s^2 + s sqrt(A)/Q + A) / (A s^2 + s sqrt(A)/Q + 1)
///   high_shelf  A (A s^2 + s sqrt(A)/Q + 1) / (s^2 + s sqrt(A)/Q + A)
///   notch       (s^2 + 1) / (s^2 + s/Q + 1)
///   bandpass    (s/Q) / (s^2 + s/Q + 1)                                      0 dB at freq_hz
///   lowpass     1 / B_n(s)                                                   n = slope_db_per_oct / 6
///   highpass    s^n / B_n(s)
///   tilt        (A s + 1) / (s + A)              -gain_db/2 far below freq_hz, +gain_db/2 far above it
///
/// Source of the first five: R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients",
/// the analogue prototypes; bandpass in its "constant 0 dB peak gain" form. B_n is the Butterworth
/// polynomial: |B_n(jw)|^2 = 1 + w^2n (S. Butterworth, "On the theory of filter amplifiers", 1930). Tilt is
/// the first-order shelf normalised to its centre.
Prototype analogue_prototype(const EqBand& band);

/// The stop band of highpass and lowpass, as it is designed, levels off here: |H|^2 + 10^-14 in place of
/// |H|^2, each band for itself. A minimum phase follows from the whole magnitude, and no finite kernel of
/// float32 taps reaches far below this: with the floor, the phase of what is rendered is the one that belongs
/// to its magnitude. Against a bottomless stop band it comes 0.7 rad earlier at the corner of 48 dB/oct (a
/// shorter delay), 0.04 rad at 24 dB/oct, 0.0004 rad at 12 dB/oct.
inline constexpr double stop_band_floor_db = -140.0;

/// What is designed for a band: analogue_prototype() with the floor above, s in radians per frame (2 pi f /
/// rate).
Prototype designed_prototype(const EqBand& band, int sample_rate_hz);

/// A bell, shelf or tilt of 0 dB: does nothing.
bool is_neutral(const EqBand& band);

/// Where prototypes are read for `angle` (0 ... pi radians per frame): at the angle itself up to 0.9 pi,
/// above that at one that eases to a stop at Nyquist, as host/eq.hpp says.
double eased_angle(double angle);
double eased_angle_slope(double angle);     ///< its derivative
double angle_of_eased(double eased_angle);  ///< its inverse, for what is at most last_eased_angle()
double last_eased_angle();                  ///< eased_angle(pi)

}  // namespace tutti
