#pragma once

#include <vector>

#include "engine/backend.hpp"

namespace tutti::bench {

/// Where a tone in white noise begins to be heard: its level over the noise's level per hertz.
struct MaskedThreshold {
    double hz = 0.0;
    double standard_db = 0.0;  ///< ISO/PAS 20065:2016
    double found_db = 0.0;     ///< where the margin of the tone's best band crosses 0 dB
};

/// Plays a tone that rises through the standard's threshold, from 8 dB below it to 8 dB above, in noise of 40
/// dB per hertz, analyses both as tracks of a mix are, in slices of 10 ms, and looks where the straight line
/// through the margins crosses 0 dB. `seconds`: of the rise; short ones leave the noise's own fluctuation in
/// the result, about 0.5 dB at 250 Hz in 4 s.
std::vector<MaskedThreshold> find_masked_thresholds(Backend& backend, int seconds);

}  // namespace tutti::bench
