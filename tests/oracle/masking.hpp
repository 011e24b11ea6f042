#pragma once

#include <memory>

#include "engine/masking.hpp"

namespace tutti::oracle {

/// Everything MaskingTile holds, by its definition: every pair of target and masker, in every band, ear and
/// slice.
std::unique_ptr<Masking> make_masking(const MaskingPlan& plan);

}  // namespace tutti::oracle
