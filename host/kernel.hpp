#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "engine/errors.hpp"
#include "host/session.hpp"

namespace tutti {

/// Adjacent LTI inserts of a strip, fused in double precision into one matrix of impulse responses.
struct FusedKernel {
    int input_channels = 1;
    int output_channels = 1;
    /// [output][input] -> taps; empty: no path. float32 only at the very end, in the plan.
    std::vector<std::vector<std::vector<double>>> paths;
    int latency_frames = 0;  ///< of linear-phase EQ in it: to be compensated
    int delay_frames =
        0;  ///< silent frames in front of every path, taken off the taps: a wanted delay, not compensated

    /// No more than a gain per path and the delay: needs no convolution.
    bool is_gain_only() const;
    bool is_identity() const;
};

/// Fuses the LTI inserts (EqInsert, ConvolutionInsert, DelayInsert, GainInsert; bypassed ones are skipped)
/// for a signal of `input_channels`. Impulse responses: one channel acts on each channel; two make mono
/// stereo (left, right) or act left on left, right on right; four are true stereo: L to L, L to R, R to L, R
/// to R, and make a mono signal stereo by the mean of the pairs. Throws InputError for a file that cannot be
/// used, naming the session file and place.
FusedKernel fuse_inserts(std::span<const Insert> inserts, int input_channels, const Session& session,
                         const Warn& warn);

}  // namespace tutti
