#pragma once

#include <cstdint>
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
    /// Silent frames in front of every path, taken off the taps: a wanted delay, not compensated.
    int delay_frames = 0;
    /// How much the path that lost most of its silent or faint end was shortened by.
    std::int64_t dropped_frames = 0;
    /// Memory that fusing took at most, as far as it grows with the responses.
    std::uint64_t design_bytes = 0;

    /// No more than a gain per path and the delay: needs no convolution.
    bool is_gain_only() const;
    bool is_identity() const;
};

/// Fuses the LTI inserts (EqInsert, ConvolutionInsert, DelayInsert, GainInsert; bypassed ones are skipped)
/// for a signal of `input_channels` (1 or 2). Impulse responses: one channel acts on each channel; two make
/// mono stereo (left, right) or act left on left, right on right; four are true stereo: L to L, L to R, R to
/// L, R to R, and make a mono signal stereo by the mean of the pairs, as if it came from both sides at half
/// its level. Where mono becomes stereo, the dry part of the mix goes to both sides as it is. Pre-delay
/// delays the wet part alone. Delays are rounded to whole frames.
///
/// Exact zeros in front of all paths (delays, pre-delays, silence at the start of a file) become
/// delay_frames; exact zeros at the end are dropped, and so is the end of a path whose energy is below 1e-14
/// of the whole kernel's, shared out over the paths.
///
/// Warns of a response that was resampled or is silent. Throws InputError for a file that cannot be used,
/// naming the session file and place. Thread-safe; `warn` is called from the calling thread.
FusedKernel fuse_inserts(std::span<const Insert> inserts, int input_channels, const Session& session,
                         const Warn& warn);

}  // namespace tutti
