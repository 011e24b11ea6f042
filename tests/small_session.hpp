#pragma once

#include "engine/backend.hpp"
#include "engine/plan.hpp"
#include "tests/signals.hpp"

namespace tutti::tests {

inline constexpr int small_session_source_count = 6;

/// A plan with every kind of step, as a session of six mono tracks, a bus, a stereo reverb and a master would
/// give: kernels in place, dynamics with a side-chain, delays, sends, a true-stereo room, a limiter with
/// look-ahead, gains in place. Outputs are the master's two rows and the bus, in an order that is not theirs.
/// It has the same sound for any chunk_frames.
RenderPlan small_session(int chunk_frames);

/// What small_session()'s shapers report as max_reduction_db: [curve].
inline constexpr float small_session_reports[] = {0.1F, 0.1F, 0.02F, 0.02F, 0.3F, 0.3F};

/// Runs a plan over sources, zeros after their end: [output row][frame], as long as the sources.
/// `chunks_in_flight` as Renderer takes it.
Signals render(Backend& backend, RenderPlan plan, const Signals& sources, int chunks_in_flight = 0);

}  // namespace tutti::tests
