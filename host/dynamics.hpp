#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/gain_shaper.hpp"
#include "host/session.hpp"

namespace tutti {

/// One gain curve of a dynamics step: its settings and the levels it hears. Linked stereo hears two taps with
/// one curve and takes the greater level.
template <typename Settings>
struct DynamicsLane {
    Settings settings;
    int first_tap = 0;  ///< index within the step's taps
    int tap_count = 1;
};

/// Frames that the audio must be delayed by for an insert: a multiple of control_hop. A compressor needs 4
/// hops on top of its look-ahead (its gain is a centred average); a gate just its look-ahead; a limiter its
/// look-ahead, at least 2 hops.
int lookahead_frames(const CompressorInsert& settings, int sample_rate_hz);
int lookahead_frames(const GateInsert& settings, int sample_rate_hz);
int lookahead_frames(const LimiterInsert& settings, int sample_rate_hz);

/// Curve i belongs to lane i. Lanes run side by side (SIMD lanes are strips). A compressor or gate with
/// detector rms hears mean squares, with peak peaks; a limiter hears true peaks. Gains include make-up, mix
/// (parallel) and the limiter's input gain.
std::shared_ptr<const GainShape> make_compressor_shape(std::vector<DynamicsLane<CompressorInsert>> lanes,
                                                       int tap_count, int sample_rate_hz);
std::shared_ptr<const GainShape> make_gate_shape(std::vector<DynamicsLane<GateInsert>> lanes, int tap_count,
                                                 int sample_rate_hz);
std::shared_ptr<const GainShape> make_limiter_shape(std::vector<DynamicsLane<LimiterInsert>> lanes,
                                                    int tap_count, int sample_rate_hz);

}  // namespace tutti
