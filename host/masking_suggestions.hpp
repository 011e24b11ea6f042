#pragma once

#include <span>
#include <string>
#include <vector>

#include "host/masking_results.hpp"
#include "host/session.hpp"

namespace tutti {

class Backend;

/// A change of one track (or return) that would let others be heard better: a bell cut, or a pan.
struct Suggestion {
    enum class Kind { cut, pan };

    /// Partial loudness of somebody else after minus before, over the whole analysis.
    struct Gain {
        int object = 0;  ///< of results.tracks
        double sone_s = 0.0;
        double share = 0.0;  ///< of its partial loudness before
    };

    Kind kind = Kind::cut;
    int object = 0;                   ///< of results.tracks: who is changed
    int other = 0;                    ///< whom it hides most there; of a pan, who sits in the same place
    std::vector<std::string> strips;  ///< the strips that make it up: each is changed
    EqBand bell;                      ///< of a cut
    double pan_from = 0.0;            ///< of a pan
    double pan_to = 0.0;
    int first_group = 0;  ///< band groups in which it hides others
    int group_count = 0;
    double low_hz = 0.0;
    double high_hz = 0.0;
    double from_s = 0.0;  ///< where most is won: the sections that hold nine tenths of the benefit
    double to_s = 0.0;
    double benefit = 0.0;     ///< sone seconds per dB, all targets
    double self_cost = 0.0;   ///< sone seconds per dB
    std::vector<Gain> gains;  ///< who wins, greatest first; the first, and others with a tenth of the sum or
                              ///< more; at most three
    double own_change = 0.0;  ///< its own partial loudness after minus before, sone seconds
    double total_change = 0.0;  ///< everybody's, its own among them: this suggestion alone
    /// footprint_sum() of the change when all suggestions are taken together: to be held against a second
    /// analysis.
    double expected = 0.0;
};

/// The part of `sums`, [band group][object], that a suggestion is about: its band groups, and in them those
/// who win (its own object too, where that wins).
double footprint_sum(const Suggestion& suggestion, std::span<const double> sums, int object_count);

struct Suggestions {
    std::vector<Suggestion> list;  ///< greatest total_change first
    double total_change = 0.0;     ///< everybody's partial loudness after minus before, all taken together
};

/// At most `count` changes, at most three cuts per track of at most 6 dB, one pan per track; none where there
/// is no clash event. A cut has to win its targets at least twice what it costs its own track. Where a target
/// and the greatest masker of an event both sit in the middle and need not (see pan_move()), panning the less
/// important of the two comes first (listeners prefer it: Wakefield & Dewey, Proc. 139th AES Convention,
/// 2015). The gains are computed by the backend's masking operation from single slices that the
/// analysis kept (from hops' means where it kept none), with the bell's |H|^2 or the pan law applied to them,
/// and with filters whose shapes follow the change (see ReshapedExcitation); a return hears what its sources
/// do (see ChangedMix). Dynamics behind a change stay as they were (see hear_suggestions()). Left out is what
/// adds nothing where all are taken together. `track_channels`: of the session's tracks' stems.
/// Changes lie in the strip as its last insert and hold for its whole length.
Suggestions masking_suggestions(const MaskingResults& results, const Session& session,
                                std::span<const int> track_channels, Backend& backend, int count);

}  // namespace tutti
