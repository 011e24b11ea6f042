#pragma once

#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "host/cached_excitation.hpp"

namespace tutti {

/// How loud everybody would be if some were changed, as MaskingWhatIf, with filters whose shapes follow the
/// changed mix (see ReshapedExcitation): closer to what a second analysis finds, and many times slower. One
/// walk over the time for all `alternatives`: [alternative][band group][object], partial loudness after minus
/// before, sone seconds.
std::vector<std::vector<double>> reshaped_what_if(Backend& backend, const CachedExcitation& excitation,
                                                  std::span<const LevelChanges> alternatives);

}  // namespace tutti
