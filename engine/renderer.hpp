#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "engine/plan.hpp"

namespace tutti {

/// Runs a plan on a backend, chunk after chunk. The caller owns the loop and the files, the renderer owns the
/// state.
class Renderer {
  public:
    /// Takes all memory it will need. The backend must outlive it. Throws DeviceError when the device cannot
    /// hold the plan.
    Renderer(Backend& backend, RenderPlan plan);
    ~Renderer();

    const RenderPlan& plan() const;

    /// One chunk: `sources` [source_row][frame_count] in, `outputs` [output_row][frame_count] out. Never
    /// allocates.
    void process(std::span<const float> sources, std::span<float> outputs);

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
