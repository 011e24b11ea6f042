#pragma once

#include <vector>

#include "host/hop_masking.hpp"
#include "host/masking_results.hpp"

namespace tutti {

/// Where in time and frequency each object of a view hides what carries the others: sums over cells of a
/// moment (a second; more in stretches of over 20 minutes) and a band group.
class ClashMaps {
  public:
    ClashMaps(const MaskingResults& results, const MaskingView& view, const HopMasking& hops);

    /// What one object hides of another in a cell.
    struct Hiding {
        int target = 0;
        int masker = 0;
        int group = 0;
        float clash = 0.0F;  ///< see MaskingTile, of what carries the target, sone seconds
    };

    /// [moment]; maskers with at least a tenth of what masks a target.
    const std::vector<std::vector<Hiding>>& hidings() const { return hidings_; }

    /// Sone seconds that the others together would win without the masker, and what they would have then.
    double won(int masker, int moment, int group) const { return won_[index(masker, moment, group)]; }
    double without(int masker, int moment, int group) const { return without_[index(masker, moment, group)]; }

    /// Loudness in quiet of all that carries the object, sone seconds; the part of it with margins below 6
    /// dB.
    double carried(int object, int moment) const { return carried_[row(object) + moment]; }
    double hidden(int object, int moment) const { return hidden_[row(object) + moment]; }

    int moment_count() const { return moment_count_; }
    int moment_hops() const { return moment_hops_; }
    int group_count() const { return group_count_; }

  private:
    class Moment;

    std::size_t row(int object) const { return static_cast<std::size_t>(object) * moment_count_; }
    std::size_t index(int masker, int moment, int group) const {
        return (row(masker) + moment) * group_count_ + group;
    }

    int moment_count_ = 0;
    int moment_hops_ = 1;
    int group_count_ = 0;
    std::vector<std::vector<Hiding>> hidings_;
    std::vector<float> won_;      ///< [masker][moment][group]
    std::vector<float> without_;  ///< [masker][moment][group]
    std::vector<float> carried_;  ///< [object][moment]
    std::vector<float> hidden_;   ///< [object][moment]
};

}  // namespace tutti
