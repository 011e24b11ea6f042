#include "host/branches.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "engine/trace.hpp"
#include "host/branch_groups.hpp"
#include "host/content_hash.hpp"
#include "host/pan.hpp"
#include "host/plan_chains.hpp"
#include "host/plan_dynamics.hpp"
#include "host/plan_kernels.hpp"
#include "host/plan_steps.hpp"
#include "host/plan_sums.hpp"
#include "host/routing.hpp"
#include "host/strip_gains.hpp"

namespace tutti {

namespace {

constexpr ChannelGains straight_through{{{1.0, 0.0}, {0.0, 1.0}}};

/// What a branch makes and others take: a sum or a finished signal, on the branch's output rows.
struct Stream {
    int branch = 0;
    int first_output = 0;
    int channels = 0;
    int latency = 0;
    std::int64_t reach = 0;
    std::int64_t settle = 0;
};

}  // namespace

struct BranchMaker::Material {
    const OpenedSession& opened;
    Routing routing;
    std::vector<int> channels;  ///< [strip], where its chain begins
    std::optional<StripChains> chains;

    Material(const OpenedSession& all, KnownChains& known, const Warn& warn)
        : opened(all), routing(opened.session) {
        const Session& session = opened.session;
        std::vector<bool> needed;
        for (int i = 0; i < routing.strip_count(); ++i) {
            const int bus = i - static_cast<int>(session.tracks.size());
            channels.push_back(bus < 0                 ? opened.channels[i]
                               : i == routing.master() ? session.master.channels
                                                       : session.buses[bus].channels);
            needed.push_back(routing.is_needed(i));
        }
        chains.emplace(session, routing, channels, needed, warn, &known);
    }
};

namespace {

class BranchBuilder {
  public:
    BranchBuilder(const OpenedSession& opened, const Routing& routing, std::span<const int> channels,
                  const StripChains& chains)
        : session_(opened.session),
          routing_(routing),
          channels_(channels),
          chains_(chains),
          source_ends_(routing_.strip_count(), 0),
          fed_(routing_.strip_count()),
          finished_(routing_.strip_count()) {
        for (int i = 0; i < routing_.strip_count(); ++i) {
            if (!is_track(i)) continue;
            source_ends_[i] =
                std::llround(session_.tracks[i].start_s * session_.sample_rate_hz) + opened.frame_counts[i];
        }
        find_keys();
    }

    std::vector<Branch> build() {
        for (int depth = 0; depth <= routing_.max_depth(); ++depth) {
            for (const std::vector<int>& strips : branch_groups(session_, routing_, depth))
                add_branch(strips);
        }
        branches_.back().plan.dropped_ends = chains_.dropped_ends();
        return std::move(branches_);
    }

  private:
    /// A branch in the making.
    struct Making {
        explicit Making(Branch& made) : branch(made), steps(made.plan.render) {}
        Branch& branch;
        StepList steps;
        std::map<int, Signal> signals;  ///< by strip: its own, and keys
    };

    bool is_track(int strip) const { return strip < static_cast<int>(session_.tracks.size()); }
    bool is_master(int strip) const { return strip == routing_.master(); }

    void find_keys() {
        for (int i = 0; i < routing_.strip_count(); ++i) {
            if (!routing_.is_needed(i)) continue;
            for (const Stage& stage : chains_[i]) {
                if (!stage.dynamics) continue;
                const std::string name = sidechain_of(*stage.dynamics);
                if (!name.empty()) keys_.insert(routing_.index_of(name));
            }
        }
    }

    void add_branch(const std::vector<int>& strips) {
        Branch& branch = branches_.emplace_back();
        branch.strips = strips;
        branch.name = routing_.strip(strips.front()).name;
        if (strips.size() > 1) branch.name += " ... " + routing_.strip(strips.back()).name;
        branch.plan.render.sample_rate_hz = session_.sample_rate_hz;
        branch.plan.output_channels = session_.master.channels;

        Making making(branch);
        add_sources(making);
        add_inputs(making);
        std::size_t stage_count = 0;
        for (const int strip : strips) stage_count = std::max(stage_count, chains_[strip].size());
        for (std::size_t stage = 0; stage < stage_count; ++stage) add_stage(making, stage);
        branch.kernels = digest_of_kernels(strips);
        is_master(strips.front()) ? add_mix(making) : add_outputs(making);

        RenderPlan& render = branch.plan.render;
        const int history = (making.steps.longest_delay() + control_hop - 1) / control_hop * control_hop;
        render.shape = {making.steps.row_count(), control_hop, std::max(control_hop, history)};
        sum_in_convolvers(render);
    }

    Digest digest_of_kernels(std::span<const int> strips) const {
        ContentHash hash;
        for (const int strip : strips) {
            for (const Stage& stage : chains_[strip]) {
                for (const auto& row : stage.sketch.paths) {
                    for (const KernelSketch::Path& path : row) hash.add(path.taps);
                }
            }
        }
        return hash.digest();
    }

    void add_sources(Making& making) {
        for (const int strip : making.branch.strips) {
            Signal& signal = making.signals[strip];
            signal.channels = channels_[strip];
            if (!is_track(strip)) continue;
            const Track& track = session_.tracks[strip];
            for (int c = 0; c < signal.channels; ++c) signal.rows[c] = making.steps.new_row();
            signal.gain = db_to_gain(track.trim_db) * (track.invert_polarity ? -1.0 : 1.0);
            making.branch.plan.sources.push_back({strip, signal.rows[0], signal.channels});
        }
    }

    Signal take(Making& making, const Stream& stream) {
        Signal signal{.channels = stream.channels,
                      .latency = stream.latency,
                      .reach = stream.reach,
                      .settle = stream.settle};
        for (int c = 0; c < stream.channels; ++c) {
            signal.rows[c] = making.steps.new_row();
            making.branch.inputs.push_back({stream.branch, stream.first_output + c});
        }
        return signal;
    }

    /// Keys, and what is fed into buses, each as late as the latest.
    void add_inputs(Making& making) {
        std::map<int, std::vector<Signal>> fed;
        for (const int strip : making.branch.strips) {
            for (const Stream& stream : fed_[strip]) fed[strip].push_back(take(making, stream));
            for (const Stage& stage : chains_[strip]) {
                const std::string name = stage.dynamics ? sidechain_of(*stage.dynamics) : std::string();
                if (name.empty()) continue;
                const int key = routing_.index_of(name);
                if (making.signals.count(key) == 0) making.signals[key] = take(making, *finished_[key]);
            }
        }
        making.branch.plan.render.source_row_count = making.steps.row_count();
        MixStep sums;
        for (const int strip : making.branch.strips) {
            if (!is_track(strip)) add_sum(making, sums, strip, fed[strip]);
        }
        making.steps.push(std::move(sums));
    }

    void add_sum(Making& making, MixStep& step, int strip, const std::vector<Signal>& fed) {
        Signal& bus = making.signals[strip];
        for (int c = 0; c < bus.channels; ++c) bus.rows[c] = making.steps.new_row();
        for (const Signal& signal : fed) bus.latency = std::max(bus.latency, signal.latency);
        const std::span<const int> rows(bus.rows.data(), bus.channels);
        const std::size_t first_route = step.mixer.routes.size();
        for (const Signal& signal : fed) {
            making.steps.add_routes(step, signal, straight_through, rows, bus.latency);
            bus.reach = std::max(bus.reach, signal.reach + bus.latency - signal.latency);
            bus.settle = std::max(bus.settle, signal.settle);
        }
        making.steps.silence_unfed(step, first_route, rows);
    }

    void add_stage(Making& making, std::size_t number) {
        std::vector<KernelUse> kernels;
        std::vector<DynamicsUse> dynamics;
        for (const int strip : making.branch.strips) {
            if (number >= chains_[strip].size()) continue;
            const Stage& stage = chains_[strip][number];
            Signal& signal = making.signals[strip];
            if (!stage.dynamics) {
                kernels.push_back({&stage.sketch, &stage.kernel, &signal});
                continue;
            }
            const std::string name = sidechain_of(*stage.dynamics);
            const Signal* const key = name.empty() ? nullptr : &making.signals[routing_.index_of(name)];
            dynamics.push_back(
                {routing_.strip(strip).name, stage.insert, stage.dynamics, &signal, key, nullptr});
        }
        add_kernel_stage(making.steps, kernels);
        add_dynamics_stage(making.steps, making.branch.plan, dynamics);
    }

    void add_outputs(Making& making) {
        MixStep step;
        for (const int strip : making.branch.strips) {
            if (keys_.count(strip) > 0) finish(making, step, strip);
        }
        for (int to = 0; to < routing_.strip_count(); ++to) {
            if (routing_.is_needed(to)) feed(making, step, to);
        }
        making.steps.push(std::move(step));
    }

    /// A signal that is a key in other branches.
    void finish(Making& making, MixStep& step, int strip) {
        Signal signal = making.signals[strip];
        signal.reach += signal.delay;
        if (!signal.is_plain()) making.steps.copy_settled(step, signal);
        finished_[strip] = make_output(making, std::span(signal.rows).first(signal.channels), signal);
        note_end(making, strip, signal);
    }

    /// The sum of what the branch's strips feed into another strip.
    void feed(Making& making, MixStep& step, int to) {
        const std::vector<int>& feeders = routing_.feeders(to);
        std::vector<int> from;
        for (const int strip : making.branch.strips) {
            if (std::find(feeders.begin(), feeders.end(), strip) != feeders.end()) from.push_back(strip);
        }
        if (from.empty()) return;
        Signal sum{.channels = channels_[to]};
        for (const int strip : from) sum.latency = std::max(sum.latency, making.signals[strip].latency);
        for (int c = 0; c < sum.channels; ++c) sum.rows[c] = making.steps.new_row();
        const std::span<const int> rows(sum.rows.data(), sum.channels);
        const std::size_t first_route = step.mixer.routes.size();
        for (const int number : from) {
            const Strip& strip = routing_.strip(number);
            const Signal& signal = making.signals[number];
            sum.reach = std::max(sum.reach, signal.reach + signal.delay + sum.latency - signal.latency);
            sum.settle = std::max(sum.settle, signal.settle);
            if (strip.output == routing_.strip(to).name) {
                making.steps.add_routes(step, signal, fader_gains(strip, signal.channels, sum.channels), rows,
                                        sum.latency);
            }
            for (const Send& send : strip.sends) {
                if (send.to != routing_.strip(to).name) continue;
                making.steps.add_routes(step, signal, send_gains(strip, send, signal.channels, sum.channels),
                                        rows, sum.latency);
            }
        }
        making.steps.silence_unfed(step, first_route, rows);
        fed_[to].push_back(make_output(making, rows, sum));
        for (const int strip : from) {
            note_end(making, strip, sum);
            source_ends_[to] = std::max(source_ends_[to], source_ends_[strip]);
        }
    }

    Stream make_output(Making& making, std::span<const int> rows, const Signal& signal) const {
        std::vector<int>& outputs = making.branch.plan.render.output_rows;
        const Stream stream{static_cast<int>(branches_.size()) - 1,
                            static_cast<int>(outputs.size()),
                            signal.channels,
                            signal.latency,
                            signal.reach,
                            signal.settle};
        outputs.insert(outputs.end(), rows.begin(), rows.end());
        return stream;
    }

    /// A signal is silent when the past that it depends on is.
    void note_end(Making& making, int strip, const Signal& signal) const {
        std::int64_t& end = making.branch.frame_count;
        end = std::max(end, source_ends_[strip] + signal.reach);
    }

    void add_mix(Making& making) {
        MixPlan& plan = making.branch.plan;
        const Strip& master = session_.master;
        const Signal& signal = making.signals[routing_.master()];
        std::vector<int>& outputs = plan.render.output_rows;
        for (int c = 0; c < plan.output_channels; ++c) outputs.push_back(making.steps.new_row());
        MixStep step;
        if (!master.mute) {
            making.steps.add_routes(step, signal, fader_gains(master, signal.channels, plan.output_channels),
                                    outputs, signal.latency);
        }
        making.steps.silence_unfed(step, 0, outputs);
        making.steps.push(std::move(step));
        plan.render.latency_frames = signal.latency;
        plan.tail_frames = std::max<std::int64_t>(0, signal.reach - signal.latency);
        plan.preroll_frames = signal.reach + signal.settle;
        note_end(making, routing_.master(), signal);
    }

    const Session& session_;
    const Routing& routing_;
    std::span<const int> channels_;  ///< [strip], where its chain begins
    const StripChains& chains_;
    std::set<int> keys_;                           ///< strips that side-chains listen to
    std::vector<std::int64_t> source_ends_;        ///< [strip]: the last end of a track above it
    std::vector<std::vector<Stream>> fed_;         ///< [strip]: what goes into it
    std::vector<std::optional<Stream>> finished_;  ///< [strip]: of keys
    std::vector<Branch> branches_;
};

}  // namespace

BranchMaker::BranchMaker(const OpenedSession& opened, KnownChains& known, const Warn& warn)
    : material_(std::make_unique<Material>(opened, known, warn)) {}
BranchMaker::~BranchMaker() = default;
BranchMaker::BranchMaker(BranchMaker&&) noexcept = default;
BranchMaker& BranchMaker::operator=(BranchMaker&&) noexcept = default;

std::vector<Branch> BranchMaker::make() const {
    const TraceScope scope("plan");
    return BranchBuilder(material_->opened, material_->routing, material_->channels, *material_->chains)
        .build();
}

const Strip& BranchMaker::strip(int number) const { return material_->routing.strip(number); }

int BranchMaker::designed_chain_count() const { return material_->chains->designed_count(); }

bool BranchMaker::design(std::span<const int> strips) { return material_->chains->design(strips); }

}  // namespace tutti
