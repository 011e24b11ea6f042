#pragma once

#include <filesystem>
#include <vector>

#include "host/masking_compare.hpp"
#include "host/masking_results.hpp"
#include "host/masking_summary.hpp"

namespace tutti {

/// What all pictures of a report are drawn from.
struct MaskingScene {
    const MaskingResults& results;
    std::vector<ObjectSummary> tracks;  ///< summaries of results.tracks
    std::vector<ObjectSummary> groups;
    std::vector<int> shown;  ///< tracks, ascending, that have a row and pictures of their own
    double scale = 2.0;      ///< pixels per unit of the layout

    MaskingScene(const MaskingResults& of_results, bool all_tracks, double picture_scale);
};

/// Tracks that are shown where not all are: those with the greatest clash.
inline constexpr int most_shown_tracks = 40;

/// Each writes one PNG file, complete or not at all, and throws InputError with the system's reason. They may
/// run side by side.

/// Who hides whom: row = target, column = masker, colour = clash in sone seconds on a logarithmic scale;
/// tracks stand by their groups.
void draw_track_matrix(const MaskingScene& scene, const std::filesystem::path& file);
void draw_group_matrix(const MaskingScene& scene, const std::filesystem::path& file);

/// How the clash of the tracks that are in both analyses changed: blue where it became less, brown where
/// more.
void draw_difference_matrix(const MaskingScene& scene, const MaskingComparison& comparison,
                            const std::filesystem::path& file);

/// Time and frequency of one target: colour = audibility margin, the strongest masker's name where it is
/// masked; beside it who is to blame.
void draw_target(const MaskingScene& scene, int track, const std::filesystem::path& file);

/// Time and frequency of one masker: colour = clash with all targets by section and band group, the name of
/// whom it hides most; beside it whom it hides.
void draw_masker(const MaskingScene& scene, int track, const std::filesystem::path& file);

/// Every track as a lane: height = loudness in the mix over time, colour = mean margin; beside it the shares
/// of the classes of audibility.
void draw_overview(const MaskingScene& scene, const std::filesystem::path& file);

}  // namespace tutti
