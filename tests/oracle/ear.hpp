#pragma once

#include "engine/masking_model.hpp"

namespace tutti::oracle {

/// Outer and middle ear together, in dB, at a frequency between 20 Hz and 20 kHz, as others read the same
/// tables: on a natural cubic spline through their points, where the model draws straight lines (ISO
/// 532-2:2017, 7.2.6). Between two points the two differ by some tenths of a decibel; at a point not at all.
double splined_ear_transfer_db(SoundField field, double hz);

}  // namespace tutti::oracle
