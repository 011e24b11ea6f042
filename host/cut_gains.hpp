#pragma once

#include <cstdint>
#include <vector>

#include "host/masking_results.hpp"

namespace tutti {

/// What a target would win without one of its maskers: the derivative of partial loudness, a benefit per
/// decibel, is next to nothing where a target is wholly hidden, and a cut brings it back nevertheless. From
/// the cached excitation: a hop is as loud as its mean, and filters keep the shapes they have in the mix as
/// it was.
class CutGains {
  public:
    /// Results and view must outlive this; results without excitation yield 0 everywhere.
    CutGains(const MaskingResults& results, const MaskingView& view);

    /// Hops and display bands; end is one past the last.
    struct Cells {
        int first_hop = 0;
        int end_hop = 0;
        int first_band = 0;
        int end_band = 0;
    };

    /// Partial loudness without the masker less that with it, [hop of the cells][band of the cells], sone
    /// seconds, both ears. Only where the target is active with a margin under 15 dB.
    std::vector<float> won(int target, int masker, const Cells& cells) const;

    /// The sum of the same; of many hops every third stands for three.
    double sum(int target, int masker, const Cells& cells) const;

  private:
    template <typename Visit>
    void for_won(int target, int masker, const Cells& cells, int hop_step, Visit visit) const;

    const std::uint8_t* levels(int ear, int track) const;

    const MaskingResults& results_;
    const MaskingView& view_;
    int band_count_ = 0;
    double band_step_cam_ = 0.0;
    std::vector<std::vector<int>> members_;  ///< [object of the view]: tracks
    std::vector<std::vector<int>> silent_;   ///< [object of the view]: tracks that never mask it
    std::vector<double> all_;                ///< [ear][hop][band]: everybody's excitation
};

}  // namespace tutti
