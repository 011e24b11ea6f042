#include "host/render.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>

#include "engine/aligned.hpp"
#include "engine/devices.hpp"
#include "engine/renderer.hpp"
#include "engine/threads.hpp"
#include "host/file_names.hpp"
#include "host/memory_budget.hpp"
#include "host/progress.hpp"
#include "host/render_files.hpp"
#include "host/track_feed.hpp"

namespace tutti {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The stretch of the session's time line that is rendered, in frames.
struct Stretch {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t first_source = 0;  ///< where reading begins: ahead of `begin` by what the mix remembers
};

Stretch find_stretch(const RenderOptions& options, const OpenedSession& opened, const MixPlan& plan) {
    const int rate = opened.session.sample_rate_hz;
    const std::int64_t tail =
        opened.session.tail_s ? std::llround(*opened.session.tail_s * rate) : plan.tail_frames;
    const std::int64_t length = opened.end_frame + tail;
    const std::int64_t from = std::llround(options.from_s * rate);
    if (from >= length) {
        throw InputError("--from " + clock_text(options.from_s) + " lies behind the end of the session at " +
                         clock_text(static_cast<double>(length) / rate));
    }
    const std::int64_t to =
        options.to_s ? std::min<std::int64_t>(std::llround(*options.to_s * rate), length) : length;
    if (to <= from) {
        throw InputError("--to " + clock_text(*options.to_s) + " must lie behind --from " +
                         clock_text(options.from_s));
    }
    // On the grid of control hops of a whole render.
    const std::int64_t first =
        std::max<std::int64_t>(0, from - plan.preroll_frames) / control_hop * control_hop;
    return {from, to, first};
}

/// What a render runs on, and in which chunks.
struct OpenedRenderer {
    std::unique_ptr<Backend> backend;
    RenderForecast forecast;
    std::unique_ptr<Renderer> renderer;
    std::string reason;
};

/// Chooses the chunk for the device, sets it in the plan, and takes all memory.
OpenedRenderer start_renderer(OpenedDevice device, MixPlan& plan, std::uint64_t budget_bytes,
                              std::int64_t total_frames) {
    const int chunk = choose_chunk_frames(*device.backend, plan, budget_bytes, total_frames);
    plan.render.shape.frame_count = chunk;
    RenderForecast forecast = forecast_render(*device.backend, plan, chunk);
    auto renderer = std::make_unique<Renderer>(*device.backend, plan.render);
    return {std::move(device.backend), std::move(forecast), std::move(renderer), std::move(device.reason)};
}

/// Backend and renderer are made together: a device that opens but cannot hold the plan has failed too.
OpenedRenderer open_renderer(const RenderOptions& options, MixPlan& plan, std::int64_t total_frames,
                             const Warn& warn) {
    const std::uint64_t budget = options.memory_bytes > 0 ? options.memory_bytes : default_memory_budget();
    OpenedDevice device = open_device(options.device, options.cache);
    const std::string name = device.backend->info().name;
    const bool may_fall_back = options.device == "auto" && device.backend->info().kind != DeviceKind::cpu;
    try {
        return start_renderer(std::move(device), plan, budget, total_frames);
    } catch (const DeviceError& error) {
        if (!may_fall_back) throw;
        warn(name + ": " + error.what() + "; the CPU renders instead");
    }
    OpenedDevice cpu = open_device("cpu", options.cache);
    cpu.reason = "cpu: the GPU could not hold the mix";
    return start_renderer(std::move(cpu), plan, budget, total_frames);
}

/// An output must never replace what it is made of.
void protect_inputs(const RenderOptions& options, const Session& session) {
    std::error_code ignored;
    for (const Track& track : session.tracks) {
        if (std::filesystem::equivalent(track.file, options.output, ignored)) {
            throw InputError(options.output.string() + " is the file of track \"" + track.name +
                             "\"; give another name with -o");
        }
    }
    if (std::filesystem::equivalent(session.path, options.output, ignored)) {
        throw InputError(options.output.string() + " is the session file; give another name with -o");
    }
}

void run_pipeline(const RenderOptions& options, const Stretch& stretch, const MixPlan& plan, TrackFeed& feed,
                  Renderer& renderer, RenderFiles& files, RenderReport& report) {
    const std::size_t chunk = plan.render.shape.frame_count;
    // Output frame n of the session's time line leaves the renderer at n - first_source + latency.
    const std::int64_t skip = stretch.begin - stretch.first_source + plan.render.latency_frames;
    const std::int64_t end = skip + stretch.end - stretch.begin;
    const auto chunk_count =
        static_cast<int>((end + static_cast<std::int64_t>(chunk) - 1) / static_cast<std::int64_t>(chunk));

    struct Slot {
        AlignedFloats sources;
        AlignedFloats outputs;
    };
    std::vector<Slot> slots(std::min(chunks_in_flight, chunk_count));
    for (Slot& slot : slots) {
        slot.sources.resize(plan.render.source_row_count * chunk);
        slot.outputs.resize(plan.render.output_rows.size() * chunk);
    }
    Progress progress("rendering", report.duration_s(), options.show_progress);
    Pipeline pipeline;
    pipeline.decode = [&](int item, int slot) {
        if (item == chunk_count) return false;
        const Clock::time_point start = Clock::now();
        feed.read(slots[slot].sources);
        report.seconds.decode += seconds_since(start);
        return true;
    };
    pipeline.process = [&](int /*item*/, int slot) {
        const Clock::time_point start = Clock::now();
        renderer.process(slots[slot].sources, slots[slot].outputs);
        report.seconds.process += seconds_since(start);
    };
    pipeline.encode = [&](int item, int slot) {
        const Clock::time_point start = Clock::now();
        const std::int64_t chunk_begin = static_cast<std::int64_t>(item) * static_cast<std::int64_t>(chunk);
        const std::int64_t first = std::max<std::int64_t>(0, skip - chunk_begin);
        const std::int64_t last = std::min<std::int64_t>(static_cast<std::int64_t>(chunk), end - chunk_begin);
        if (first < last) {
            files.write(slots[slot].outputs, static_cast<int>(first), static_cast<int>(last - first));
            progress.advance_to(static_cast<double>(chunk_begin + last - skip) / plan.render.sample_rate_hz);
        }
        report.seconds.encode += seconds_since(start);
    };
    pipeline.run(static_cast<int>(slots.size()));
}

}  // namespace

RenderReport render(const RenderOptions& asked, const Warn& warn) {
    const Clock::time_point start = Clock::now();
    RenderReport report;
    std::mutex mutex;
    const Warn note = [&](const std::string& text) {
        const std::lock_guard lock(mutex);
        report.warnings.push_back(text);
        warn(text);
    };

    const OpenedSession opened = open_session(asked.session, note);
    const Session& session = opened.session;
    RenderOptions options = asked;
    if (options.output.empty()) {
        options.output = options.session;
        options.output.replace_extension(extension_of(options.file));
    }
    protect_inputs(options, session);

    MixPlan plan = make_plan(session, opened.channels, options.stems.has_value(), control_hop, note);
    const Stretch stretch = find_stretch(options, opened, plan);
    const std::vector<std::string> words = describe_steps(plan);
    const OpenedRenderer device =
        open_renderer(options, plan, stretch.end - stretch.first_source + plan.render.latency_frames, note);
    for (Step& step : plan.render.steps) {
        // The device has its own form of the kernels now.
        if (auto* convolve = std::get_if<ConvolveStep>(&step)) convolve->convolver.kernels.clear();
    }

    report.session_name = session.name;
    report.sample_rate_hz = session.sample_rate_hz;
    report.track_count = static_cast<int>(plan.sources.size());
    report.bus_count = static_cast<int>(session.buses.size());
    report.frame_count = stretch.end - stretch.begin;
    report.chunk_frames = plan.render.shape.frame_count;
    report.latency_frames = plan.render.latency_frames;
    report.memory_bytes = device.forecast.bytes;
    report.convolvers = device.forecast.convolvers;
    report.dropped_ends = plan.dropped_ends;

    TrackFeed feed(plan, session, options.repair_nonfinite, stretch.first_source);
    RenderFiles files(options, plan, session.sample_rate_hz, report.frame_count);
    report.device = device.reason;
    report.seconds.prepare = seconds_since(start);

    run_pipeline(options, stretch, plan, feed, *device.renderer, files, report);
    files.commit(report);
    for (const std::string& line : feed.findings()) note(line);
    if (report.over_count > 0) {
        note(std::to_string(report.over_count) +
             " samples over full scale were clipped in the output; lower the master, add a " +
             "limiter, or write --bits 32f");
    }

    const std::vector<GainReport> gains = device.renderer->gain_reports();
    for (std::size_t i = 0; i < gains.size(); ++i) report.dynamics.push_back({plan.curves[i], gains[i]});
    const std::vector<double> step_seconds = device.renderer->step_seconds();
    for (std::size_t i = 0; i < words.size(); ++i) report.steps.push_back({words[i], step_seconds[i]});
    report.steps.push_back({"move rows to and from the device", step_seconds.back()});
    report.seconds.wall = seconds_since(start);
    return report;
}

}  // namespace tutti
