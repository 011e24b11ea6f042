#pragma once

#include "engine/masking_model.hpp"

namespace tutti {

/// How a sound reaches the ears.
struct ListeningLevel {
    double full_scale_spl_db = 0.0;  ///< of a sine that reaches 0 dBFS, at each ear
    SoundField field = SoundField::free;
};

}  // namespace tutti
