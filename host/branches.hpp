#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "host/known_chains.hpp"
#include "host/plan.hpp"
#include "host/render.hpp"

namespace tutti {

/// A few strips of a mix, with a plan of their own: what they make depends on nothing but that plan and what
/// goes into it, so that it may be kept. A branch is some eight tracks with one output, or one
/// bus, or the master. It makes, for every strip below that its strips feed, the sum of what they feed into
/// it; and what side-chains listen to.
struct Branch {
    MixPlan plan;             ///< source rows: the tracks', then `inputs`
    std::vector<int> strips;  ///< numbers of Routing
    std::string name;

    /// A source row that is another branch's output row.
    struct Input {
        int branch = 0;
        int output = 0;
    };
    std::vector<Input> inputs;

    std::int64_t frame_count = 0;  ///< from the first chunk on: behind them its outputs are silence
    Digest kernels;                ///< of the taps of its strips' kernels

    int track_row_count() const { return plan.render.source_row_count - static_cast<int>(inputs.size()); }
};

/// Lowers a session to branches.
class BranchMaker {
  public:
    /// Designs the kernels that are not known. `opened` must outlive it. Throws InputError as make_plan()
    /// does.
    BranchMaker(const OpenedSession& opened, KnownChains& known, const Warn& warn);
    ~BranchMaker();
    BranchMaker(BranchMaker&&) noexcept;
    BranchMaker& operator=(BranchMaker&&) noexcept;

    /// In an order in which each comes behind its inputs; the last one's output is the mix, and its plan
    /// knows latency, tail and output channels. The sums are those of make_plan() in another order. Kernels
    /// that are only known have zeros for taps: all is as it will be, but they cannot be convolved with.
    std::vector<Branch> make() const;

    /// Designs the kernels of these strips that were only known: make() has their taps then. False where one
    /// turns out to be another than was known.
    bool design(std::span<const int> strips);

    const Strip& strip(int number) const;
    int designed_chain_count() const;  ///< so far, of those that have kernels

  private:
    struct Material;
    std::unique_ptr<Material> material_;
};

}  // namespace tutti
