#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/known_chains.hpp"
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
    /// Chains that are `known` come without taps.
    StripChains(const Session& session, const Routing& routing, std::span<const int> channels,
                const std::vector<bool>& wanted, const Warn& warn, KnownChains* known = nullptr);

    /// Designs the chains of these strips that have no taps yet. False where one of them is not what it was
    /// known as: then nothing that was made of this is right.
    bool design(std::span<const int> strips);

    int designed_count() const;  ///< chains that have kernels, and their taps

    /// Memory that designing takes at most, as far as it grows with the kernels: what all of them take, and
    /// on every core what the longest takes meanwhile. Of chains that are known, nothing.
    std::uint64_t design_bytes() const;

    std::span<const std::span<const Stage>> all() const { return chains_; }
    std::span<const Stage> operator[](int strip) const { return chains_[strip]; }
    const std::vector<MixPlan::DroppedEnd>& dropped_ends() const { return dropped_ends_; }

  private:
    std::vector<Stage> design(int chain, const Warn& warn) const;

    const Session& session_;
    const Routing& routing_;
    std::vector<int> channels_;                   ///< [strip]
    Warn warn_;                                   ///< one at a time
    std::vector<int> firsts_;                     ///< [designed]: the first strip with these inserts
    std::vector<int> numbers_;                    ///< [strip]: of the designed
    std::vector<std::vector<Stage>> designed_;    ///< every chain once, [stage]
    std::vector<bool> has_taps_;                  ///< [designed]
    std::vector<std::span<const Stage>> chains_;  ///< [strip][stage]
    std::vector<MixPlan::DroppedEnd> dropped_ends_;
};

}  // namespace tutti
