#pragma once

#include <vector>

#include "host/masking_objects.hpp"
#include "host/masking_results.hpp"
#include "host/render.hpp"

namespace tutti {

/// Tracks that carry the same sound (a DI and its amplifier, two microphones of a drum): they do not mask
/// each other. Loudest tracks of merges first.
struct Coherence {
    CoherentTracks tracks;
    std::vector<MaskingResults::Merge> merges;
};

/// Listens to the heard stems of a session in short windows spread over its length, several stems at a time,
/// and finds the pairs that are coherent: whose magnitude-squared coherence (Carter, Proc. IEEE 75 (1987)
/// 236-255; corrected for its bias), taken over the windows in which both play and weighted by the energy of
/// either, is above 0.5. Pairs with one output are merged, others related. Windows of 85 ms, so that some
/// milliseconds between two microphones do not matter. Throws InputError as StemReader does.
Coherence find_coherence(const OpenedSession& opened, bool repair_nonfinite);

}  // namespace tutti
