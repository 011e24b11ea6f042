#pragma once

#include <span>
#include <vector>

#include "engine/aligned.hpp"
#include "engine/cpu/cell_tables.hpp"
#include "engine/cpu/excitations.hpp"
#include "engine/cpu/masking_kernels.hpp"
#include "engine/cpu/pair_sums.hpp"
#include "engine/cpu/stage_clock.hpp"
#include "engine/cpu/sum_tree.hpp"
#include "engine/masking.hpp"

namespace tutti::cpu {

/// Masking on the CPU, in three passes over a tile, each in parallel: what is there (greatest excitations,
/// means, and excitations turned round for the products); what is heard of every object in every cell, with
/// its weights per masker; and the sums over all pairs of target and masker, as matrix products of those
/// weights with the maskers' excitations.
class CpuMasking final : public Masking {
  public:
    CpuMasking(const MaskingPlan& plan, StageClock& clock);

    void process(const Excitations& tile, int slice_count, MaskingTile& result) override;

  private:
    /// What one thread works with.
    struct Workspace {
        PairSums::Workspace pairs;
        AlignedFloats nodes;    ///< [ear][node][band]
        AlignedFloats target;   ///< [ear][band]
        AlignedFloats masker;   ///< [ear][band]
        AlignedFloats weights;  ///< [clash, benefit][ear][band], and 16 floats to spare
        AlignedFloats sums;     ///< [object of a block][HopSums::Row][band]
        std::vector<const float*> rows;
    };
    /// A hop's share of an object's sums in a band group.
    struct GroupSums {
        float partial = 0.0F;
        float self_cost = 0.0F;
        float audibility[audibility_count] = {};
    };
    struct Slices {
        int first, end;
    };

    void add_workspaces();
    int object_count() const { return static_cast<int>(plan_.objects.size()); }
    Slices slices_of(int hop) const;

    void survey(const CpuExcitations& tile, int hop, int ear, MaskingTile& result);
    void hear(const CpuExcitations& tile, int hop, int block, MaskingTile& result);
    void hear_object(const CpuExcitations& tile, int slice, int object, float* sums, Workspace& work);
    void show(const float* sums, int hop, int object, MaskingTile& result);
    void put_sums(int object, MaskingTile& result) const;

    const float* excitation_of(const CpuExcitations& tile, int slice, int ear, int object, float* scratch,
                               Workspace& work) const;

    StageClock& clock_;
    MaskingPlan plan_;
    const MaskingKernels& kernels_;
    CellTables tables_;
    std::size_t stride_;  ///< bands, padded
    SumTree tree_;
    std::vector<std::vector<int>> masker_terms_;  ///< [object]: rows and nodes that add up to its maskers
    std::vector<int> display_begin_;              ///< [display band], and the end
    std::vector<int> group_begin_;                ///< [band group], and the end
    PairSums pairs_;

    int slice_count_ = 0;
    std::vector<float> greatest_;         ///< [object]: excitation so far
    std::vector<float> greatest_in_hop_;  ///< [hop][ear][object]
    std::vector<GroupSums> group_sums_;   ///< [hop][object][group]
    std::vector<Workspace> workspaces_;   ///< [thread]
};

}  // namespace tutti::cpu
