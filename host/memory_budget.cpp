#include "host/memory_budget.hpp"

#include <algorithm>
#include <bit>

#include "engine/backend.hpp"
#include "engine/errors.hpp"
#include "host/units.hpp"

namespace tutti {

namespace {

constexpr int smallest_chunk_frames = 1024;

/// What a render takes beside chunks, rows and kernels: the program with its libraries, and per channel of an
/// open file the blocks that it is decoded or encoded in. Measured as the peak of renders of one and of 128
/// tracks, and rounded up.
constexpr std::uint64_t program_bytes = 32U << 20U;
constexpr std::uint64_t open_channel_bytes = 192U << 10U;

}  // namespace

std::uint64_t render_memory_bytes(const MixPlan& plan, int chunk_frames) {
    const std::uint64_t rows = plan.render.source_row_count + plan.render.output_rows.size();
    const std::uint64_t chunk_bytes = static_cast<std::uint64_t>(chunk_frames) * sizeof(float);
    return program_bytes + rows * (open_channel_bytes + chunks_in_flight * chunk_bytes) +
           estimate_memory_bytes(plan.render, chunk_frames);
}

int choose_chunk_frames(const MixPlan& plan, std::uint64_t budget_bytes, std::int64_t total_frames) {
    const auto enough = std::bit_ceil(
        static_cast<std::uint64_t>(std::max<std::int64_t>(total_frames, smallest_chunk_frames)));
    int chunk = static_cast<int>(std::min<std::uint64_t>(largest_chunk_frames, enough));
    for (; chunk >= smallest_chunk_frames; chunk /= 2) {
        if (render_memory_bytes(plan, chunk) <= budget_bytes) return chunk;
    }
    throw InputError("--memory " + bytes_text(budget_bytes) + " is too little for this session: at least " +
                     bytes_text(render_memory_bytes(plan, smallest_chunk_frames)) + " are needed");
}

std::uint64_t default_memory_budget() { return make_cpu_backend()->info().memory_bytes / 2; }

}  // namespace tutti
