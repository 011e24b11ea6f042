#pragma once

#include <cstdint>
#include <vector>

#include "engine/backend.hpp"
#include "engine/masking_model.hpp"
#include "tests/signals.hpp"

namespace tutti::tests {

/// Power at the cochlea of a mean square of 1, per component: a sine that reaches full scale has
/// `full_scale_spl_db`.
std::vector<double> cochlea_gains(const MaskingGrid& grid, double full_scale_spl_db,
                                  SoundField field = SoundField::free);

/// An analysis of rows 0 ... 2 n - 1 as n stereo objects, at full_scale_spl_db of 100.
ExcitationPlan stereo_plan(int object_count, int sample_rate_hz, GridKind kind);

/// Rows with the history that a plan's windows need.
RowsShape listening_shape(const ExcitationPlan& plan, int row_count, int chunk_frames);

/// Excitations of slices centred at `centres`, frames of the inputs (ascending, windows inside them), as the
/// chunks come: [slice][ear][object][band].
std::vector<float> run_excitation(Backend& backend, const RowsShape& shape, const ExcitationPlan& plan,
                                  const Signals& inputs, const std::vector<std::int64_t>& centres);

/// Excitations of `slice_count` slices from powers at the cochlea, in one go.
std::vector<float> run_powers(Backend& backend, const ExcitationPlan& plan, const std::vector<float>& powers);

/// Tiles from excitations [slice][ear][excitation][band]; the last may be shorter.
std::vector<MaskingTile> run_masking(Backend& backend, const MaskingPlan& plan,
                                     const std::vector<float>& excitations);

/// Every excitation an object of its own, without relatives.
MaskingPlan tracks_plan(const MaskingGrid& grid, int track_count, int tile_slices, int hop_slices);

}  // namespace tutti::tests
