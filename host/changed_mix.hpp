#pragma once

#include <span>
#include <vector>

#include "host/cached_excitation.hpp"
#include "host/mix_change.hpp"

namespace tutti {

/// What changes do to the excitation of everybody. A return hears what its sources do to what they send it:
/// each of them by its share of what the return is fed, which is taken from their mean excitation and, where
/// the session is known, from the sends' gains; a send before the fader does not follow it. Pans are not
/// followed.
class ChangedMix {
  public:
    /// `session` may be null. Both must outlive it.
    ChangedMix(const MaskingResults& results, const Session* session);

    LevelChanges levels(std::span<const MixChange> changes, double playback_db) const;

  private:
    /// Of one source in what a return is fed.
    struct Feed {
        int source = 0;
        double power = 1.0;
        bool follows_fader = true;
    };

    Feed feed(int source, int to) const;
    LevelChange follow(int to, std::span<const MixChange> changes) const;

    const MaskingResults& results_;
    const Session* session_;
    std::vector<double> means_;  ///< [object][display band]
};

}  // namespace tutti
