#pragma once

#include <cstdint>

#include "host/plan.hpp"

namespace tutti {

/// Chunks that decoding, processing and encoding work on at the same time.
inline constexpr int chunks_in_flight = 3;

/// Larger chunks gain nothing: the convolver's partitions end here.
inline constexpr int largest_chunk_frames = 65536;

/// Bytes that a render of the plan takes in chunks of that size: the device's and the buffers around it.
std::uint64_t render_memory_bytes(const MixPlan& plan, int chunk_frames);

/// The largest chunk whose memory fits the budget, and no larger than `total_frames` need. Throws InputError
/// when even the smallest does not fit, saying what is needed.
int choose_chunk_frames(const MixPlan& plan, std::uint64_t budget_bytes, std::int64_t total_frames);

/// Half of this machine's memory.
std::uint64_t default_memory_budget();

}  // namespace tutti
