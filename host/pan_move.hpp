#pragma once

#include <optional>
#include <span>

#include "host/masking_events.hpp"
#include "host/masking_results.hpp"
#include "host/mix_change.hpp"
#include "host/session.hpp"

namespace tutti {

/// A track that could be moved out of another's way.
struct PanMove {
    int object = 0;  ///< of results.tracks: the less important of the two
    int other = 0;
    double pan_from = 0.0;
    double pan_law_db = -3.0;
    int channels = 1;  ///< of its stem
};

/// The remedy for one of an event's targets and its greatest masker, where panning is one. It is none where
/// the event lies about less than 200 Hz, where ears do not part sounds and mixes keep to the middle; where
/// one of the two is no single track, or is panned, or louder on one side, already; where what it plays
/// through is mono; and where both carry the middle of a mix (vocals, bass, drums). Of two others the one
/// with less partial loudness moves. `track_channels`: of the session's tracks' stems.
std::optional<PanMove> pan_move(const MaskingResults& results, const Session& session,
                                std::span<const int> track_channels, const ClashEvent& event, int target);

/// The object at another pan.
MixChange pan_change(const PanMove& move, double pan);

}  // namespace tutti
