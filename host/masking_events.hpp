#pragma once

#include <string>
#include <vector>

#include "host/masking_results.hpp"

namespace tutti {

/// One musical situation: a target that others hide in one range of bands and one stretch of time, a
/// rectangle of band groups and sections. Events of the same target do not overlap.
struct ClashEvent {
    /// Somebody who hides the target there.
    struct Masker {
        int object = 0;        ///< of the view
        double share = 0.0;    ///< of the blame, 0 ... 1
        double benefit = 0.0;  ///< sone seconds the target gains per dB of cut on this one
    };

    int target = 0;  ///< object of the view
    int first_group = 0;
    int group_count = 0;
    int first_section = 0;
    int section_count = 0;
    double low_hz = 0.0;  ///< of the display bands in which most would be won
    double high_hz = 0.0;
    double from_s =
        0.0;  ///< where nine tenths would be won, on the session's time line, to whole seconds outwards
    double to_s = 0.0;
    double inaudible_share = 0.0;  ///< of its active bands and slices there, 0 ... 1: margin below 0 dB
    double heavy_share = 0.0;      ///< the same for margins from 0 to 6 dB
    std::vector<Masker> maskers;   ///< greatest share first; the shares of all sum to 1
    double benefit = 0.0;          ///< sum of the maskers'
    double worth = 0.0;            ///< sone seconds the target would gain without the first masker
    double clash = 0.0;            ///< severity times loudness at stake, sone seconds
    bool inside_group = false;     ///< the greatest masker is of the target's own group
};

/// Most urgent first: by what would be won without the one who hides it most, never by what is lost.
struct ClashEvents {
    std::vector<ClashEvent> groups;  ///< of results.groups; empty when every group is one object, or all are
    std::vector<ClashEvent> tracks;  ///< of results.tracks
};

/// Every clash worth a sentence. Dropped as negligible is what 6 dB less of all its maskers, the most we ever
/// suggest, would hardly change: by less than 7 % of the target's loudness in those bands (a decibel of
/// loudness level, about twice the just noticeable difference of noise: Miller, J. Acoust. Soc. Am. 19 (1947)
/// 609-619), by less than 1 % of all its loudness then, or by less than 0.0031 sone, the loudness at the
/// absolute threshold (ANSI S3.4-2007); kept nevertheless is what would change by 7 % of all its loudness
/// were the leading masker not there: a target that is hidden wholly. Dropped, too, is what is masked during
/// less than a tenth of the time it plays.
/// A return hides others, but that it is hidden is no clash: a reverb is there to be heard around the rest.
ClashEvents clash_events(const MaskingResults& results);

/// The objects that most of an event's blame falls on: at least one, at most three, and no other below 10 %.
int named_masker_count(const ClashEvent& event);

}  // namespace tutti
