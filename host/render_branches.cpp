#include "host/render_branches.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "host/branch_keys.hpp"
#include "host/branch_run.hpp"
#include "host/device_shares.hpp"
#include "host/memory_budget.hpp"
#include "host/pcm_choice.hpp"
#include "host/render_device.hpp"
#include "host/render_files.hpp"
#include "host/render_filling.hpp"
#include "host/strip_cache.hpp"
#include "host/text.hpp"
#include "host/units.hpp"

namespace tutti {

namespace {

using Clock = std::chrono::steady_clock;

/// Of one session all branches have chunks of one size, so that one's output is another's input. It is a
/// fixed one where memory allows: branches would have to be made anew with every other.
constexpr int usual_chunk_frames = 65536;
constexpr int smallest_chunk_frames = 1024;

void check_options(const RenderOptions& options) {
    if (options.stems) {
        throw InputError(
            "--cache does not go with --stems: it keeps sums of strips, not every strip; leave "
            "one of them out");
    }
    if (options.masking) {
        throw InputError(
            "--cache does not go with --masking: an analysis hears every track by itself; leave "
            "one of them out");
    }
    if (options.from_s > 0.0 || options.to_s) {
        throw InputError("--cache keeps whole renders; leave out --from and --to");
    }
}

int chunks_in(std::int64_t frames, int chunk_frames) {
    return static_cast<int>((frames + chunk_frames - 1) / chunk_frames);
}

/// Memory for all of them, whether the cache has them or not: chunks must not depend on that.
RenderForecast forecast_all(const BranchedMix& mix, int chunk_frames) {
    RenderForecast all;
    for (std::size_t b = 0; b < mix.branches.size(); ++b) {
        Backend& device = *mix.devices[mix.device_of[b]];
        RenderForecast one = forecast_render(device, mix.branches[b].plan, chunk_frames);
        all.bytes += one.bytes;
        for (ConvolverForecast& convolver : one.convolvers) all.convolvers.push_back(std::move(convolver));
    }
    return all;
}

/// Sets the chunk in all plans and counts chunks. Returns the forecast.
RenderForecast choose_chunks(const RenderDevice& device, BranchedMix& mix, std::int64_t total_frames) {
    int chunk = usual_chunk_frames;
    const auto enough = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(total_frames)));
    while (chunk > smallest_chunk_frames && chunk / 2 >= enough) chunk /= 2;
    RenderForecast forecast = forecast_all(mix, chunk);
    while (forecast.bytes > device.budget_bytes()) {
        if (chunk == smallest_chunk_frames) {
            throw InputError("--memory " + bytes_text(device.budget_bytes()) +
                             " is too little for this session with --cache: at least " +
                             bytes_text(forecast.bytes) + " are needed");
        }
        chunk /= 2;
        forecast = forecast_all(mix, chunk);
    }
    const int total = chunks_in(total_frames, chunk);
    mix.chunk_counts.clear();
    for (Branch& branch : mix.branches) {
        branch.plan.render.shape.frame_count = chunk;
        int count = std::clamp(chunks_in(branch.frame_count, chunk), 1, total);
        for (const Branch::Input& input : branch.inputs) {
            count = std::max(count, mix.chunk_counts[input.branch]);
        }
        mix.chunk_counts.push_back(count);
    }
    mix.chunk_counts.back() = total;
    return forecast;
}

std::vector<bool> tracks_of(const std::vector<Branch>& branches, std::size_t track_count) {
    std::vector<bool> found(track_count, false);
    for (const Branch& branch : branches) {
        for (const MixPlan::Source& source : branch.plan.sources) found[source.track] = true;
    }
    return found;
}

/// The stems of all tracks that are wanted.
std::vector<std::filesystem::path> stems_of(const Session& session, const std::vector<bool>& wanted) {
    std::vector<std::filesystem::path> files;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        if (wanted[i]) files.push_back(session.tracks[i].file);
    }
    return files;
}

/// A kernel turned out to be another than was remembered.
class OtherKernel : public std::exception {};

/// One render after another until no damaged entry is met in one.
class BranchRender {
  public:
    BranchRender(const RenderOptions& options, const OpenedSession& opened, RenderReport& report,
                 const Warn& warn)
        : options_(options),
          opened_(opened),
          report_(report),
          warn_(warn),
          cache_(StripCache::open_or_make(*options.strip_cache)),
          device_(options.device, options.memory_bytes, options.cache, RenderDevice::Number::several),
          known_(opened.session, cache_.stems_folder()),
          maker_(opened, known_, warn),
          mix_{opened, maker_.make(), {}, {}, {}, {}, {}, options.repair_nonfinite, {}},
          stretch_(find_stretch(0.0, std::nullopt, opened, mix_.mix())) {
        known_.keep();
        const std::vector<bool> tracks = tracks_of(mix_.branches, opened.session.tracks.size());
        mix_.stems = read_contents(stems_of(opened.session, tracks), cache_.stems_folder());
        mix_.is_unchanged = [this](int branch) { return is_unchanged(mix_.branches[branch]); };
        report_.track_count = static_cast<int>(std::count(tracks.begin(), tracks.end(), true));
    }

    void render() {
        plan();
        while (!try_once()) {
        }
    }

  private:
    void plan() {
        mix_.devices = device_.backends();
        mix_.device_of = share_branches(mix_.devices, mix_.branches);
        for (Branch& branch : mix_.branches) mark_pcm(branch.plan, opened_.pcm);
        const RenderForecast forecast = choose_chunks(device_, mix_, pass_frames(mix_.mix(), stretch_));
        mix_.keys = branch_keys(opened_, {mix_.branches, mix_.stems, mix_.chunk_counts, mix_.devices,
                                          mix_.device_of, mix_.repair_nonfinite});
        report_.memory_bytes = forecast.bytes;
        report_.convolvers = forecast.convolvers;
    }

    bool is_unchanged(const Branch& branch) const {
        const auto stems_are = [&](const MixPlan::Source& source) {
            return mix_.stems.is_unchanged(opened_.session.tracks[source.track].file);
        };
        const auto responses_are = [&](int strip) { return known_.are_unchanged(maker_.strip(strip)); };
        return std::all_of(branch.plan.sources.begin(), branch.plan.sources.end(), stems_are) &&
               std::all_of(branch.strips.begin(), branch.strips.end(), responses_are);
    }

    /// Gives these branches their kernels' taps.
    void design(std::span<const int> branches) {
        const bool are_right = std::all_of(branches.begin(), branches.end(),
                                           [&](int b) { return maker_.design(mix_.branches[b].strips); });
        if (!are_right) throw OtherKernel();
        std::vector<Branch> designed = maker_.make();
        for (const int b : branches) {
            const int chunk_frames = mix_.chunk_frames();
            mix_.branches[b].plan = std::move(designed[b].plan);
            mix_.branches[b].plan.render.shape.frame_count = chunk_frames;
        }
    }

    /// Makes branches ready whose stems are read; what a cache holds needs none.
    void prepare(std::span<const int> branches, PcmChooser& pcm) {
        design(branches);
        for (const int b : branches) pcm.choose(mix_.branches[b].plan, *mix_.devices[mix_.device_of[b]]);
        report_.pcm_choices = pcm.choices();
    }

    bool try_once() {
        try {
            PcmChooser pcm(opened_.session, opened_.pcm, options_.device_pcm);
            std::optional<BranchRun> run;
            run.emplace(
                mix_, cache_, distrusted_, [&](std::span<const int> made) { prepare(made, pcm); }, warn_);
            finish(*run);
            if (!report_.reuse->made.empty() && !pcm.unheeded().empty()) warn_(pcm.unheeded());
            return true;
        } catch (const OtherKernel&) {
            known_.forget();
            maker_ = BranchMaker(opened_, known_, warn_);
            known_.keep();
            mix_.branches = maker_.make();
            plan();
        } catch (const DamagedEntry& damaged) {
            cache_.remove(damaged.key);
            distrusted_.insert(damaged.key);
        } catch (const DeviceError& error) {
            device_.give_way_to_cpu(error, warn_);
            plan();
        }
        return false;
    }

    void finish(BranchRun& run) {
        const MixPlan& mix = mix_.mix();
        fill_in_plan(report_, opened_.session, mix, stretch_);
        RenderFiles files(options_, mix, opened_.session.sample_rate_hz, stretch_.frame_count());
        report_.device = device_.reason();
        report_.seconds.prepare = std::chrono::duration<double>(Clock::now() - start_).count();
        fill_in_seconds(report_, run.run(stretch_, options_.show_progress,
                                         [&](std::span<const float> rows, int first, int count) {
                                             files.write(rows, first, count);
                                         }));
        files.commit(report_);
        for (const BranchFacts& facts : run.facts()) {
            for (const std::string& line : facts.findings) warn_(line);
            report_.dynamics.insert(report_.dynamics.end(), facts.dynamics.begin(), facts.dynamics.end());
        }
        warn_of_overs(report_, warn_);
        report_.steps = run.times();
        report_.devices = run.devices();
        report_.reuse = run.reuse();
        report_.reuse->folder = cache_.folder();
        report_.reuse->anew_count = static_cast<int>(distrusted_.size());
        report_.reuse->hashed_stem_count = mix_.stems.read_count;
        report_.reuse->designed_chain_count = maker_.designed_chain_count();
    }

    const Clock::time_point start_ = Clock::now();
    const RenderOptions& options_;
    const OpenedSession& opened_;
    RenderReport& report_;
    const Warn& warn_;
    StripCache cache_;
    RenderDevice device_;
    KnownChains known_;
    BranchMaker maker_;
    BranchedMix mix_;
    Stretch stretch_;
    std::set<Digest> distrusted_;
};

}  // namespace

void render_branches(const RenderOptions& options, const OpenedSession& opened, RenderReport& report,
                     const Warn& warn) {
    check_options(options);
    BranchRender(options, opened, report, warn).render();
}

}  // namespace tutti
