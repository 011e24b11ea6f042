#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "engine/masking.hpp"
#include "host/masking_results.hpp"
#include "host/session.hpp"

namespace tutti {

/// Which tracks are heard as one.
struct CoherentTracks {
    /// Tracks that are one object, by index; the name-giving one first.
    std::vector<std::vector<int>> merged;
    /// Pairs of tracks that never mask each other although they are two objects.
    std::vector<std::pair<int, int>> related;
};

/// Rows that are analysed together: what the ears get is gains[ear] * rows[ear], filtered to power[ear].
struct HeardRows {
    std::array<int, 2> rows{-1, -1};
    std::array<double, 2> gains{1.0, 1.0};
    std::array<std::vector<double>, 2> power;  ///< [ear][component]; empty: 1
};

/// Everything that is heard at the master's input, as objects: no sample of it is in two of them, and their
/// rows add up to the master's input.
struct MaskingObjects {
    std::vector<HeardRows> excitations;
    std::vector<MaskingObject> facts;              ///< [object]
    std::vector<std::vector<int>> excitations_of;  ///< [object]: ascending
    std::vector<std::vector<int>> relatives;       ///< [object]: excitations that never mask it, ascending
    int latency_frames = 0;                        ///< how late the rows are, all of them
    std::vector<std::string> notes;

    /// The same excitations seen as groups: by the objects' groups, in the order of their first objects.
    struct Groups {
        std::vector<MaskingObject> facts;
        std::vector<std::vector<int>> excitations_of;
        std::vector<std::vector<int>> relatives;
    };
    Groups groups() const;
};

class Contributions;
class Routing;
class StepList;
struct MixStep;

/// The objects of what has come into the master. Rows that need it are mixed in `step`. `master_channels`: a
/// mono master is heard by both ears.
MaskingObjects collect_objects(const Contributions& contributions, const Routing& routing,
                               const CoherentTracks& coherent, int master_channels, StepList& steps,
                               MixStep& step);

/// As a backend takes it: gains and filters as factors on the power.
ExcitationObject excitation_object(const HeardRows& heard, int component_count);

}  // namespace tutti
