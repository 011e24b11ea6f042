#pragma once

#include <cstdint>
#include <vector>

#include "engine/vulkan/masking_counts.hpp"
#include "engine/vulkan/recording.hpp"

namespace tutti::vulkan {

/// What shaders make of a tile, on its way to a MaskingTile.
class MaskingResults {
  public:
    struct Result {
        Result(Device& device, std::uint64_t value_count)
            : values(device, value_count * sizeof(float), Memory::device),
              readback(device, value_count * sizeof(float), Memory::readback) {}
        void take(std::span<float> to) const;

        Buffer values;
        Buffer readback;
    };
    Result margin_db;   ///< [hop][object][display band]
    Result loudness;    ///< [hop][object][display band]
    Result excitation;  ///< [hop][ear][excitation][display band]
    Result clash;       ///< [group][target][masker]
    Result benefit;     ///< [group][target][masker]
    Result grouped;     ///< [kind][group][object], not scaled yet

    /// `excused`, [object]: the excitations that do not count as its maskers.
    MaskingResults(Device& device, const MaskingPlan& plan, const MaskingCounts& counts,
                   std::vector<std::vector<std::uint32_t>> excused);

    /// Copies everything to where the host reads it.
    void read(Recording& recording) const;

    /// Fills in the tile, of so many hops; all that was read must be there.
    void take(MaskingTile& tile, std::uint32_t hop_count) const;

  private:
    void take_groups(MaskingTile& tile) const;

    bool makes_everything_;
    MaskingCounts counts_;
    std::vector<std::vector<std::uint32_t>> excused_;
    double loudness_scale_;  ///< sone seconds of a unit of specific loudness in one band and slice
};

}  // namespace tutti::vulkan
