#pragma once

#include <optional>
#include <span>
#include <vector>

#include "host/cut_candidates.hpp"
#include "host/masking_results.hpp"
#include "host/masking_what_if.hpp"
#include "host/session.hpp"

namespace tutti {

/// A track to be moved out of another's way.
struct PanCandidate {
    int object = 0;  ///< of results.tracks: the less important of the two
    double pan_from = 0.0;
    double pan_to = 0.0;
    LevelChange change;
};

/// The pans to try in place of a cut: 0.3 and 0.6 to either side. None where panning is not the remedy: the
/// range begins below 200 Hz, where ears do not part sounds and mixes keep to the middle; one of the two is
/// no single track, or is panned, or louder on one side, already; what it plays through is mono; or both
/// carry the middle of a mix (vocals, bass, drums). Of two others the one with less partial loudness moves.
/// `track_channels`: of the session's tracks' stems.
std::vector<PanCandidate> pan_candidates(const MaskingResults& results, const Session& session,
                                         std::span<const int> track_channels, const CutCandidate& cut);

}  // namespace tutti
