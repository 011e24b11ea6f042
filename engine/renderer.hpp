#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "engine/plan.hpp"

namespace tutti {

/// Runs a plan on a backend, chunk after chunk. The caller owns the loop and the files, the renderer owns the
/// state. Where two chunks are under way, the device works on one while the host shapes the gains of the
/// other, and outputs come one chunk late; the samples are the same.
class Renderer {
  public:
    /// Takes all memory it will need. The backend must outlive it. `chunks_in_flight`: 1, 2, or 0 for as many
    /// as the backend likes. Throws DeviceError when the device cannot hold the plan.
    Renderer(Backend& backend, RenderPlan plan, int chunks_in_flight = 0);
    ~Renderer();

    const RenderPlan& plan() const;

    /// By how many chunks outputs come late: 0 or 1.
    int late_chunks() const;

    /// One chunk: `sources` [source_row][frame_count] in, `outputs` [output_row][frame_count] out: those of
    /// late_chunks() before, left as they are as long as there are none. Never allocates.
    void process(std::span<const float> sources, std::span<float> outputs);

    /// The outputs of the last chunk, where they come late.
    void finish(std::span<float> outputs);

    /// What every gain curve did so far: [curve], in the plan's order.
    std::vector<GainReport> gain_reports() const;

    /// Seconds spent so far per step, in the plan's order, then writing rows, then reading them. Host time:
    /// on a device that works asynchronously the wait is counted where the result is needed.
    std::vector<double> step_seconds() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tutti
