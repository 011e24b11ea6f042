#pragma once

#include <span>
#include <vector>

#include "host/plan.hpp"
#include "host/routing.hpp"
#include "host/strip_chain.hpp"

namespace tutti {

/// The chains of a session's strips as stages.
class StripChains {
  public:
    /// Kernel design and impulse responses are the costly part: strip by strip on all threads, and once for
    /// all strips with the same inserts. `channels`: [strip], at the chain's input. Only strips that are
    /// `wanted` ([strip]) have a chain. Throws InputError for impulse responses that cannot be used.
    StripChains(const Session& session, const Routing& routing, std::span<const int> channels,
                const std::vector<bool>& wanted, const Warn& warn);

    std::span<const std::span<const Stage>> all() const { return chains_; }
    std::span<const Stage> operator[](int strip) const { return chains_[strip]; }
    const std::vector<MixPlan::DroppedEnd>& dropped_ends() const { return dropped_ends_; }

  private:
    std::vector<std::vector<Stage>> designed_;    ///< every chain once, [stage]
    std::vector<std::span<const Stage>> chains_;  ///< [strip][stage]
    std::vector<MixPlan::DroppedEnd> dropped_ends_;
};

}  // namespace tutti
