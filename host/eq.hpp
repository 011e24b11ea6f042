#pragma once

#include <complex>
#include <span>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// The analogue prototype of a band at `freq_hz`: H(j 2 pi f). Sources and formulas stand with the
/// definition.
std::complex<double> analogue_response(const EqBand& band, double freq_hz);

/// A kernel designed for a sample rate.
struct EqKernel {
    std::vector<double> taps;
    int latency_frames = 0;  ///< (taps - 1) / 2 for linear phase, 0 for minimum phase
};

/// All bands as one FIR. Its magnitude is that of the analogue prototypes up to 0.45 of the sample rate;
/// above, the prototypes are read at a frequency that eases to a stop at Nyquist, f0 + w 2/pi sin(pi/2 (f -
/// f0)/w), f0 = 0.45 rate, w = 0.05 rate, so that nothing has a corner there. Minimum phase by the real
/// cepstrum. Long enough that what is cut off is below -120 dB of the kernel's energy.
EqKernel design_eq(EqPhase phase, std::span<const EqBand> bands, int sample_rate_hz);

}  // namespace tutti
