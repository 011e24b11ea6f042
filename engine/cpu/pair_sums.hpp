#pragma once

#include <cstdint>
#include <vector>

#include "engine/cpu/aligned.hpp"
#include "engine/cpu/excitations.hpp"
#include "engine/cpu/masking_kernels.hpp"
#include "engine/masking.hpp"

namespace tutti::cpu {

/// Sums over all pairs of target and masker, per band group: weights of targets times excitations of maskers,
/// added over slices, ears and bands. Both are first laid out so that the products read them from front to
/// back; targets without active cells in a hop are left out.
class PairSums {
  public:
    explicit PairSums(const MaskingPlan& plan);

    static constexpr int targets_per_block = 64;

    /// What one thread works with.
    struct Workspace {
        std::vector<int> places;  ///< [band]: in excitations_
        AlignedFloats sums;       ///< [target of a block][clash, benefit][masker]
        std::vector<const float*> a;
        std::vector<float*> c;
    };
    Workspace make_workspace() const;

    /// The excitations of all maskers in a slice and ear.
    void take_maskers(const CpuExcitations& tile, int slice, int ear, Workspace& work);

    /// An object's weights in a slice: [clash, benefit][ear][band], with 16 floats to spare behind.
    void take_weights(int slice, int object, const float* weights);
    /// When a thread has taken all weights that it will, before others read them.
    void finish_weights() const { kernels_.cells.finish_spreading(); }

    /// Where an object is active in a hop: [sixteen bands], to be filled with zeros and ones.
    char* active(int hop, int object) { return active_.data() + active_place(hop, object); }

    /// A block of targets in a band group: result.clash and result.benefit, over the first `slice_count`
    /// slices. Returns the bytes that it read.
    std::uint64_t add_up(int group, int block, int slice_count, MaskingTile& result, Workspace& work) const;

    std::size_t weight_bytes_per_slice() const;

  private:
    std::size_t active_place(int hop, int object) const {
        return (static_cast<std::size_t>(hop) * plan_.objects.size() + object) * (stride_ / 16);
    }
    /// Floats of a target's weights of one kind in a hop and a band group.
    std::size_t row_floats() const { return 2 * plan_.hop_slices * group_stride_; }
    /// Those in the first band group; the others are groups_[group].place further on.
    std::size_t weight_place(int hop, int object, int kind) const {
        const std::size_t rows = 2 * plan_.objects.size();
        return (hop * groups_.size() * rows + 2 * object + kind) * row_floats();
    }
    void set_groups();
    int list_active(int group, int hop, int first, int end, Workspace& work) const;
    void multiply(int group, int slice, int slice_count, int row_count, Workspace& work) const;
    void put(int group, int object, const float* sums, MaskingTile& result) const;

    const MaskingPlan& plan_;
    const MaskingKernels& kernels_;
    std::size_t stride_;             ///< bands, padded
    std::size_t masker_stride_;      ///< excitations, padded
    std::vector<BandGroup> groups_;  ///< with places in weights_
    std::size_t group_stride_ = 0;   ///< bands of the largest, padded
    std::vector<char> active_;       ///< [hop][object][sixteen bands]
    AlignedFloats weights_;          ///< [hop][group][object][clash, benefit][slice][ear][band of the group]
    AlignedFloats excitations_;      ///< [panel of maskers][group][slice][ear][band of the group][masker]
};

/// Where each value of an ascending list begins, for values 0 ... count: the last is the list's end.
std::vector<int> begins_of(const std::vector<int>& values, int count);

}  // namespace tutti::cpu
