#pragma once

#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "host/kernel.hpp"
#include "host/pan.hpp"
#include "host/plan_steps.hpp"
#include "host/routing.hpp"
#include "host/strip_chain.hpp"

namespace tutti {

/// What one object adds to a strip's signal: rows, and what lies between them and the signal.
struct Contribution {
    int object = 0;  ///< the strip that it belongs to
    std::array<int, 2> rows{-1, -1};
    int row_count = 0;
    ChannelGains gains{};  ///< [channel of the strip][row]
    /// [channel][component]: what the kernels of buses on the way do to the power; empty: nothing.
    std::array<std::vector<double>, 2> power;
    int delay = 0;  ///< frames that the rows are ahead of the signal
};

/// A gain curve that a dynamics insert applied to a strip's signal.
struct AppliedGain {
    int first_curve = -1;  ///< of the plan; -1: none was applied
    bool split = false;    ///< channel 1 has the next curve, else all have the same
    int delay = 0;         ///< frames that the signal waited for it
};

/// Follows every track, and every return, from strip to strip until the master's input. A track passes a bus
/// that it is routed to: the bus's faders, pans, delays and gain curves act on rows of its own, and the
/// bus's kernels on its power alone. A return is a bus that is fed by sends alone, or whose chain leaves
/// nothing dry: its signal is its own from there on, unless all of it comes from one object.
class Contributions {
  public:
    /// `chains`: [strip]. `component_hz`: where power is counted. `owners`: [track], the track whose object
    /// it is part of.
    Contributions(const Routing& routing, StepList& steps, std::span<const std::span<const Stage>> chains,
                  std::vector<double> component_hz, std::vector<int> owners);

    /// Instead of counting power: from the first strip on, kernels of buses act on the rows of these objects,
    /// by strip, as they do on the signal, so that what reaches the master is sound. Others are only named.
    void follow_as_sound(std::set<int> objects) { sounding_ = std::move(objects); }

    /// A bus, or the master, begins: what its feeders hold comes into it. `signals`: [strip].
    void enter(int bus, std::span<const Signal> signals);

    /// A stage of the bus's chain.
    void pass(int bus, const FusedKernel& kernel);
    void pass(MixStep& step, int bus, const AppliedGain& gain);

    /// A strip's chain is finished. A track's and a return's signal becomes a contribution.
    void leave(int strip, const Signal& signal);

    bool is_return(int strip) const { return is_return_[strip]; }
    const std::vector<Contribution>& in(int strip) const { return of_strip_[strip]; }

    /// Objects whose sound is in that of a return, and the returns among them, by strip.
    const std::set<int>& sources(int strip) const { return sources_[strip]; }

    /// What is approximated, one line each.
    const std::vector<std::string>& notes() const { return notes_; }

  private:
    void find_returns(std::span<const std::span<const Stage>> chains);
    void add_sources(int bus, const Contribution& part);
    bool is_followed(const Contribution& part) const;
    void carry_delay(ConvolveStep& step, Contribution& part, int frames);
    void delay_long(ConvolveStep& step, Contribution& part, int frames);
    void convolve(ConvolveStep& step, Contribution& part, const FusedKernel& kernel);
    void filter(Contribution& part, const FusedKernel& kernel) const;
    void note(int bus, const FusedKernel& kernel);

    const Routing& routing_;
    StepList& steps_;
    std::vector<double> component_hz_;
    std::vector<int> owners_;                          ///< [strip]
    std::optional<std::set<int>> sounding_;            ///< objects, by strip; none: power is counted
    std::vector<bool> is_return_;                      ///< [strip]
    std::vector<std::vector<Contribution>> of_strip_;  ///< [strip]
    std::vector<std::set<int>> sources_;               ///< [strip]
    std::vector<std::string> notes_;
};

}  // namespace tutti
