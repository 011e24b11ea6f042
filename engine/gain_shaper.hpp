#pragma once

#include <memory>
#include <span>
#include <vector>

namespace tutti {

/// What a dynamics processor did, over the whole render so far.
struct GainReport {
    double max_reduction_db = 0.0;   ///< greatest gain reduction, >= 0
    double mean_reduction_db = 0.0;  ///< mean over the active control hops
    double active_share = 0.0;       ///< share of control hops with more than 0.1 dB of reduction
};

/// Turns levels into gain curves, chunk after chunk: the serial part of dynamics (attack, hold, release,
/// look-ahead), for many strips side by side. Keeps the state between chunks and never allocates in
/// process().
class GainShaper {
  public:
    virtual ~GainShaper() = default;

    /// `levels`: [tap][hop_count], `gains`: [curve][hop_count + 1], linear. gains[c][0] is the last value of
    /// the chunk before (the first chunk: the value at rest), gains[c][h + 1] the value at the end of hop h.
    virtual void process(std::span<const float> levels, std::span<float> gains) = 0;

    virtual std::vector<GainReport> reports() const = 0;  ///< [curve]
};

/// The description of a GainShaper: immutable, part of a plan. start() makes one at rest for chunks of
/// `hop_count` hops.
class GainShape {
  public:
    virtual ~GainShape() = default;
    virtual int tap_count() const = 0;
    virtual int curve_count() const = 0;

    struct Taps {
        int first = 0;
        int count = 0;
    };
    virtual Taps taps_of(int curve) const = 0;  ///< what the curve hears

    /// These curves alone, in this order, as they were among the others. Its taps are those that they hear,
    /// one curve's behind the other's.
    virtual std::shared_ptr<const GainShape> part(std::span<const int> curves) const = 0;

    virtual std::unique_ptr<GainShaper> start(int hop_count) const = 0;
};

}  // namespace tutti
