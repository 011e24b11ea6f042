#pragma once

#include <span>

namespace tutti {

/// Whether all samples are zero, of either sign. Stops soon where they are not.
bool all_zero(std::span<const float> samples);

}  // namespace tutti
