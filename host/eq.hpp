#pragma once

#include <complex>
#include <span>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// The analogue prototype of a band at `freq_hz`: H(j 2 pi f). Formulas and sources: analogue_prototype() in
/// host/eq_prototypes.hpp.
std::complex<double> analogue_response(const EqBand& band, double freq_hz);

/// A kernel designed for a sample rate.
struct EqKernel {
    std::vector<double> taps;
    int latency_frames = 0;  ///< (taps - 1) / 2 for linear phase, 0 for minimum phase
};

/// All bands as one FIR. Its magnitude is that of the analogue prototypes up to 0.45 of the sample rate;
/// above, the prototypes are read at a frequency that eases to a stop at Nyquist, f0 + w 2/pi sin(pi/2 (f -
/// f0)/w), f0 = 0.45 rate, w = 0.05 rate, so that nothing has a corner there. Stop bands of highpass and
/// lowpass level off at -140 dB (stop_band_floor_db in host/eq_prototypes.hpp). From 20 Hz to 0.45 of the
/// rate it is within 0.1 dB of the prototypes wherever they are above -80 dB at minimum phase, -60 dB at
/// linear phase (-40 dB next to a notch).
///
/// Minimum phase: the phase is the Hilbert transform of the log magnitude; what is cut off the end is below
/// -140 dB of the kernel's energy, which keeps the phase minimal down to the floor. At most 2^20 taps, which
/// a bell needs whose q 10^(gain_db/40) is 4 freq_hz at 48 kHz, 2 freq_hz at 96 kHz; beyond, its ringing is
/// cut short and its peak comes out lower and wider.
///
/// Linear phase: an odd number of taps, symmetric, zero-phase magnitude as above; what is cut off both ends
/// is below -140 dB of the kernel's energy (-120 dB where its magnitude has a corner). At most 2^19 - 1 taps,
/// which a bell needs whose q 10^(|gain_db|/40) is 1.4 freq_hz at 48 kHz, 0.7 freq_hz at 96 kHz. A magnitude
/// with a corner (low sharp notch, bandpass or first-order highpass at the bottom of hearing) has a response
/// that falls no faster than 1/n^2; there the cap fills up the corner a little and leaves the response around
/// it.
///
/// Bells, shelves and tilts of 0 dB do nothing; when nothing is left, the kernel is exactly {1}. Takes a few
/// milliseconds at minimum phase, a tenth of a second at linear phase for the lowest and sharpest.
/// Thread-safe; the same input gives the same taps.
EqKernel design_eq(EqPhase phase, std::span<const EqBand> bands, int sample_rate_hz);

}  // namespace tutti
