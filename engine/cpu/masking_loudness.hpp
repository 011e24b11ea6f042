#pragma once

#include <vector>

#include "engine/aligned.hpp"
#include "engine/cpu/cell_tables.hpp"
#include "engine/cpu/excitations.hpp"
#include "engine/cpu/masking_kernels.hpp"
#include "engine/cpu/stage_clock.hpp"
#include "engine/cpu/sum_tree.hpp"
#include "engine/masking.hpp"

namespace tutti::cpu {

/// MaskingWork::loudness on the CPU: one pass over the cells, in parallel over hops, and no sums over pairs.
class CpuLoudness final : public Masking {
  public:
    CpuLoudness(const MaskingPlan& plan, StageClock& clock);

    void process(const Excitations& tile, int slice_count, MaskingTile& result) override;

  private:
    /// What one thread works with.
    struct Workspace {
        AlignedFloats nodes;    ///< [ear][node][band]
        AlignedFloats target;   ///< [ear][band]
        AlignedFloats masker;   ///< [ear][band]
        AlignedFloats partial;  ///< [object][band], of a hop
        std::vector<const float*> rows;
    };

    int object_count() const { return static_cast<int>(plan_.objects.size()); }
    void hear(const CpuExcitations& tile, int hop, int slice_count, MaskingTile& result);
    void hear_object(const CpuExcitations& tile, int slice, int object, Workspace& work) const;
    void show(const float* partial, int hop, int object, int slice_count, MaskingTile& result);

    StageClock& clock_;
    MaskingPlan plan_;
    const MaskingKernels& kernels_;
    CellTables tables_;
    SumTree tree_;
    std::vector<std::vector<int>> masker_terms_;  ///< [object]: rows and nodes that add up to its maskers
    std::vector<int> display_begin_;              ///< [display band], and the end
    std::vector<int> group_begin_;                ///< [band group], and the end
    std::vector<float> group_sums_;               ///< [hop][object][group]
    std::vector<Workspace> workspaces_;           ///< [thread]
};

}  // namespace tutti::cpu
