#pragma once

#include <memory>

#include "engine/backend.hpp"
#include "engine/plan.hpp"

namespace tutti {

/// Frames of the past that rows must keep for an analysis: two longest windows, in whole control hops. A
/// slice waits until its windows are complete, so it may reach back this far from a chunk's first frame.
int masking_history(const MaskingGrid& grid, int sample_rate_hz);

/// Frames behind the middle of a slice that its windows need.
int masking_lookahead(const MaskingGrid& grid, int sample_rate_hz);

/// Runs a MaskingStep beside a render: slices as soon as their windows are complete, tile by tile to the
/// sinks. Tiles lie on the grid of slices, so what they hold does not depend on the chunks.
class MaskingAnalysis {
  public:
    /// Takes all memory it will need. The backend must outlive it.
    MaskingAnalysis(Backend& backend, const RowsShape& shape, MaskingStep step);
    ~MaskingAnalysis();

    /// One chunk, before the rows advance. Never allocates; the sinks may.
    void process(const Rows& rows);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Bytes it takes besides the rows: an upper bound, for --memory.
std::uint64_t masking_bytes(const MaskingStep& step);

}  // namespace tutti
