#pragma once

#include <span>
#include <vector>

#include "engine/aligned.hpp"
#include "engine/cpu/masking_cells.hpp"
#include "engine/masking_model.hpp"

namespace tutti::cpu {

/// The bands' constants as the loops over cells read them.
class CellTables {
  public:
    explicit CellTables(std::span<const double> band_hz);

    std::size_t stride() const { return stride_; }  ///< bands, padded
    CellConstants constants() const;

    /// Cells over 100 dB, by the model itself: loudness in quiet, partial loudness, and its derivatives by
    /// the masker and by the target, the latter times the target. `context`: of these tables.
    static void hear_loud(const void* context, int band, float target, float masker, float* values);
    const void* context() const { return bands_.data(); }

  private:
    std::size_t stride_;
    std::vector<BandConstants> bands_;
    AlignedFloats rows_;  ///< [of CellConstants][band]
};

}  // namespace tutti::cpu
