#pragma once

#include <cstdint>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// Spectra of a stem in windows spread over a session, at a few frequencies.
struct StemWindows {
    /// [bin][window], of windows of equal energy; 0 where it does not play, and up to the next multiple of
    /// lane_count.
    std::vector<float> re;
    std::vector<float> im;       ///< likewise
    std::vector<float> plays;    ///< [window]: 1 where it plays; likewise
    std::vector<double> energy;  ///< [bin]: of all windows, in the width around the bin
    double level = 0.0;          ///< its mean square behind the fader, on a scale of its own
};

/// Where and how stems are listened to.
struct WindowGrid {
    int window_frames = 0;
    std::vector<std::int64_t> starts;  ///< [window]: on the session's time line
    std::vector<int> bins;             ///< of a transform of the window, ascending
    std::vector<double> bin_width_hz;  ///< from midway to the bin before to midway to the next
};

/// Windows of about 85 ms, at most 64 of them, at steps that are no two alike; bins an eighth of a Cam apart,
/// from 30 Hz to 15 kHz.
WindowGrid window_grid(std::int64_t session_frames, int sample_rate_hz);

/// Listens to one track. Throws InputError as StemReader does.
StemWindows listen_in_windows(const Track& track, int sample_rate_hz, const WindowGrid& grid,
                              bool repair_nonfinite);

}  // namespace tutti
