#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "host/plan.hpp"
#include "host/plan_split.hpp"

namespace tutti {

/// The program with its libraries: the peak of a render of one track, rounded up.
inline constexpr std::uint64_t program_bytes = std::uint64_t{32} << 20;

/// Chunks that decoding, processing and encoding work on at the same time.
inline constexpr int chunks_in_flight = 3;

/// Chunks of outputs that a device of several keeps at most: see SplitPass.
inline constexpr int most_kept_outputs = 4;

/// Says which of the plan's sources are PCM at the session's rate. `formats`: [track], nothing where not.
void mark_pcm(MixPlan& plan, std::span<const std::optional<PcmFormat>> formats);

/// What a render of the plan takes in chunks of that size; `bytes` also counts the buffers around the device.
RenderForecast forecast_render(Backend& backend, const MixPlan& plan, int chunk_frames);

/// The same of a mix that several devices make: what all of them take together, and the convolvers of the
/// slowest.
RenderForecast forecast_render(std::span<Backend* const> devices, const SplitMix& mix, int chunk_frames);

using ForecastChunks = std::function<RenderForecast(int chunk_frames)>;

/// The chunk that the backend's convolvers are cheapest with, among powers of two that fit the budget and
/// leave enough chunks in `total_frames` to overlap decoding, processing and encoding; of about equally cheap
/// ones (5 %) 65,536 frames or the next smaller. Throws InputError when none fits, saying what is needed.
int choose_chunk_frames(Backend& backend, const MixPlan& plan, std::uint64_t budget_bytes,
                        std::int64_t total_frames);
int choose_chunk_frames(const ForecastChunks& forecast, std::uint64_t budget_bytes,
                        std::int64_t total_frames);

/// Half of this machine's memory.
std::uint64_t default_memory_budget();

}  // namespace tutti
