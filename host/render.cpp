#include "host/render.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>

#include "host/file_names.hpp"
#include "host/masking.hpp"
#include "host/memory_budget.hpp"
#include "host/mix_pass.hpp"
#include "host/peak_memory.hpp"
#include "host/render_branches.hpp"
#include "host/render_device.hpp"
#include "host/render_files.hpp"
#include "host/render_filling.hpp"
#include "host/stretch.hpp"

namespace tutti {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
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
    if (options.strip_cache) {
        render_branches(options, opened, report, note);
        report.peak_memory_bytes = peak_memory_bytes();
        report.seconds.wall = seconds_since(start);
        return report;
    }

    std::optional<MaskingJob> job;
    if (options.masking) job.emplace(*options.masking, opened, options.repair_nonfinite);
    PlanOptions wanted{.with_stems = options.stems.has_value(),
                       .sums_in_convolvers = !names_several_devices(options.device)};
    if (job) wanted.heard = job->heard();
    MixPlan plan = make_plan(session, opened.channels, wanted, note);
    mark_pcm(plan, opened.pcm);
    const Stretch stretch =
        find_stretch(options.from_s, options.to_s, opened, plan, job ? job->lookaround_frames() : 0);
    RenderDevice device(options.device, options.memory_bytes, options.cache, RenderDevice::Number::several);
    std::int64_t frames = pass_frames(plan, stretch);
    if (job) {
        job->add_to(plan, stretch,
                    find_mix_lufs(*options.masking, opened, stretch, options.repair_nonfinite,
                                  options.show_progress, device, note));
        frames = std::max(frames, job->frames());
    }
    PcmChooser pcm(session, opened.pcm, options.device_pcm);
    const PassJob pass_job{session, pcm, stretch, frames, options.repair_nonfinite, options.times_device};
    const std::unique_ptr<MixPass> pass = make_pass(device, plan, pass_job, note);
    if (!pcm.unheeded().empty()) note(pcm.unheeded());

    fill_in_plan(report, session, plan, stretch);
    report.track_count = static_cast<int>(plan.sources.size());
    report.memory_bytes = pass->forecast().bytes;
    report.convolvers = pass->forecast().convolvers;
    report.pcm_choices = pcm.choices();

    RenderFiles files(options, plan, session.sample_rate_hz, report.frame_count);
    report.device = device.reason();
    report.seconds.prepare = seconds_since(start);

    fill_in_seconds(report,
                    pass->run(options.show_progress, [&](std::span<const float> rows, int first, int count) {
                        files.write(rows, first, count);
                    }));
    if (job) report.masking = job->results(device.reason());
    files.commit(report);
    for (const std::string& line : pass->findings()) note(line);
    warn_of_overs(report, note);
    pass->fill_in(report);
    report.peak_memory_bytes = peak_memory_bytes();
    report.seconds.wall = seconds_since(start);
    return report;
}

}  // namespace tutti
