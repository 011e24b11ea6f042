#pragma once

#include <span>
#include <vector>

#include "engine/cpu/aligned.hpp"
#include "engine/cpu/masking_kernels.hpp"
#include "engine/cpu/stage_clock.hpp"
#include "engine/masking_grid.hpp"

namespace tutti::cpu {

/// Auditory filters: powers of components at the cochlea to excitations of bands, for all objects heard
/// together in one ear at one instant.
class FilterBank {
  public:
    explicit FilterBank(const MaskingGrid& grid);

    /// What one thread works with.
    struct Workspace {
        AlignedFloats powers;     ///< [object][component], padded: where the caller puts them
        AlignedFloats total;      ///< [component]
        AlignedFloats steepness;  ///< [component]
        AlignedFloats weights;    ///< [panel][component][band]
        std::vector<int> sounding;
        std::vector<const float*> a;
        std::vector<float*> c;
    };
    Workspace make_workspace(int object_count) const;

    std::size_t component_stride() const { return component_stride_; }

    /// Excitations of work.powers; object i's bands, padded, are excitations + i * band_stride.
    void process(int object_count, float* excitations, Workspace& work, StageTimer& timer) const;

  private:
    void add_up(int object_count, Workspace& work) const;
    void shape_filters(Workspace& work) const;

    const MaskingKernels& kernels_;
    std::size_t component_stride_;
    std::size_t band_stride_;
    AlignedFloats slopes_;
    AlignedFloats per_hz_;
    AlignedFloats component_hz_;
    AlignedFloats shares_;          ///< [j][c]: how much of component j counts in the level per ERB around c
    AlignedFloats upper_;           ///< [component][band]
    std::vector<int> first_lower_;  ///< [component]
    std::vector<int> panel_depth_;  ///< [panel]: components that reach it
};

}  // namespace tutti::cpu
