#pragma once

#include <vector>

#include "host/masking_results.hpp"

namespace tutti {

/// Who hides what in single display hops of a view, from the cached excitation: a hop is as loud as its mean,
/// and filters keep the shapes they have in the mix as it was.
///
/// What carries an object is what lies at most 10 dB below the greatest excitation it had in any band and ear
/// in the last two seconds, and is active (see MaskingTile). Overtones, skirts and tails of notes lie lower:
/// that others hide those is heard as a colour, if at all, not as somebody missing. Nothing carries a return.
class HopMasking {
  public:
    /// Both must outlive this.
    HopMasking(const MaskingResults& results, const MaskingView& view);

    /// One hop's excitation.
    struct Hop {
        int index = 0;
        std::vector<float> own;     ///< [ear][object][display band]
        std::vector<double> all;    ///< [ear][display band]: sum of all objects
        std::vector<char> carries;  ///< [object][display band]
    };
    void read(int hop, Hop& to) const;

    double own(const Hop& hop, int ear, int object, int band) const {
        return hop.own[(static_cast<std::size_t>(ear) * object_count_ + object) * band_count_ + band];
    }
    bool carries(const Hop& hop, int object, int band) const {
        return hop.carries[static_cast<std::size_t>(object) * band_count_ + band] != 0;
    }

    /// Excitation of everybody who masks the object.
    double maskers(const Hop& hop, int ear, int object, int band) const;

    /// Partial loudness, sone per Cam, of what carries any of the others, taken as one sound, beside the
    /// rest.
    struct Together {
        double with = 0.0;     ///< the masker as it is
        double without = 0.0;  ///< as if the masker were not there
    };
    Together together(const Hop& hop, int ear, int band, int masker) const;

    /// dB; not a number where inactive.
    float margin_db(int object, int hop, int band) const;

    /// [object]: others that neither mask it nor are masked by it.
    const std::vector<std::vector<int>>& relatives() const { return relatives_; }

    int object_count() const { return object_count_; }
    int band_count() const { return band_count_; }
    double cell_size() const { return cell_size_; }  ///< of a hop and a display band, seconds times Cam

  private:
    void read_excitation(int hop, Hop& to) const;

    const MaskingResults& results_;
    const MaskingView& view_;
    int object_count_ = 0;
    int band_count_ = 0;
    double cell_size_ = 0.0;
    std::vector<std::vector<int>> members_;  ///< [object]: tracks
    std::vector<std::vector<int>> relatives_;
    std::vector<float> recent_peak_;  ///< [object][hop]: greatest excitation of the last two seconds
};

}  // namespace tutti
