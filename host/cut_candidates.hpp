#pragma once

#include <vector>

#include "host/masking_results.hpp"
#include "host/session.hpp"

namespace tutti {

/// Band groups in which less of one masker would win others at least twice what it costs itself.
struct CutCandidate {
    int masker = 0;  ///< object of results.tracks
    int target = 0;  ///< who wins most
    int first_group = 0;
    int end_group = 0;       ///< one past the last; at most three groups
    double benefit = 0.0;    ///< sone seconds per dB, all targets, all sections
    double self_cost = 0.0;  ///< sone seconds per dB
    EqBand bell;             ///< its gain_db is not set yet
    double low_hz = 0.0;     ///< between these the bell cuts more than half of its decibels
    double high_hz = 0.0;
    double from_s = 0.0;  ///< where nine tenths of the benefit are, in seconds from the analysis' begin
    double to_s = 0.0;
};

/// At most three per masker, none of them overlapping; greatest benefit less twice the cost first.
///
/// The bell's centre is the centroid, on the Cam scale, of the masker's excitation in the range, its width
/// (between the frequencies of half the gain in decibels, which is f0/Q) that of a rectangle with the same
/// standard deviation, at least 1 Cam; sections count by their benefit.
std::vector<CutCandidate> cut_candidates(const MaskingResults& results);

}  // namespace tutti
