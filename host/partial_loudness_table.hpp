#pragma once

namespace tutti {

/// Partial loudness of an excitation beside another one, sone per Cam and ear, in a display band. Read from a
/// table with a step of 1 dB, between whose points lie straight lines over the masker's level; the target's
/// is rounded, as cached levels are to half of that.
double tabulated_partial_loudness(int display_band, double target, double masker);

}  // namespace tutti
