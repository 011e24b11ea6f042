#include "host/plan.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "engine/threads.hpp"
#include "host/pan.hpp"
#include "host/plan_dynamics.hpp"
#include "host/plan_kernels.hpp"
#include "host/plan_steps.hpp"
#include "host/plan_sums.hpp"
#include "host/routing.hpp"
#include "host/strip_chain.hpp"

namespace tutti {

namespace {

ChannelGains scaled(ChannelGains gains, double factor) {
    for (auto& row : gains) {
        for (double& gain : row) gain *= factor;
    }
    return gains;
}

ChannelGains fader_gains(const Strip& strip, int input_channels, int output_channels) {
    return scaled(pan_gains(strip.pan, strip.pan_law_db, input_channels, output_channels),
                  db_to_gain(strip.gain_db));
}

/// A post-fader send is tapped behind fader and pan, and its own pan is a balance on that; a pre-fader send
/// is tapped before both and placed by its own pan alone.
ChannelGains send_gains(const Strip& strip, const Send& send, int input_channels, int output_channels) {
    ChannelGains gains = pan_gains(send.pan, strip.pan_law_db, input_channels, output_channels);
    if (!send.pre_fader) {
        gains = fader_gains(strip, input_channels, output_channels);
        if (output_channels == 2) gains = chain(pan_gains(send.pan, strip.pan_law_db, 2, 2), gains);
    }
    return scaled(gains, db_to_gain(send.gain_db));
}

class PlanBuilder {
  public:
    PlanBuilder(const Session& session, std::span<const int> channels, const Warn& warn)
        : session_(session), routing_(session), steps_(plan_.render), signals_(routing_.strip_count()) {
        plan_.render.sample_rate_hz = session.sample_rate_hz;
        plan_.output_channels = session.master.channels;
        add_sources(channels);
        make_chains(warn);
        for (int depth = 0; depth <= routing_.max_depth(); ++depth) add_depth(depth);
    }

    MixPlan finish(bool with_stems, int chunk_frames) {
        add_outputs(with_stems);
        const int history = (steps_.longest_delay() + control_hop - 1) / control_hop * control_hop;
        plan_.render.shape = {steps_.row_count(), chunk_frames, std::max(control_hop, history)};
        const Signal& master = signals_[routing_.master()];
        plan_.render.latency_frames = master.latency;
        plan_.tail_frames = std::max<std::int64_t>(0, master.reach - master.latency);
        plan_.preroll_frames = master.reach + master.settle;
        sum_in_convolvers(plan_.render);
        return std::move(plan_);
    }

  private:
    bool is_track(int strip) const { return strip < static_cast<int>(session_.tracks.size()); }

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

    /// Kernel design and impulse responses are the costly part: strip by strip on all threads, and once for
    /// all strips with the same inserts.
    void make_chains(const Warn& warn) {
        std::vector<int> firsts;   // [designed]: the first strip with these inserts
        std::vector<int> numbers;  // [strip]: of the designed
        for (int i = 0; i < routing_.strip_count(); ++i) {
            const auto known = std::find_if(firsts.begin(), firsts.end(), [&](int first) {
                return signals_[first].channels == signals_[i].channels &&
                       routing_.strip(first).inserts == routing_.strip(i).inserts;
            });
            numbers.push_back(static_cast<int>(known - firsts.begin()));
            if (known == firsts.end() && routing_.is_needed(i)) firsts.push_back(i);
        }
        designed_.resize(firsts.size());
        std::mutex mutex;
        const Warn one_at_a_time = [&](const std::string& text) {
            const std::lock_guard lock(mutex);
            warn(text);
        };
        parallel_for(static_cast<int>(firsts.size()), [&](int i) {
            const int strip = firsts[i];
            designed_[i] =
                make_stages(routing_.strip(strip), signals_[strip].channels, session_, one_at_a_time);
        });
        chains_.resize(routing_.strip_count());
        for (int i = 0; i < routing_.strip_count(); ++i) {
            if (!routing_.is_needed(i)) continue;
            chains_[i] = designed_[numbers[i]];
            for (const Stage& stage : chains_[i]) {
                if (stage.kernel.dropped_frames == 0) continue;
                plan_.dropped_ends.push_back({routing_.strip(i).name, stage.kernel.dropped_frames});
            }
        }
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
        for (std::size_t stage = 0; stage < stage_count; ++stage) add_stage(strips, stage);
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
        for (const int index : strips) {
            if (number >= chains_[index].size()) continue;
            const Stage& stage = chains_[index][number];
            if (!stage.dynamics) {
                kernels.push_back({&stage.kernel, &signals_[index]});
                continue;
            }
            const std::string sidechain = sidechain_of(*stage.dynamics);
            const Signal* const key = sidechain.empty() ? nullptr : &signals_[routing_.index_of(sidechain)];
            dynamics.push_back(
                {routing_.strip(index).name, stage.insert, stage.dynamics, &signals_[index], key});
        }
        add_kernel_stage(steps_, kernels);
        add_dynamics_stage(steps_, plan_, dynamics);
    }

    void add_outputs(bool with_stems) {
        MixStep step;
        add_mix(step);
        for (int i = 0; with_stems && i < routing_.master(); ++i) {
            if (routing_.reaches_master(i)) add_stem(step, i);
        }
        steps_.push(std::move(step));
    }

    void add_mix(MixStep& step) {
        const Signal& signal = signals_[routing_.master()];
        const Strip& master = session_.master;
        std::vector<int>& outputs = plan_.render.output_rows;
        const bool is_finished =
            signal.is_plain() && !master.mute && master.gain_db == 0.0 && master.pan == 0.0;
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
    Routing routing_;
    MixPlan plan_;
    StepList steps_;
    std::vector<Signal> signals_;                 ///< [strip]
    std::vector<std::vector<Stage>> designed_;    ///< every chain once, [stage]
    std::vector<std::span<const Stage>> chains_;  ///< [strip][stage]
};

}  // namespace

MixPlan make_plan(const Session& session, std::span<const int> channels, bool with_stems, int chunk_frames,
                  const Warn& warn) {
    return PlanBuilder(session, channels, warn).finish(with_stems, chunk_frames);
}

}  // namespace tutti
