#include "host/masking.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/masking_analysis.hpp"
#include "host/masking_calibration.hpp"
#include "host/render_pass.hpp"
#include "host/text.hpp"
#include "host/track_feed.hpp"

namespace tutti {

namespace {

constexpr int slices_per_s = 100;

std::int64_t slices_of(std::int64_t frames, int sample_rate_hz) {
    return (frames * slices_per_s + sample_rate_hz - 1) / sample_rate_hz;
}

MaskingPlan masking_plan(const MaskingGrid& grid, int excitation_count, const MaskingSteps& steps,
                         std::vector<std::vector<int>> objects, std::vector<std::vector<int>> relatives) {
    MaskingPlan plan;
    plan.grid = grid;
    plan.excitation_count = excitation_count;
    plan.objects = std::move(objects);
    plan.relatives = std::move(relatives);
    plan.slice_s = 1.0 / slices_per_s;
    plan.hop_slices = steps.hop_slices;
    plan.tile_slices = steps.tile_slices;
    return plan;
}

/// Tells how far a pass over a stretch is.
class PassProgress {
  public:
    PassProgress(const MaskingProgress& tell, const char* what, const Stretch& stretch, int sample_rate_hz)
        : tell_(tell), what_(what), rate_hz_(sample_rate_hz), total_(stretch.frame_count()) {
        add(0);
    }

    void add(int frames) {
        done_ += frames;
        if (tell_)
            tell_(what_, static_cast<double>(done_) / rate_hz_, static_cast<double>(total_) / rate_hz_);
    }

  private:
    const MaskingProgress& tell_;
    const char* what_;
    int rate_hz_;
    std::int64_t total_;
    std::int64_t done_ = 0;
};

std::vector<std::string> notes_of(const Session& session, const MaskingObjects& heard) {
    std::vector<std::string> notes = heard.notes;
    if (!session.master.inserts.empty())
        notes.emplace_back("The master's inserts are not part of the analysis.");
    return notes;
}

}  // namespace

MaskingJob::MaskingJob(const MaskingOptions& options, const OpenedSession& opened, bool repair_nonfinite)
    : options_(options), opened_(opened), grid_(masking_grid(opened.session.sample_rate_hz, options.grid)) {
    if (options.merge_coherent) coherence_ = find_coherence(opened, repair_nonfinite);
}

int MaskingJob::lookaround_frames() const {
    return masking_lookahead(grid_, opened_.session.sample_rate_hz) + 1;
}

MaskingCalibration MaskingJob::calibrate(std::optional<double> mix_lufs) const {
    MaskingCalibration calibration;
    calibration.mix_lufs = mix_lufs;
    if (options_.full_scale_spl_db) {
        calibration.full_scale_spl_db = *options_.full_scale_spl_db;
        return calibration;
    }
    calibration.playback_spl_db = options_.playback_spl_db;
    calibration.full_scale_spl_db =
        full_scale_spl_db(options_.playback_spl_db, mix_lufs.value(), opened_.session.master.channels);
    return calibration;
}

void MaskingJob::add_to(MixPlan& plan, const Stretch& stretch, std::optional<double> mix_lufs) {
    const Session& session = opened_.session;
    const MaskingObjects& heard = plan.heard.value();
    if (heard.facts.empty()) throw InputError("nothing in this session reaches the master: no masking");
    const MaskingObjects::Groups groups = heard.groups();
    const int object_count = static_cast<int>(heard.facts.size());
    const int group_count = static_cast<int>(groups.facts.size());
    const int excitation_count = static_cast<int>(heard.excitations.size());

    MaskingStep step;
    step.slice_count = slices_of(stretch.frame_count(), session.sample_rate_hz);
    step.first_frame = stretch.first_frame(heard.latency_frames);
    steps_ = choose_masking_steps(step.slice_count, object_count, group_count, grid_, options_.hop_s,
                                  options_.section_s);
    frames_ =
        step.first_frame + step.slice_count * session.sample_rate_hz / slices_per_s + lookaround_frames();

    results_.calibration = calibrate(mix_lufs);
    step.excitation.sample_rate_hz = session.sample_rate_hz;
    step.excitation.grid = grid_;
    step.excitation.cochlea_gains =
        cochlea_gains(results_.calibration.full_scale_spl_db, options_.field, grid_.component_hz);
    for (const HeardRows& rows : heard.excitations)
        step.excitation.objects.push_back(excitation_object(rows, grid_.component_count()));
    step.excitation.most_slices = steps_.tile_slices;

    MaskingPlan tracks = masking_plan(grid_, excitation_count, steps_, heard.excitations_of, heard.relatives);
    MaskingPlan by_group =
        masking_plan(grid_, excitation_count, steps_, groups.excitations_of, groups.relatives);
    tracks_ = std::make_shared<MaskingCollector>(tracks, steps_, true);
    groups_ = std::make_shared<MaskingCollector>(by_group, steps_, false);
    step.kept_slices = spread_slices(step.slice_count, object_count);
    const auto kept_count = static_cast<int>(step.kept_slices.size());
    slices_ = std::make_shared<SliceCollector>(tracks, kept_count);
    step.slice_sink = slices_;
    results_.slice_count = kept_count;
    step.views.push_back({std::move(tracks), tracks_});
    step.views.push_back({std::move(by_group), groups_});
    results_.tracks.objects = heard.facts;
    results_.groups.objects = groups.facts;
    results_.notes = notes_of(session, heard);
    results_.from_s = static_cast<double>(stretch.begin) / session.sample_rate_hz;
    results_.duration_s = static_cast<double>(stretch.frame_count()) / session.sample_rate_hz;

    plan.results_bytes = masking_results_bytes(steps_, object_count, group_count, grid_) +
                         spread_slices_bytes(kept_count, object_count);
    plan.render.shape.history_count =
        std::max(plan.render.shape.history_count, masking_history(grid_, session.sample_rate_hz));
    plan.render.steps.emplace_back(std::move(step));
}

MaskingResults MaskingJob::results(std::string device) {
    const Session& session = opened_.session;
    MaskingResults results = std::move(results_);
    results.session_name = session.name;
    results.session_file = std::filesystem::absolute(session.path).string();
    results.device = std::move(device);
    results.sample_rate_hz = session.sample_rate_hz;
    results.grid = options_.grid;
    results.hop_s = static_cast<double>(steps_.hop_slices) / slices_per_s;
    results.hop_count = steps_.hop_count;
    results.section_s = static_cast<double>(steps_.section_slices) / slices_per_s;
    results.section_count = steps_.section_count;
    results.tempo_bpm = session.tempo_bpm;
    results.beats_per_bar = session.beats_per_bar;
    tracks_->finish(results.tracks);
    groups_->finish(results.groups);
    results.excitation = tracks_->excitation();
    results.slices = slices_->slices();
    results.merges = coherence_.merges;
    return results;
}

std::optional<double> find_mix_lufs(const MaskingOptions& options, const OpenedSession& opened,
                                    const Stretch& stretch, bool repair_nonfinite, bool show_progress,
                                    RenderDevice& device, const Warn& warn,
                                    const MaskingProgress& on_progress) {
    if (options.mix_lufs) return options.mix_lufs;
    if (options.full_scale_spl_db) return std::nullopt;
    const Session& session = opened.session;
    MixPlan plan = make_plan(session, opened.channels, {.output = PlanOptions::Output::master_input},
                             [](const std::string& /*the mix's own plan says it*/) {});
    const std::int64_t frames = pass_frames(plan, stretch);
    const RenderDevice::Started started = device.start(plan, frames, warn);
    TrackFeed feed(plan, session, repair_nonfinite, stretch.first_source);
    MixLoudness loudness(plan.output_channels, session.sample_rate_hz);
    const int chunk = plan.render.shape.frame_count;
    PassProgress progress(on_progress, "measuring loudness", stretch, session.sample_rate_hz);
    run_pass("measuring loudness", show_progress, stretch, frames, feed, *started.renderer,
             [&](std::span<const float> rows, int first, int count) {
                 loudness.add(rows.subspan(first), count, chunk);
                 progress.add(count);
             });
    const double lufs = loudness.lufs();
    if (!std::isfinite(lufs)) {
        throw InputError(printable(session.path.string()) +
                         ": the mix is silent, so there is no loudness to play it at; "
                         "--full-scale-spl sets the level without");
    }
    return lufs;
}

MaskingResults analyse_masking(const MaskingRun& run, const OpenedSession& opened, const Warn& warn) {
    const Session& session = opened.session;
    if (run.on_progress) run.on_progress("comparing stems", 0.0, 0.0);
    MaskingJob job(run.masking, opened, run.repair_nonfinite);
    if (run.on_progress) run.on_progress("planning", 0.0, 0.0);
    MixPlan plan = make_plan(session, opened.channels,
                             {.output = PlanOptions::Output::master_input, .heard = job.heard()}, warn);
    const Stretch stretch = find_stretch(run.from_s, run.to_s, opened, plan, job.lookaround_frames());
    RenderDevice device(run.device, run.memory_bytes, run.cache);
    job.add_to(plan, stretch,
               find_mix_lufs(run.masking, opened, stretch, run.repair_nonfinite, run.show_progress, device,
                             warn, run.on_progress));
    const std::int64_t frames = std::max(pass_frames(plan, stretch), job.frames());
    const RenderDevice::Started started = device.start(plan, frames, warn);
    TrackFeed feed(plan, session, run.repair_nonfinite, stretch.first_source);
    PassProgress progress(run.on_progress, "listening", stretch, session.sample_rate_hz);
    run_pass("listening", run.show_progress, stretch, frames, feed, *started.renderer,
             [&](std::span<const float> /*rows*/, int /*first*/, int count) { progress.add(count); });
    for (const std::string& line : feed.findings()) warn(line);
    return job.results(device.reason());
}

}  // namespace tutti
