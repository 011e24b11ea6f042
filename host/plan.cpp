#include "host/plan.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "engine/trace.hpp"
#include "host/contributions.hpp"
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

/// A step whose routes name curves of the plan takes only those from its first to its last.
void count_curves_from_first(MixStep& step) {
    if (step.mixer.routes.empty()) return;
    const auto [first, last] =
        std::minmax_element(step.mixer.routes.begin(), step.mixer.routes.end(),
                            [](const MixRoute& a, const MixRoute& b) { return a.curve < b.curve; });
    step.first_curve = first->curve;
    step.mixer.curve_count = last->curve - first->curve + 1;
    for (MixRoute& route : step.mixer.routes) route.curve -= step.first_curve;
}

class PlanBuilder {
  public:
    PlanBuilder(const Session& session, std::span<const int> channels, const PlanOptions& options,
                const Warn& warn)
        : session_(session),
          options_(options),
          routing_(session),
          steps_(plan_.render),
          signals_(routing_.strip_count()) {
        plan_.render.sample_rate_hz = session.sample_rate_hz;
        plan_.output_channels = session.master.channels;
        add_sources(channels);
        make_chains(warn);
        if (options.heard) follow(*options.heard);
        if (!options.parts.empty()) follow_parts();
        for (int depth = 0; depth <= routing_.max_depth(); ++depth) add_depth(depth);
    }

    MixPlan finish() {
        add_outputs();
        const int history = (steps_.longest_delay() + control_hop - 1) / control_hop * control_hop;
        plan_.render.shape = {steps_.row_count(), options_.chunk_frames, std::max(control_hop, history)};
        const Signal& master = signals_[routing_.master()];
        plan_.render.latency_frames = master.latency;
        plan_.tail_frames = std::max<std::int64_t>(0, master.reach - master.latency);
        plan_.preroll_frames = master.reach + master.settle;
        // What is heard are rows that sums would do without.
        if (!options_.heard && options_.sums_in_convolvers) sum_in_convolvers(plan_.render);
        return std::move(plan_);
    }

  private:
    bool is_track(int strip) const { return strip < static_cast<int>(session_.tracks.size()); }

    bool has_chain(int strip) const {
        const bool ends_before = options_.output == PlanOptions::Output::master_input;
        return routing_.is_needed(strip) && !(ends_before && strip == routing_.master());
    }

    void follow(const PlanOptions::Heard& heard) {
        std::vector<int> owners(session_.tracks.size());
        std::iota(owners.begin(), owners.end(), 0);
        for (const std::vector<int>& merged : heard.coherent.merged) {
            for (const int track : merged) owners[track] = merged.front();
        }
        contributions_.emplace(routing_, steps_, chains_, heard.component_hz, std::move(owners));
    }

    void follow_parts() {
        std::vector<int> owners(session_.tracks.size());
        std::iota(owners.begin(), owners.end(), 0);
        contributions_.emplace(routing_, steps_, chains_, std::vector<double>(), std::move(owners));
        std::set<int> all;
        for (const std::vector<std::string>& part : options_.parts) {
            std::set<int>& strips = parts_.emplace_back();
            for (const std::string& name : part) strips.insert(routing_.index_of(name));
            all.insert(strips.begin(), strips.end());
        }
        contributions_->follow_as_sound(std::move(all));
    }

    void add_sources(std::span<const int> channels) {
        for (int i = 0; is_track(i); ++i) {
            if (!routing_.is_needed(i)) continue;
            const Track& track = session_.tracks[i];
            Signal& signal = signals_[i];
            signal.channels = channels[i];
            for (int c = 0; c < channels[i]; ++c) signal.rows[c] = steps_.new_row();
            signal.gain = db_to_gain(track.trim_db) * (track.invert_polarity ? -1.0 : 1.0);
            plan_.sources.push_back({i, signal.rows[0], channels[i]});
        }
        plan_.render.source_row_count = steps_.row_count();
        for (std::size_t b = 0; b < session_.buses.size(); ++b) {
            signals_[session_.tracks.size() + b].channels = session_.buses[b].channels;
        }
        signals_[routing_.master()].channels = session_.master.channels;
    }

    void make_chains(const Warn& warn) {
        std::vector<int> channels;
        std::vector<bool> wanted;
        for (int i = 0; i < routing_.strip_count(); ++i) {
            channels.push_back(signals_[i].channels);
            wanted.push_back(has_chain(i));
        }
        designed_.emplace(session_, routing_, channels, wanted, warn);
        chains_ = designed_->all();
        plan_.dropped_ends = designed_->dropped_ends();
        plan_.design_bytes = designed_->design_bytes();
    }

    /// Everything that depends only on lesser depths: sums into buses, then the chains, stage by stage side
    /// by side.
    void add_depth(int depth) {
        std::vector<int> strips;
        std::size_t stage_count = 0;
        for (int i = 0; i < routing_.strip_count(); ++i) {
            if (!routing_.is_needed(i) || routing_.depth(i) != depth) continue;
            strips.push_back(i);
            stage_count = std::max(stage_count, chains_[i].size());
        }
        MixStep sums;
        for (const int strip : strips) {
            if (!is_track(strip)) add_sum(sums, strip);
        }
        steps_.push(std::move(sums));
        if (contributions_) {
            for (const int strip : strips) {
                if (!is_track(strip)) contributions_->enter(strip, signals_);
            }
            if (depth == routing_.max_depth()) options_.heard ? collect_heard() : collect_parts();
        }
        for (std::size_t stage = 0; stage < stage_count; ++stage) add_stage(strips, stage);
        if (!contributions_) return;
        for (const int strip : strips) contributions_->leave(strip, signals_[strip]);
    }

    /// At the master's input, before its chain works on it.
    void collect_heard() {
        MixStep step;
        plan_.heard = collect_objects(*contributions_, routing_, options_.heard->coherent,
                                      session_.master.channels, steps_, step);
        plan_.heard->latency_frames = signals_[routing_.master()].latency;
        steps_.push(std::move(step));
    }

    void collect_parts() {
        MixStep step;
        for (const std::set<int>& strips : parts_) {
            const std::size_t first_row = part_rows_.size();
            const std::size_t first_route = step.mixer.routes.size();
            for (int c = 0; c < plan_.output_channels; ++c) part_rows_.push_back(steps_.new_row());
            for (const Contribution& part : contributions_->in(routing_.master())) {
                if (strips.count(part.object) == 0) continue;
                for (int c = 0; c < plan_.output_channels; ++c) {
                    for (int i = 0; i < part.row_count; ++i) {
                        const auto gain = static_cast<float>(part.gains[c][i]);
                        if (gain == 0.0F) continue;
                        steps_.add_route(step,
                                         {part.rows[i], part_rows_[first_row + c], gain, part.delay, -1});
                    }
                }
            }
            steps_.silence_unfed(step, first_route, std::span(part_rows_).subspan(first_row));
        }
        steps_.push(std::move(step));
    }

    /// A bus: everything that is routed or sent into it, in session order, each as late as the latest.
    void add_sum(MixStep& step, int index) {
        Signal& bus = signals_[index];
        const std::string& name = routing_.strip(index).name;
        for (int c = 0; c < bus.channels; ++c) bus.rows[c] = steps_.new_row();
        for (const int feeder : routing_.feeders(index))
            bus.latency = std::max(bus.latency, signals_[feeder].latency);

        const std::span<const int> rows(bus.rows.data(), bus.channels);
        const std::size_t first_route = step.mixer.routes.size();
        for (const int feeder : routing_.feeders(index)) {
            const Strip& strip = routing_.strip(feeder);
            const Signal& signal = signals_[feeder];
            bus.reach = std::max(bus.reach, signal.reach + signal.delay + bus.latency - signal.latency);
            bus.settle = std::max(bus.settle, signal.settle);
            if (strip.output == name) {
                steps_.add_routes(step, signal, fader_gains(strip, signal.channels, bus.channels), rows,
                                  bus.latency);
            }
            for (const Send& send : strip.sends) {
                if (send.to != name) continue;
                steps_.add_routes(step, signal, send_gains(strip, send, signal.channels, bus.channels), rows,
                                  bus.latency);
            }
        }
        steps_.silence_unfed(step, first_route, rows);
    }

    void add_stage(std::span<const int> strips, std::size_t number) {
        std::vector<KernelUse> kernels;
        std::vector<DynamicsUse> dynamics;
        std::vector<AppliedGain> applied(strips.size());
        for (const int index : strips) {
            if (number >= chains_[index].size()) continue;
            const Stage& stage = chains_[index][number];
            if (!stage.dynamics) {
                kernels.push_back({&stage.sketch, &stage.kernel, &signals_[index]});
                continue;
            }
            const std::string sidechain = sidechain_of(*stage.dynamics);
            const Signal* const key = sidechain.empty() ? nullptr : &signals_[routing_.index_of(sidechain)];
            dynamics.push_back({routing_.strip(index).name, stage.insert, stage.dynamics, &signals_[index],
                                key,
                                contributions_ && !is_track(index) ? &applied[dynamics.size()] : nullptr});
        }
        add_kernel_stage(steps_, kernels);
        add_dynamics_stage(steps_, plan_, dynamics);
        if (contributions_) follow_stage(strips, number, applied);
    }

    /// What passes through the stage's buses.
    void follow_stage(std::span<const int> strips, std::size_t number, std::span<const AppliedGain> applied) {
        MixStep step;
        std::size_t dynamics = 0;
        for (const int index : strips) {
            if (number >= chains_[index].size()) continue;
            const Stage& stage = chains_[index][number];
            if (stage.dynamics) {
                contributions_->pass(step, index, applied[dynamics++]);
            } else {
                contributions_->pass(index, stage.kernel);
            }
        }
        count_curves_from_first(step);
        steps_.push(std::move(step));
    }

    void add_outputs() {
        MixStep step;
        add_mix(step);
        for (int i = 0; options_.with_stems && i < routing_.master(); ++i) {
            if (routing_.reaches_master(i)) add_stem(step, i);
        }
        steps_.push(std::move(step));
        plan_.render.output_rows.insert(plan_.render.output_rows.end(), part_rows_.begin(), part_rows_.end());
    }

    void add_mix(MixStep& step) {
        const Signal& signal = signals_[routing_.master()];
        const Strip& master = session_.master;
        std::vector<int>& outputs = plan_.render.output_rows;
        const bool is_finished =
            !has_chain(routing_.master()) ||
            (signal.is_plain() && !master.mute && master.gain_db == 0.0 && master.pan == 0.0);
        if (is_finished && signal.channels == plan_.output_channels) {
            outputs.assign(signal.rows.begin(), signal.rows.begin() + signal.channels);
            return;
        }
        for (int c = 0; c < plan_.output_channels; ++c) outputs.push_back(steps_.new_row());
        const std::size_t first_route = step.mixer.routes.size();
        if (!master.mute) {
            steps_.add_routes(step, signal, fader_gains(master, signal.channels, plan_.output_channels),
                              outputs, signal.latency);
        }
        steps_.silence_unfed(step, first_route, outputs);
    }

    void add_stem(MixStep& step, int index) {
        const Strip& strip = routing_.strip(index);
        const Signal& signal = signals_[index];
        std::vector<int> rows(plan_.output_channels);
        for (int& row : rows) row = steps_.new_row();
        const std::size_t first_route = step.mixer.routes.size();
        steps_.add_routes(step, signal, fader_gains(strip, signal.channels, plan_.output_channels), rows,
                          signals_[routing_.master()].latency);
        steps_.silence_unfed(step, first_route, rows);
        std::vector<int>& outputs = plan_.render.output_rows;
        plan_.stems.push_back({strip.name, static_cast<int>(outputs.size())});
        outputs.insert(outputs.end(), rows.begin(), rows.end());
    }

    const Session& session_;
    const PlanOptions& options_;
    Routing routing_;
    MixPlan plan_;
    StepList steps_;
    std::vector<Signal> signals_;  ///< [strip]
    std::optional<StripChains> designed_;
    std::span<const std::span<const Stage>> chains_;  ///< [strip][stage]
    std::optional<Contributions> contributions_;
    std::vector<std::set<int>> parts_;  ///< strips
    std::vector<int> part_rows_;
};

}  // namespace

MixPlan make_plan(const Session& session, std::span<const int> channels, const PlanOptions& options,
                  const Warn& warn) {
    const TraceScope scope("plan");
    return PlanBuilder(session, channels, options, warn).finish();
}

}  // namespace tutti
