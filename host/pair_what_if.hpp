#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/backend.hpp"
#include "host/cached_excitation.hpp"
#include "host/masking_pass.hpp"

namespace tutti {

/// Sums over hops of what the masking operation says of everybody.
struct HeardPairs {
    std::vector<float> clash;    ///< [band group][target][masking target], sone seconds
    std::vector<float> partial;  ///< [band group][target], sone seconds
};

/// Clashes between all targets, and everybody's partial loudness, when something is changed: by the backend's
/// masking operation on the cached excitation, in the band groups that a change touches. The hops are heard
/// in phases that are spread evenly over all of the time, so that what the first has heard is already an
/// estimate of it all. Groups as maskers are sums of their members.
class PairWhatIf {
  public:
    /// Backend must outlive it.
    PairWhatIf(Backend& backend, CachedExcitation excitation);
    ~PairWhatIf();

    int phase_count() const { return phase_count_; }

    /// Begins with other changes.
    void change(LevelChanges changes);

    /// Hears one more phase, before and after the changes; false when all have been heard.
    bool hear_phase();

    /// Sums over the phases that have been heard since change(). Band groups that are not touched are as
    /// before.
    const HeardPairs& before() const { return before_sum_; }
    const HeardPairs& after() const { return after_sum_; }
    const std::vector<int>& groups() const { return groups_; }
    double heard_share() const;  ///< of the phases

    /// Hears one phase of the mix as it is, which changes will be held against; false when that is done.
    bool prepare_phase();

  private:
    HeardPairs nothing() const;
    void add_phase(MaskingPass& pass, int phase, const LevelChanges& changes, HeardPairs& sums) const;
    std::vector<float> greatest(const LevelChanges& changes) const;
    void find_greatest();
    const HeardPairs& phase_before(int phase);

    Backend& backend_;
    CachedExcitation excitation_;
    int group_count_ = 0;
    int phase_count_ = 1;
    std::vector<std::uint8_t> greatest_levels_;  ///< [ear][object][display band]
    std::vector<int> member_of_;                 ///< [excitation]: target, -1: none

    std::unique_ptr<MaskingPass> before_pass_;
    std::vector<std::optional<HeardPairs>> phases_before_;  ///< [phase]

    LevelChanges changes_;
    std::vector<int> groups_;
    std::unique_ptr<MaskingPass> pass_;
    int phases_heard_ = 0;
    HeardPairs before_sum_;
    HeardPairs after_sum_;
};

}  // namespace tutti
