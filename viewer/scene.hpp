#pragma once

#include <string>

#include "viewer/blame.hpp"
#include "viewer/gpu/field.hpp"
#include "viewer/heatmap_cells.hpp"
#include "viewer/rows.hpp"

namespace tutti::viewer {

/// What panels draw of a state: worked out when the part of the state it depends on has changed, not in every
/// frame.
class Scene {
  public:
    /// Between frames.
    void update(const State& state, const FieldPipeline& pipeline);

    RowList rows;
    std::vector<double> clashes;  ///< [target row][masker row]
    Field matrix;
    float matrix_low = 0.0F;
    float matrix_high = 0.0F;
    Field lanes;
    Field heatmap;
    float heatmap_low = 0.0F;
    float heatmap_high = 0.0F;
    std::vector<HiddenArea> areas;  ///< of the target
    std::optional<RegionNumbers> numbers;
    std::optional<Spectrum> spectrum;
    int spectrum_hop = 0;
    double spectrum_s = 0.0;  ///< where it is taken: what is being played, else the cursor
    std::vector<int> listed;  ///< events of the list

  private:
    /// The state that something was made from, as text that differs when it does.
    std::string rows_key_;
    std::string matrix_key_;
    std::string lanes_key_;
    std::string heatmap_key_;
    std::string numbers_key_;
    std::string spectrum_key_;
    std::string list_key_;
};

}  // namespace tutti::viewer
