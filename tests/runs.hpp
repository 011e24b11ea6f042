#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "tests/signals.hpp"

namespace tutti::tests {

/// Shape of rows with a history of one hop.
RowsShape shape_of(int row_count, int frame_count, int history_count = control_hop);

/// Feeds `inputs` to rows 0, 1, ... of `rows`, chunk after chunk, zeros after their end, and lets `process`
/// work on every chunk; returns `wanted` rows, as long as the inputs.
Signals run_chunks(Rows& rows, const Signals& inputs, const std::vector<int>& wanted,
                   const std::function<void(int chunk)>& process);

/// A convolver's output rows, in ascending order.
Signals run_convolver(Backend& backend, const RowsShape& shape, const ConvolverPlan& plan,
                      const Signals& inputs);

/// A mixer's output rows, in ascending order. `curves`: [curve][hop of the whole run + 1].
Signals run_mixer(Backend& backend, const RowsShape& shape, const MixerPlan& plan, const Signals& inputs,
                  const Signals& curves = {});

/// A meter's levels: [tap][hop of the whole run].
Signals run_level_meter(Backend& backend, const RowsShape& shape, const std::vector<LevelTap>& taps,
                        const Signals& inputs);

}  // namespace tutti::tests
