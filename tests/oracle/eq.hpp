#pragma once

#include <complex>
#include <span>
#include <vector>

#include "host/session.hpp"

namespace tutti::oracle {

/// A band's transfer function at j freq_hz / band.freq_hz, as its polynomials in s stand in the books.
std::complex<double> analogue_response(const EqBand& band, double freq_hz);

/// H(e^jw) = sum over n of taps[n] e^(-jwn) at w = 2 pi freq_hz / rate, by its definition.
std::complex<double> fir_response(std::span<const double> taps, double freq_hz, int sample_rate_hz);

/// The same at the bins of a grid of `size` points, 0 ... size / 2, by one FFT.
std::vector<std::complex<double>> fir_response_on_grid(std::span<const double> taps, int size);

/// The phase in radians that a minimum-phase system of this response's magnitude has at bin `at`: minus the
/// discrete Hilbert transform of ln |H| over the whole circle, summed as it is defined. `half`: bins 0 ...
/// size / 2, size a multiple of 4.
double minimum_phase_at(std::span<const std::complex<double>> half, int at);

}  // namespace tutti::oracle
