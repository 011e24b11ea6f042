#pragma once

#include <optional>

#include "engine/masking_grid.hpp"
#include "engine/masking_model.hpp"

namespace tutti {

/// How a session is listened to.
struct MaskingOptions {
    double playback_spl_db = 80.0;            ///< what the mix's integrated loudness is played at
    std::optional<double> mix_lufs;           ///< known beforehand
    std::optional<double> full_scale_spl_db;  ///< instead: level of a sine of 0 dBFS at each ear
    SoundField field = SoundField::free;
    GridKind grid = GridKind::usual;
    std::optional<double> hop_s;      ///< display hop; absent: as fine as memory allows
    std::optional<double> section_s;  ///< over which clashes are summed; likewise
    bool merge_coherent = true;
};

}  // namespace tutti
