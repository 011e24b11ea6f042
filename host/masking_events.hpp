#pragma once

#include <string>
#include <vector>

#include "host/masking_results.hpp"

namespace tutti {

/// One musical situation: somebody who hides others in one range of bands and one stretch of time, and whom.
struct ClashEvent {
    /// Somebody who hides the target there.
    struct Masker {
        int object = 0;        ///< of the view
        double share = 0.0;    ///< of the blame, 0 ... 1
        double benefit = 0.0;  ///< sone seconds the target gains per dB of cut on this one
    };
    /// Somebody whom the first masker hides there more than anybody else does.
    struct Target {
        int object = 0;
        double part = 0.0;   ///< of the loudness of what carries it (see HopMasking), in all bands then
        double clash = 0.0;  ///< sone seconds, of what carries it, by the first masker
    };

    int target = 0;               ///< object of the view: the first of the targets
    std::vector<Target> targets;  ///< greatest clash first
    int first_group = 0;          ///< of bands
    int group_count = 0;
    double low_hz = 0.0;  ///< of the display bands in which most would be won
    double high_hz = 0.0;
    double from_s = 0.0;  ///< where most would be won, on the session's time line, to whole seconds outwards
    double to_s = 0.0;
    double inaudible_share = 0.0;  ///< of the target's active bands there, 0 ... 1: margin below 0 dB
    double heavy_share = 0.0;      ///< the same for margins from 0 to 6 dB
    std::vector<Masker> maskers;   ///< of the target, greatest share first; the shares of all sum to 1
    double benefit = 0.0;          ///< sum of the maskers'
    double worth = 0.0;            ///< sone seconds the target would gain without the first masker
    double won = 0.0;           ///< sone seconds that all others together would gain without the first masker
    double without = 0.0;       ///< sone seconds that they would have then
    double clash = 0.0;         ///< severity times the target's loudness at stake, sone seconds
    bool inside_group = false;  ///< the first masker is of the target's own group
};

/// Most urgent first: by what would be won without the one who hides it, never by what is lost.
struct ClashEvents {
    std::vector<ClashEvent> groups;  ///< of results.groups; empty when every group is one object, or all are
    std::vector<ClashEvent> tracks;  ///< of results.tracks
};

/// Every clash worth a sentence: see clash_urgency() for the order, and host/MASKING_REPORT.md for both.
///
/// Somebody is hidden when two thirds of the loudness of what carries him, in all bands, are inaudible or
/// heavily masked then, and one who hides more of him there than anybody else hides a tenth of it, or of what
/// he usually has in such a time, if that is more. A clash is worth a sentence when all that one hides of
/// everybody adds up to a fifth of somebody, lasts two seconds, and would win the absolute threshold's
/// loudness (0.0031 sone, ANSI S3.4-2007). A return hides others, but that it is hidden is no clash: a reverb
/// is there to be heard around the rest. Where several hide the same, that is told once, of the one whose
/// clash is most urgent.
ClashEvents clash_events(const MaskingResults& results);

/// What would be won per second and band group if the first masker were not there, by all he hides together
/// (one cut wins all of that), to the 3/4, times the third power of its part of what these would have then:
/// he who alone decides whether the others are heard comes before him who is one of many, also where little
/// loudness is at stake, as in the bass. `part` and `width` as of ClashRegion: neighbouring bands in which
/// less happens change neither. What is shorter than five seconds counts as if it were that long.
double clash_urgency(double won, double part, double duration_s, double width);

/// The objects that most of an event's blame falls on: at least one, at most three, and no other below 10 %.
int named_masker_count(const ClashEvent& event);

}  // namespace tutti
