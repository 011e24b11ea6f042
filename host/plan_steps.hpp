#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/plan.hpp"
#include "host/pan.hpp"

namespace tutti {

/// A strip's samples on their way through a plan: rows, and what is still to be done to them at the next
/// opportunity.
struct Signal {
    std::array<int, 2> rows{-1, -1};
    int channels = 0;
    double gain = 1.0;        ///< to be applied
    int delay = 0;            ///< a wanted delay, to be applied
    int latency = 0;          ///< how late the rows are, to be compensated
    std::int64_t reach = 0;   ///< frames of the past that the rows depend on through kernels
    std::int64_t settle = 0;  ///< and through dynamics

    bool is_plain() const { return gain == 1.0 && delay == 0; }
};

/// The rows and steps of a plan in the making.
class StepList {
  public:
    explicit StepList(RenderPlan& plan) : plan_(plan) {}

    int new_row() { return row_count_++; }
    int row_count() const { return row_count_; }
    int longest_delay() const { return longest_delay_; }
    RenderPlan& plan() { return plan_; }

    /// Ends a step under construction; an empty one is dropped.
    void push(MixStep step);
    void push(ConvolveStep step);

    void add_route(MixStep& step, const MixRoute& route);

    /// Routes from a signal, with what it carries, through `gains` into rows that are `latency` late.
    void add_routes(MixStep& step, const Signal& from, const ChannelGains& gains,
                    std::span<const int> output_rows, int latency);

    /// Those of `rows` that no route of the step from number `first_route` on feeds become silence.
    void silence_unfed(MixStep& step, std::size_t first_route, std::span<const int> rows);

    /// Applies the gain and the delay that a signal carries, in place where it is not delayed.
    void settle(MixStep& step, Signal& signal);

    /// The same into new rows, for a signal whose rows belong to another strip.
    void copy_settled(MixStep& step, Signal& signal);

  private:
    RenderPlan& plan_;
    int row_count_ = 0;
    int longest_delay_ = 0;
};

}  // namespace tutti
