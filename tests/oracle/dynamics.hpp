#pragma once

#include <span>
#include <vector>

#include "host/session.hpp"

namespace tutti::oracle {

/// What the detector hears at each frame: the peak (or for rms the mean square) of the whole control hop the
/// frame is in.
std::vector<double> levels_of_own_hop(std::span<const double> audio, Detector detector);

/// The same with a window that moves frame by frame: greatest magnitude of frames n - before ... n + after.
std::vector<double> sliding_peaks(std::span<const double> audio, int before, int after);

/// Gain computer, Giannoulis, Massberg & Reiss (JAES 60(6), 2012) eq. 4, as a reduction: input minus output
/// level.
double reduction_db(double level_db, double threshold_db, double ratio, double knee_db);

/// The reduction at each frame for `levels` heard at each frame (for rms: squares), frame by frame: one-pole
/// mean square (rms only), gain computer, greatest of the last hold_ms (in whole control hops), smooth
/// branching ballistics of eq. 16.
std::vector<double> compressor_reduction_db(std::span<const double> levels, const CompressorInsert& settings,
                                            int sample_rate_hz);

/// Mean over the `count` frames n - count / 2 ... n + count / 2 - 1; outside there are zeros.
std::vector<double> centred_average(std::span<const double> x, int count);

/// The compressor's gain at each frame of `audio`, which is also its key, without the latency:
/// levels_of_own_hop, compressor_reduction_db averaged over 96 frames, make-up, mix.
std::vector<double> compressor_gain(std::span<const double> audio, const CompressorInsert& settings,
                                    int sample_rate_hz);

/// The gate's gain at each frame for `levels` heard at each frame (for rms: squares), from closed.
std::vector<double> gate_gain(std::span<const double> levels, const GateInsert& settings, int sample_rate_hz);

}  // namespace tutti::oracle
