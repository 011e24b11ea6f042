#include "host/render_pass.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/aligned.hpp"
#include "engine/threads.hpp"
#include "engine/trace.hpp"
#include "host/memory_budget.hpp"
#include "host/progress.hpp"

namespace tutti {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Processor time of all threads so far, in the kernel's too.
double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

std::int64_t pass_frames(const MixPlan& plan, const Stretch& stretch) {
    return stretch.first_frame(plan.render.latency_frames) + stretch.frame_count();
}

int pass_chunks(const Stretch& stretch, std::int64_t frames, std::int64_t chunk_frames, int latency_frames) {
    const std::int64_t end = stretch.first_frame(latency_frames) + stretch.frame_count();
    return static_cast<int>((std::max(end, frames) + chunk_frames - 1) / chunk_frames);
}

PassSeconds run_pass(const char* what, bool visible, const Stretch& stretch, std::int64_t frames,
                     TrackFeed& feed, Renderer& renderer, const TakeFrames& take) {
    const RenderPlan& plan = renderer.plan();
    const PassWork work{
        .chunk_frames = plan.shape.frame_count,
        .sample_rate_hz = plan.sample_rate_hz,
        .latency_frames = plan.latency_frames,
        .source_row_count = static_cast<std::size_t>(plan.source_row_count),
        .output_row_count = plan.output_rows.size(),
        .late_chunks = renderer.late_chunks(),
        .read = [&](std::span<float> sources, std::span<float> /*outputs*/) { feed.read(sources); },
        .process = [&](std::span<float> sources,
                       std::span<float> outputs) { renderer.process(sources, outputs); },
        .finish = [&](std::span<float> /*sources*/, std::span<float> outputs) { renderer.finish(outputs); }};
    return run_pass(what, visible, stretch, frames, work, take);
}

PassSeconds run_pass(const char* what, bool visible, const Stretch& stretch, std::int64_t frames,
                     const PassWork& work, const TakeFrames& take) {
    const std::int64_t chunk = work.chunk_frames;
    // Output frame n of the session's time line leaves the renderer at n - first_source + latency.
    const std::int64_t skip = stretch.first_frame(work.latency_frames);
    const std::int64_t end = skip + stretch.frame_count();
    const int chunk_count = pass_chunks(stretch, frames, chunk, work.latency_frames);
    const int item_count = chunk_count + work.late_chunks;

    struct Slot {
        AlignedFloats sources;
        AlignedFloats outputs;
    };
    PassSeconds seconds;
    std::vector<Slot> slots(std::min(chunks_in_flight, item_count));
    {
        const Clock::time_point start = Clock::now();
        const TraceScope scope("take memory");
        parallel_for(static_cast<int>(slots.size()), [&](int i) {
            slots[i].sources.resize(work.source_row_count * chunk);
            slots[i].outputs.resize(work.output_row_count * chunk);
        });
        seconds.prepare = seconds_since(start);
    }
    const double rate_hz = work.sample_rate_hz;
    Progress progress(what, static_cast<double>(stretch.frame_count()) / rate_hz, visible);
    Pipeline pipeline;
    pipeline.decode = [&](int item, int slot) {
        if (item == item_count) return false;
        if (item >= chunk_count && !work.read_late) return true;
        const Clock::time_point start = Clock::now();
        const TraceScope scope("decode");
        (item < chunk_count ? work.read : work.read_late)(slots[slot].sources, slots[slot].outputs);
        seconds.decode += seconds_since(start);
        return true;
    };
    pipeline.process = [&](int item, int slot) {
        const Clock::time_point start = Clock::now();
        const TraceScope scope("process");
        if (item < chunk_count) {
            work.process(slots[slot].sources, slots[slot].outputs);
        } else {
            work.finish(slots[slot].sources, slots[slot].outputs);
        }
        seconds.process += seconds_since(start);
    };
    pipeline.encode = [&](int item, int slot) {
        const Clock::time_point start = Clock::now();
        const TraceScope scope("encode");
        if (item < work.late_chunks) return;
        if (work.keep) work.keep(slots[slot].sources, slots[slot].outputs);
        const std::int64_t chunk_begin = (item - work.late_chunks) * chunk;
        const std::int64_t first = std::max<std::int64_t>(0, skip - chunk_begin);
        const std::int64_t last = std::min(chunk, end - chunk_begin);
        if (first < last) {
            take(slots[slot].outputs, static_cast<int>(first), static_cast<int>(last - first));
            progress.advance_to(static_cast<double>(chunk_begin + last - skip) / rate_hz);
        }
        seconds.encode += seconds_since(start);
    };
    const Clock::time_point start = Clock::now();
    const double cpu_before_s = cpu_seconds();
    pipeline.run(static_cast<int>(slots.size()));
    seconds.wall = seconds_since(start);
    seconds.cpu = cpu_seconds() - cpu_before_s;
    return seconds;
}

}  // namespace tutti
