#include <numeric>

#include "host/pictures/masking_pictures.hpp"

namespace tutti {

MaskingScene::MaskingScene(const MaskingResults& of_results, bool all_tracks, double picture_scale)
    : results(of_results),
      tracks(summarize_masking(of_results, of_results.tracks)),
      groups(summarize_masking(of_results, of_results.groups)),
      scale(picture_scale) {
    const int count = all_tracks ? static_cast<int>(tracks.size()) : most_shown_tracks;
    shown = heaviest_objects(tracks, count);
}

}  // namespace tutti
