#pragma once

#include "host/masking_results.hpp"

namespace tutti::tests {

/// Results as an analysis of a session leaves them, without one: `track_count` tracks in 8 groups (Drums,
/// Percussion, Bass, Guitars, Keys, Strings, Brass, Vocals), each with its range, level and rhythm, the last
/// one a return of the first vocal. Margins and shares follow from the excitations, and the sums from them;
/// loudness is a power law. Same arguments, same results.
///
/// Planted: "Pad 1" hides "Lead Vox" between 1.9 and 3.1 kHz from 10 s to 20 s, and nothing hides "Pad 1"
/// that much.
MaskingResults synthetic_masking(int track_count, double duration_s);

}  // namespace tutti::tests
