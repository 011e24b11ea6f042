#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "host/masking_results.hpp"

namespace tutti {

/// In which steps results are kept.
struct MaskingSteps {
    int hop_slices = 0;
    int tile_slices = 0;     ///< a multiple of hop_slices
    int section_slices = 0;  ///< a multiple of tile_slices
    int hop_count = 0;
    int section_count = 0;
};

/// Display hops and sections as asked for, in seconds, or as fine as 256 MiB allow: hops of 0.1 s to 2 s,
/// sections of 10 s to 10 min.
MaskingSteps choose_masking_steps(std::int64_t slice_count, int object_count, int group_count,
                                  const MaskingGrid& grid, std::optional<double> hop_s,
                                  std::optional<double> section_s);

/// What results of these steps take in memory, with the sums in the making.
std::uint64_t masking_results_bytes(const MaskingSteps& steps, int object_count, int group_count,
                                    const MaskingGrid& grid);

/// Collects the tiles of one view. Sums over a section are taken in double.
class MaskingCollector : public MaskingSink {
  public:
    /// `excitations`: [object] of the view. With `keeps_excitation` also what the results keep of it.
    MaskingCollector(const MaskingPlan& plan, const MaskingSteps& steps, bool keeps_excitation);

    void take(const MaskingTile& tile) override;

    /// Ends the last section. `view.objects` stays as it is.
    void finish(MaskingView& view);

    /// [ear][object][hop][display band], see MaskingResults.
    std::vector<std::uint8_t>&& excitation() { return std::move(excitation_); }

  private:
    void take_hops(const MaskingTile& tile);
    void take_excitation(const MaskingTile& tile);
    void take_sums(const MaskingTile& tile);
    void end_section();

    MaskingSteps steps_;
    int objects_;
    int maskers_;
    int bands_;
    int groups_;
    std::vector<int> object_of_;  ///< [masker excitation]
    int hop_ = 0;                 ///< next one
    int section_ = 0;
    int tiles_in_section_ = 0;
    MaskingView view_;
    std::vector<std::uint8_t> excitation_;
    std::vector<double> clash_;  ///< of the section, [band group][target][masker]
    std::vector<double> benefit_;
    std::vector<double> self_cost_;
    std::vector<double> partial_;
    std::vector<double> audibility_;
};

}  // namespace tutti
