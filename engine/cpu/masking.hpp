#pragma once

#include <span>
#include <vector>

#include "engine/cpu/aligned.hpp"
#include "engine/cpu/excitations.hpp"
#include "engine/cpu/masking_kernels.hpp"
#include "engine/cpu/sum_tree.hpp"
#include "engine/masking.hpp"
#include "engine/masking_model.hpp"

namespace tutti::cpu {

/// Masking on the CPU, in three passes over a tile, each in parallel: what is there (greatest excitations,
/// means, and excitations turned round for the products); what is heard of every object in every cell, with
/// its weights per masker; and the sums over all pairs of target and masker, as matrix products of those
/// weights with the maskers' excitations.
class CpuMasking final : public Masking {
  public:
    explicit CpuMasking(const MaskingPlan& plan);

    void process(const Excitations& tile, int slice_count, MaskingTile& result) override;

  private:
    /// What one thread works with.
    struct Workspace {
        AlignedFloats nodes;      ///< [ear][node][band]
        AlignedFloats target;     ///< [ear][band]
        AlignedFloats masker;     ///< [ear][band]
        AlignedFloats weights;    ///< [clash, benefit][ear][band], and room to read on
        std::vector<int> places;  ///< [band]: in turned_
        AlignedFloats sums;       ///< [object of a block][HopSums::Row][band]
        AlignedFloats pairs;      ///< [clash, benefit][target of a block][masker]
        std::vector<const float*> a;
        std::vector<float*> c;
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

    void set_constants();
    void set_groups();
    void add_workspaces();
    int object_count() const { return static_cast<int>(plan_.objects.size()); }
    Slices slices_of(int hop) const;

    void survey(const CpuExcitations& tile, int hop, int ear, MaskingTile& result);
    void turn(const CpuExcitations& tile, int slice, int ear, Workspace& work);
    void hear(const CpuExcitations& tile, int hop, int block, MaskingTile& result);
    void hear_object(const CpuExcitations& tile, int slice, int object, float* sums, char* is_active,
                     Workspace& work);
    static void hear_loud(const void* context, int band, float target, float masker, float* values);
    void show(const float* sums, int hop, int object, MaskingTile& result);
    void pair_up(int group, int block, MaskingTile& result);
    void put_pairs(int group, int object, const float* pairs, MaskingTile& result) const;
    void put_sums(int object, MaskingTile& result) const;

    const float* excitation_of(const CpuExcitations& tile, int slice, int ear, int object, float* scratch,
                               Workspace& work) const;
    /// The weights of an object's clashes (kind 0) or benefits (1) in a hop: in the first band group, the
    /// others are groups_[group].place further on.
    float* weights(int hop, int object, int kind) {
        const std::size_t rows = 2 * plan_.objects.size();
        return weights_.data() + (hop * groups_.size() * rows + 2 * object + kind) * row_floats();
    }
    /// Of weights, in a hop and a band group.
    std::size_t row_floats() const { return 2 * plan_.hop_slices * group_stride_; }

    /// Excitations of a panel of maskers: [group][slice][ear][band][masker].
    float* turned(int first_masker) {
        return turned_.data() + 2 * static_cast<std::size_t>(plan_.tile_slices) * stride_ * first_masker;
    }

    MaskingPlan plan_;
    const MaskingKernels& kernels_;
    std::size_t stride_;         ///< bands, padded
    std::size_t masker_stride_;  ///< excitations, padded
    std::vector<BandConstants> bands_;
    AlignedFloats constants_;  ///< [of CellConstants][band]
    SumTree tree_;
    std::vector<std::vector<int>> masker_terms_;  ///< [object]: rows and nodes that add up to its maskers
    std::vector<int> display_begin_;              ///< [display band], and the end
    std::vector<BandGroup> groups_;               ///< with places in weights_
    std::size_t group_stride_ = 0;                ///< bands of the largest, padded

    int slice_count_ = 0;
    std::vector<float> greatest_;         ///< [object]: excitation so far
    std::vector<float> greatest_in_hop_;  ///< [hop][ear][object]
    std::vector<char> is_active_;         ///< [hop][object][sixteen bands]
    std::vector<GroupSums> group_sums_;   ///< [hop][object][group]
    AlignedFloats weights_;  ///< [hop][group][object][clash, benefit][slice][ear][band of the group]
    AlignedFloats turned_;   ///< [slice][ear][panel][band][masker]
    std::vector<Workspace> workspaces_;  ///< [thread]
};

}  // namespace tutti::cpu
