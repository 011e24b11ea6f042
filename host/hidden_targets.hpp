#pragma once

#include <vector>

#include "host/clash_maps.hpp"
#include "host/clash_regions.hpp"
#include "host/masking_events.hpp"

namespace tutti {

/// Whom a masker hides in a region, each hiding told once.
class HiddenTargets {
  public:
    /// The maps must outlive this.
    HiddenTargets(const ClashMaps& maps, int object_count);

    /// Those whom the region's masker hides there as clash_events() asks for, greatest clash first, and empty
    /// where all of it is not worth a sentence. What they suffer in the region is not told again.
    std::vector<ClashEvent::Target> take(const ClashRegion& region);

  private:
    void add_up(const ClashRegion& region);

    const ClashMaps& maps_;
    int object_count_;
    std::vector<std::vector<char>> told_;  ///< [moment][hiding]
    std::vector<double> usual_;            ///< [object]: carried in a moment, mean of those in which it plays
    std::vector<float> clash_;             ///< [target][masker], of the region at hand
};

}  // namespace tutti
