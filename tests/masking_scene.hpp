#pragma once

#include <string>
#include <vector>

#include "engine/backend.hpp"
#include "host/masking_results.hpp"

namespace tutti::tests {

/// Band groups and sections of a scene; end is one past the last.
struct SceneRange {
    int first_group = 0;
    int end_group = 0;
    int first_section = 0;
    int end_section = 0;
};

/// Results of an analysis, made up cell by cell: nobody plays, nothing is hidden, until it is said.
class MaskingScene {
  public:
    /// Sections of 10 s with 100 hops each; every track is a group of its own.
    MaskingScene(const std::vector<std::string>& names, int section_count);

    /// The track is active all the time there, 20 dB over its masked threshold, with 0.2 sone of partial
    /// loudness in each band group.
    void play(int object, const SceneRange& range);

    /// Others hide it there during a part of the time, evenly spread; `blame` and `benefit` (sone s, sone s
    /// per dB) are per cell.
    struct Hidden {
        double inaudible = 0.0;
        double heavy = 0.0;
        double blame = 0.0;
        double benefit = 0.0;
    };
    void hide(int target, int masker, const SceneRange& range, const Hidden& hidden);

    /// The views of groups as sums over the tracks' groups; margins those of the left ear.
    void set_groups(const std::vector<std::string>& groups);

    /// A steady excitation in display bands first ... last, in decibels, of one ear (0, 1) or both (-1), in
    /// some sections.
    void sound(int object, int first_band, int last_band, double level_db, int first_section, int end_section,
               int ear = -1);

    /// The same in hops.
    void sound_in_hops(int object, int first_band, int last_band, double level_db, int first_hop,
                       int end_hop);

    /// All sums of the tracks' view from the excitations, by the backend's masking operation.
    void listen(Backend& backend);

    MaskingResults results;

  private:
    void set_group_margins(std::size_t group, int hop, const std::vector<int>& group_of);
    std::size_t cell(int section, int group, int object) const;
};

}  // namespace tutti::tests
