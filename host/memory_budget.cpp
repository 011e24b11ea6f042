#include "host/memory_budget.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>
#include <vector>

#include "engine/backend.hpp"
#include "engine/errors.hpp"
#include "host/units.hpp"

namespace tutti {

namespace {

constexpr int smallest_chunk_frames = 1024;
constexpr int usual_chunk_frames = 65536;
constexpr int largest_chunk_frames = 1 << 18;
constexpr std::int64_t enough_chunks = 8;

/// Memory that is taken has to be mapped and cleared by the system before its first use.
constexpr double second_per_byte_taken = 1e-9;

/// What an open file takes per channel, beside chunks: what decoder, resampler or encoder keep. Measured as
/// the peak of renders of 100 and 1100 mono tracks, and rounded up: 10 KiB for PCM, 62 for MP3, 68 for Opus,
/// 107 for FLAC, 172 for Vorbis.
constexpr std::uint64_t pcm_channel_bytes = 16U << 10U;
constexpr std::uint64_t coded_channel_bytes = 192U << 10U;

std::uint64_t open_file_bytes(const MixPlan& plan) {
    std::uint64_t bytes = plan.render.output_rows.size() * coded_channel_bytes;
    for (const MixPlan::Source& source : plan.sources) {
        bytes += source.channels * (source.is_pcm ? pcm_channel_bytes : coded_channel_bytes);
    }
    return bytes;
}

}  // namespace

void mark_pcm(MixPlan& plan, std::span<const std::optional<PcmFormat>> formats) {
    for (MixPlan::Source& source : plan.sources) source.is_pcm = formats[source.track].has_value();
}

RenderForecast forecast_render(Backend& backend, const MixPlan& plan, int chunk_frames) {
    RenderForecast result = forecast(backend, plan.render, chunk_frames);
    const std::uint64_t rows = plan.render.source_row_count + plan.render.output_rows.size();
    const std::uint64_t chunk_bytes = static_cast<std::uint64_t>(chunk_frames) * sizeof(float);
    result.bytes +=
        program_bytes + plan.results_bytes + open_file_bytes(plan) + rows * chunks_in_flight * chunk_bytes;
    // Kernels are designed before all that, on all threads, and what that took is given back.
    const std::uint64_t lasting_bytes = result.bytes - result.work_bytes;
    result.bytes = std::max(result.bytes, program_bytes + plan.design_bytes);
    result.work_bytes = result.bytes - lasting_bytes;
    return result;
}

RenderForecast forecast_render(std::span<Backend* const> devices, const SplitMix& mix, int chunk_frames) {
    RenderForecast all;
    all.bytes = program_bytes;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        const MixPlan& plan = mix.shares[i].plan;
        if (plan.render.output_rows.empty()) continue;
        RenderForecast one = forecast_render(*devices[i], plan, chunk_frames);
        // Outputs wait until the first device has come as far, and are put in order.
        one.bytes += most_kept_outputs * plan.render.output_rows.size() * chunk_frames * sizeof(float);
        all.bytes += one.bytes - program_bytes;
        all.work_bytes += one.work_bytes;
        all.convolver_s = std::max(all.convolver_s, one.convolver_s);
        for (ConvolverForecast& convolver : one.convolvers) all.convolvers.push_back(std::move(convolver));
    }
    return all;
}

int choose_chunk_frames(Backend& backend, const MixPlan& plan, std::uint64_t budget_bytes,
                        std::int64_t total_frames) {
    return choose_chunk_frames([&](int chunk) { return forecast_render(backend, plan, chunk); }, budget_bytes,
                               total_frames);
}

int choose_chunk_frames(const ForecastChunks& forecast, std::uint64_t budget_bytes,
                        std::int64_t total_frames) {
    const auto enough = std::bit_ceil(
        static_cast<std::uint64_t>(std::max<std::int64_t>(total_frames, smallest_chunk_frames)));
    const auto usual = static_cast<int>(std::min<std::uint64_t>(usual_chunk_frames, enough));
    const auto most =
        static_cast<int>(std::clamp<std::int64_t>(total_frames / enough_chunks, usual, largest_chunk_frames));

    struct Candidate {
        int frames;
        double seconds;
    };
    std::vector<Candidate> candidates;
    // Not always the smallest chunk's: a long kernel is cut into more parts for it.
    std::uint64_t least_bytes = std::numeric_limits<std::uint64_t>::max();
    for (int chunk = smallest_chunk_frames; chunk <= most; chunk *= 2) {
        const RenderForecast render = forecast(chunk);
        least_bytes = std::min(least_bytes, render.bytes);
        if (render.bytes > budget_bytes) continue;
        // Not what grows with the threads: a mix must not depend on their number.
        const double taking_s = static_cast<double>(render.bytes - render.work_bytes) * second_per_byte_taken;
        const std::int64_t chunk_count = (total_frames + chunk - 1) / chunk;
        candidates.push_back({chunk, static_cast<double>(chunk_count) * render.convolver_s + taking_s});
    }
    if (candidates.empty()) {
        throw InputError("--memory " + bytes_text(budget_bytes) +
                         " is too little for this session: at least " + bytes_text(least_bytes) +
                         " are needed");
    }
    double cheapest = candidates.front().seconds;
    for (const Candidate& c : candidates) cheapest = std::min(cheapest, c.seconds);
    std::erase_if(candidates, [&](const Candidate& c) { return c.seconds > 1.05 * cheapest; });
    const auto usual_or_less = std::find_if(candidates.rbegin(), candidates.rend(),
                                            [&](const Candidate& c) { return c.frames <= usual; });
    return usual_or_less != candidates.rend() ? usual_or_less->frames : candidates.front().frames;
}

std::uint64_t default_memory_budget() { return make_cpu_backend()->info().memory_bytes / 2; }

}  // namespace tutti
