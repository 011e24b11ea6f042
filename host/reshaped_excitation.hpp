#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "host/cached_excitation.hpp"

namespace tutti {

/// Everybody's excitation in a changed mix, with filters whose shapes follow it: what is cut spreads less far
/// upwards, and less of everything else with it.
///
/// Of each hop first a spectrum is sought, one component per display band, that stirs the excitation kept of
/// it: begun with the excitation itself, every component is multiplied by what was sought over what was
/// found, several times (Chahine, J. Opt. Soc. Am. 58 (1968) 1634-1637). Changes act on the spectrum, and the
/// backend's excitation operation makes excitation of it again. What that gains or loses is put on the kept
/// excitation, so that a change of nothing changes nothing.
class ReshapedExcitation {
  public:
    /// At most `most_hops` at a time. Backend and excitation must outlive it.
    ReshapedExcitation(Backend& backend, const CachedExcitation& excitation, int most_hops);

    /// Goes to these hops.
    void take(std::span<const int> hops);

    /// The excitation kept of them: [hop][ear][object][display band].
    std::span<const float> kept() const { return filled(kept_); }

    /// The same with the changes, until the next call.
    std::span<const float> changed(const LevelChanges& changes);

  private:
    std::span<const float> filled(const std::vector<float>& values) const {
        return std::span<const float>(values).first(hop_count_ * hop_size_);
    }
    void excite(const std::vector<float>& powers, std::vector<float>& excitation);
    std::size_t row(int hop, int ear, int object) const {
        return hop * hop_size_ + (static_cast<std::size_t>(ear) * object_count_ + object) * band_count_;
    }
    void change(const LevelChange& change, float playback);

    const CachedExcitation& excitation_;
    int object_count_;
    std::size_t band_count_;
    std::size_t hop_size_;  ///< [ear][object][display band]
    int hop_count_ = 0;
    std::unique_ptr<Excitation> operation_;
    std::unique_ptr<Excitations> tile_;
    std::vector<float> kept_;
    std::vector<float> powers_;   ///< the spectra
    std::vector<float> found_;    ///< what these stir
    std::vector<float> changed_;  ///< spectra with changes, then what comes of them
    std::vector<float> result_;
};

}  // namespace tutti
