#pragma once

#include <vector>

#include "host/masking_results.hpp"

namespace tutti {

/// [column][display band]: an object's audibility margin over time at a resolution for showing it: the mean
/// in dB of the hops of a column in which it is active, not-a-number where it never is. 1 <= column_count <=
/// hop_count.
std::vector<float> margin_columns(const MaskingResults& results, const MaskingView& view, int object,
                                  int column_count);

}  // namespace tutti
