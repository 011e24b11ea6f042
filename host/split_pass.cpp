#include "host/split_pass.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "engine/aligned.hpp"
#include "engine/threads.hpp"
#include "engine/trace.hpp"
#include "host/device_shares.hpp"
#include "host/memory_budget.hpp"
#include "host/track_feed.hpp"

namespace tutti {

/// What a device needs for its share. Item n of the pass is its chunk n - delay, and brings the outputs of
/// the chunk late_chunks() before.
struct SplitPass::Runner {
    Runner(Backend& device, MixShare& made, const PassJob& job)
        : backend(device), share(made), words(describe_steps(made.plan)) {
        RenderPlan& render = share.plan.render;
        renderer = std::make_unique<Renderer>(backend, render);
        // The device has its own form of the kernels now.
        for (Step& step : render.steps) {
            if (auto* convolve = std::get_if<ConvolveStep>(&step)) convolve->convolver.kernels.clear();
        }
        feed.emplace(share.plan, job.session, job.repair_nonfinite, job.stretch.first_source);
        for (const MixPlan::Source& source : share.plan.sources) track_row_count += source.channels;
    }

    std::span<float> outputs_of(int chunk) { return outputs[chunk % outputs.size()]; }
    std::span<const float> output_row(int chunk, int output) const {
        const std::size_t frames = share.plan.render.shape.frame_count;
        return std::span(outputs[chunk % outputs.size()]).subspan(output * frames, frames);
    }

    Backend& backend;
    MixShare& share;
    std::vector<std::string> words;
    std::unique_ptr<Renderer> renderer;
    std::optional<TrackFeed> feed;
    std::size_t track_row_count = 0;
    std::size_t first_source = 0;  ///< row of the pass
    int delay = 0;
    std::vector<AlignedFloats> outputs;  ///< of the last chunks, in turn
    double busy_s = 0.0;
    double waited_before_s = 0.0;
};

SplitPass::SplitPass(RenderDevice& device, MixPlan& plan, const PassJob& job)
    : plan_(plan), job_(job), backends_(device.backends()) {
    const TraceScope scope("prepare device");
    std::vector<DeviceWork> work;
    for (Backend* const backend : backends_) work.push_back(predict_work(*backend, plan));
    mix_ = split_mix(plan, share_out(work), device.count());
    const int chunk =
        choose_chunk_frames([&](int frames) { return forecast_render(backends_, mix_, frames); },
                            device.budget_bytes(), job.frames);
    plan.render.shape.frame_count = chunk;
    for (MixShare& share : mix_.shares) share.plan.render.shape.frame_count = chunk;
    forecast_ = forecast_render(backends_, mix_, chunk);
    chunk_count_ = pass_chunks(job.stretch, job.frames, chunk, plan.render.latency_frames);
    for (std::size_t i = 0; i < backends_.size(); ++i) {
        const bool is_idle = mix_.shares[i].plan.render.output_rows.empty();
        if (!is_idle) job.pcm.choose(mix_.shares[i].plan, *backends_[i]);
        runners_.push_back(is_idle ? nullptr : std::make_unique<Runner>(*backends_[i], mix_.shares[i], job));
        if (job.times_devices && !is_idle && backends_[i]->info().kind != DeviceKind::cpu) {
            backends_[i]->set_profiling(true);
        }
    }
    place_rows();
}

SplitPass::~SplitPass() = default;

/// Decides who is how late, and which rows of the pass are whose.
void SplitPass::place_rows() {
    int latest_other = 0;
    for (std::size_t i = 1; i < runners_.size(); ++i) {
        if (runners_[i]) latest_other = std::max(latest_other, runners_[i]->renderer->late_chunks());
    }
    late_chunks_ = latest_other;
    if (Runner* const first = runners_[0].get()) {
        const bool is_alone = std::none_of(runners_.begin() + 1, runners_.end(),
                                           [](const auto& runner) { return runner != nullptr; });
        first->delay = is_alone ? 0 : latest_other + 1;
        late_chunks_ = first->delay + first->renderer->late_chunks();
    }
    for (const std::unique_ptr<Runner>& runner : runners_) {
        if (!runner) continue;
        const RenderPlan& render = runner->share.plan.render;
        runner->first_source = source_row_count_;
        source_row_count_ += render.source_row_count;
        // From the chunk that comes to the one that is put into the outputs of the pass.
        const int kept = late_chunks_ - runner->delay - runner->renderer->late_chunks() + 1;
        TUTTI_CHECK(kept >= 1 && kept <= most_kept_outputs);
        const std::size_t floats = render.output_rows.size() * render.shape.frame_count;
        for (int k = 0; k < kept; ++k) runner->outputs.emplace_back(floats);
    }
    team_ = std::make_unique<DeviceTeam>(backends_, [this](int device) {
        if (runners_[device]) run_share(*runners_[device]);
    });
}

PassSeconds SplitPass::run(bool show_progress, const TakeFrames& take) {
    for (const std::unique_ptr<Runner>& runner : runners_) {
        if (runner) runner->waited_before_s = runner->backend.waited_s();
    }
    const PassWork::Stage read_next = [&](auto sources, auto /*outputs*/) { read(sources); };
    const PassWork::Stage process_next = [&](auto sources, auto outputs) { process(sources, outputs); };
    const PassWork work{.chunk_frames = plan_.render.shape.frame_count,
                        .sample_rate_hz = plan_.render.sample_rate_hz,
                        .latency_frames = plan_.render.latency_frames,
                        .source_row_count = source_row_count_,
                        .output_row_count = mix_.outputs.size(),
                        .late_chunks = late_chunks_,
                        .read = read_next,
                        .process = process_next,
                        .read_late = read_next,
                        .finish = process_next};
    return run_pass("rendering", show_progress, job_.stretch, job_.frames, work, take);
}

void SplitPass::read(std::span<float> sources) {
    const int item = read_items_++;
    const std::size_t frames = plan_.render.shape.frame_count;
    for (const std::unique_ptr<Runner>& runner : runners_) {
        if (!runner || item < runner->delay || item - runner->delay >= chunk_count_) continue;
        runner->feed->read(sources.subspan(runner->first_source * frames, runner->track_row_count * frames));
    }
}

void SplitPass::process(std::span<float> sources, std::span<float> outputs) {
    ++item_;
    sources_ = sources;
    team_->run();
    if (item_ >= late_chunks_) put_outputs(item_ - late_chunks_, outputs);
}

/// On the device's own thread.
void SplitPass::run_share(Runner& runner) {
    const int chunk = item_ - runner.delay;
    const int late = runner.renderer->late_chunks();
    if (chunk < 0 || chunk >= chunk_count_ + late) return;
    const auto start = std::chrono::steady_clock::now();
    const RenderPlan& render = runner.share.plan.render;
    const std::size_t frames = render.shape.frame_count;
    const std::span<float> outputs = runner.outputs_of(std::max(0, chunk - late));
    if (chunk < chunk_count_) {
        const std::span<float> sources =
            sources_.subspan(runner.first_source * frames, render.source_row_count * frames);
        if (&runner == runners_[0].get()) {
            take_inputs(sources.subspan(runner.track_row_count * frames), chunk);
        }
        runner.renderer->process(sources, outputs);
    } else {
        runner.renderer->finish(outputs);
    }
    runner.busy_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What others made of the first device's chunk, which they are done with.
void SplitPass::take_inputs(std::span<float> sources, int chunk) const {
    for (const SplitMix::Output& input : mix_.inputs) {
        const std::span<const float> row = runners_[input.share]->output_row(chunk, input.output);
        std::copy(row.begin(), row.end(), sources.begin());
        sources = sources.subspan(row.size());
    }
}

void SplitPass::put_outputs(int chunk, std::span<float> outputs) const {
    const std::size_t frames = plan_.render.shape.frame_count;
    parallel_for(static_cast<int>(mix_.outputs.size()), [&](int i) {
        const SplitMix::Output& from = mix_.outputs[i];
        const std::span<const float> row = runners_[from.share]->output_row(chunk, from.output);
        std::copy(row.begin(), row.end(), outputs.subspan(i * frames).begin());
    });
}

std::vector<std::string> SplitPass::findings() const {
    std::vector<std::string> lines;
    for (const std::unique_ptr<Runner>& runner : runners_) {
        if (!runner) continue;
        // A key may be read for several devices.
        for (const std::string& line : runner->feed->findings()) {
            if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
        }
    }
    return lines;
}

void SplitPass::fill_in(RenderReport& report) const {
    std::vector<std::optional<GainReport>> gains(plan_.curves.size());
    double longest_s = 0.0;
    for (std::size_t i = 0; i < runners_.size(); ++i) {
        const DeviceInfo& info = backends_[i]->info();
        RenderReport::Device& device = report.devices.emplace_back();
        device.id = info.id;
        device.name = info.name;
        if (!runners_[i]) continue;
        const Runner& runner = *runners_[i];
        device.track_count = static_cast<int>(runner.share.plan.sources.size());
        device.busy_s = runner.busy_s;
        device.waited_s = backends_[i]->waited_s() - runner.waited_before_s;
        // The slowest is the one that the pass waits for.
        if (device.busy_s > longest_s) report.seconds.device_waiting = device.waited_s;
        longest_s = std::max(longest_s, device.busy_s);
        const std::string name = info.id + ": ";
        const std::vector<double> seconds = runner.renderer->step_seconds();
        const std::size_t count = runner.words.size();
        for (std::size_t s = 0; s < count; ++s) report.steps.push_back({name + runner.words[s], seconds[s]});
        report.steps.push_back({name + "write rows to the device", seconds[count]});
        report.steps.push_back({name + "read rows back", seconds[count + 1]});
        if (job_.times_devices && info.kind != DeviceKind::cpu) {
            for (StageReport& stage : backends_[i]->stage_reports()) {
                stage.name = name + stage.name;
                report.device_stages.push_back(std::move(stage));
            }
        }
        const std::vector<GainReport> own = runner.renderer->gain_reports();
        for (std::size_t c = 0; c < own.size(); ++c) gains[runner.share.curves[c]] = own[c];
    }
    for (std::size_t c = 0; c < gains.size(); ++c) {
        if (gains[c]) report.dynamics.push_back({plan_.curves[c], *gains[c]});
    }
}

}  // namespace tutti
