#include "host/plan.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <unordered_map>

#include "engine/threads.hpp"
#include "host/dynamics.hpp"
#include "host/eq.hpp"
#include "host/pan.hpp"
#include "host/routing.hpp"
#include "host/strip_chain.hpp"

namespace tutti {

namespace {

/// Wanted delays up to this are taken along to the next mix; longer ones become leading zeros of the kernel,
/// so that no row needs a long past.
constexpr int longest_carried_delay = 8192;

/// A strip's samples on their way: rows, and what is still to be done to them at the next opportunity.
struct Signal {
    std::array<int, 2> rows{-1, -1};
    int channels = 0;
    double gain = 1.0;        ///< to be applied
    int delay = 0;            ///< a wanted delay, to be applied
    int latency = 0;          ///< how late the rows are, to be compensated
    std::int64_t reach = 0;   ///< frames of the past that the rows depend on through kernels
    std::int64_t settle = 0;  ///< and through dynamics

    bool is_plain() const { return gain == 1.0 && delay == 0; }
};

/// Collects kernels for one ConvolveStep; equal ones are one.
class KernelSet {
  public:
    explicit KernelSet(ConvolverPlan& plan) : plan_(plan) {}

    int add(const std::vector<double>& taps, int leading_zeros) {
        std::vector<float> kernel(leading_zeros, 0.0F);
        kernel.insert(kernel.end(), taps.begin(), taps.end());
        if (kernel.empty()) kernel.push_back(0.0F);
        const std::string_view bytes(reinterpret_cast<const char*>(kernel.data()),
                                     kernel.size() * sizeof(float));
        const std::size_t hash = std::hash<std::string_view>{}(bytes);
        for (auto [it, end] = known_.equal_range(hash); it != end; ++it) {
            if (plan_.kernels[it->second] == kernel) return it->second;
        }
        const int index = static_cast<int>(plan_.kernels.size());
        plan_.kernels.push_back(std::move(kernel));
        known_.emplace(hash, index);
        return index;
    }

  private:
    ConvolverPlan& plan_;
    std::unordered_multimap<std::size_t, int> known_;
};

/// What a dynamics insert of any kind has.
struct DynamicsTraits {
    const Key* key;  ///< null: none (limiter)
    bool stereo_link;
    LevelKind level;
    int lookahead_frames;
    double settle_ms;
    const char* word;
};

LevelKind level_of(Detector detector) {
    return detector == Detector::rms ? LevelKind::mean_square : LevelKind::peak;
}

DynamicsTraits traits_of(const CompressorInsert& c, int rate) {
    return {&c.key,
            c.stereo_link,
            level_of(c.detector),
            lookahead_frames(c, rate),
            c.attack_ms + c.hold_ms + c.release_ms + (c.detector == Detector::rms ? c.rms_window_ms : 0.0),
            "compressor"};
}
DynamicsTraits traits_of(const GateInsert& g, int rate) {
    return {&g.key,
            g.stereo_link,
            level_of(g.detector),
            lookahead_frames(g, rate),
            g.attack_ms + g.hold_ms + g.release_ms + (g.detector == Detector::rms ? g.rms_window_ms : 0.0),
            "gate"};
}
DynamicsTraits traits_of(const LimiterInsert& l, int rate) {
    return {nullptr,
            l.stereo_link,
            LevelKind::true_peak,
            lookahead_frames(l, rate),
            l.lookahead_ms + l.release_ms,
            "limiter"};
}

std::shared_ptr<const GainShape> make_shape(std::vector<DynamicsLane<CompressorInsert>> lanes, int taps,
                                            int rate) {
    return make_compressor_shape(std::move(lanes), taps, rate);
}
std::shared_ptr<const GainShape> make_shape(std::vector<DynamicsLane<GateInsert>> lanes, int taps, int rate) {
    return make_gate_shape(std::move(lanes), taps, rate);
}
std::shared_ptr<const GainShape> make_shape(std::vector<DynamicsLane<LimiterInsert>> lanes, int taps,
                                            int rate) {
    return make_limiter_shape(std::move(lanes), taps, rate);
}

/// The filters on a key as an EQ kernel; empty when there are none.
std::vector<EqBand> key_bands(const Key& key) {
    std::vector<EqBand> bands;
    if (key.highpass_hz) bands.push_back({EqShape::highpass, *key.highpass_hz, 0.0, 0.7071, 12});
    if (key.lowpass_hz) bands.push_back({EqShape::lowpass, *key.lowpass_hz, 0.0, 0.7071, 12});
    return bands;
}

class PlanBuilder {
  public:
    PlanBuilder(const Session& session, std::span<const int> channels, const Warn& warn)
        : session_(session),
          routing_(session),
          rate_(session.sample_rate_hz),
          signals_(routing_.strip_count()) {
        add_sources(channels);
        lower_chains(warn);
        for (int depth = 0; depth <= routing_.max_depth(); ++depth) add_depth(depth);
    }

    MixPlan finish(bool with_stems, int chunk_frames) {
        add_outputs(with_stems);
        RenderPlan& render = plan_.render;
        render.sample_rate_hz = rate_;
        render.shape = {
            row_count_, chunk_frames,
            std::max(control_hop, (longest_delay_ + control_hop - 1) / control_hop * control_hop)};
        const Signal& master = signals_[routing_.master()];
        render.latency_frames = master.latency;
        plan_.tail_frames = std::max<std::int64_t>(0, master.reach - master.latency);
        plan_.preroll_frames = master.reach + master.settle;
        return std::move(plan_);
    }

  private:
    int new_row() { return row_count_++; }

    void add_sources(std::span<const int> channels) {
        for (int i = 0; i < static_cast<int>(session_.tracks.size()); ++i) {
            if (!routing_.is_needed(i)) continue;
            const Track& track = session_.tracks[i];
            Signal& signal = signals_[i];
            signal.channels = channels[i];
            for (int c = 0; c < channels[i]; ++c) signal.rows[c] = new_row();
            signal.gain = db_to_gain(track.trim_db) * (track.invert_polarity ? -1.0 : 1.0);
            plan_.sources.push_back({i, signal.rows[0], channels[i]});
        }
        plan_.render.source_row_count = row_count_;
        for (std::size_t b = 0; b < session_.buses.size(); ++b) {
            signals_[session_.tracks.size() + b].channels = session_.buses[b].channels;
        }
        signals_[routing_.master()].channels = session_.master.channels;
        plan_.output_channels = session_.master.channels;
    }

    /// Kernel design and files: the costly part, strip by strip on all threads.
    void lower_chains(const Warn& warn) {
        stages_.resize(routing_.strip_count());
        std::mutex mutex;
        const Warn one_at_a_time = [&](const std::string& text) {
            const std::lock_guard lock(mutex);
            warn(text);
        };
        parallel_for(routing_.strip_count(), [&](int i) {
            if (!routing_.is_needed(i)) return;
            stages_[i] = make_stages(routing_.strip(i), signals_[i].channels, session_, one_at_a_time);
        });
    }

    /// Everything that depends only on lesser depths: sums into buses, then the chains, stage by stage side
    /// by side.
    void add_depth(int depth) {
        std::vector<int> strips;
        std::size_t stage_count = 0;
        for (int i = 0; i < routing_.strip_count(); ++i) {
            if (!routing_.is_needed(i) || routing_.depth(i) != depth) continue;
            strips.push_back(i);
            stage_count = std::max(stage_count, stages_[i].size());
        }
        add_bus_sums(strips);
        for (std::size_t stage = 0; stage < stage_count; ++stage) {
            add_kernels(strips, stage);
            add_dynamics<CompressorInsert>(strips, stage);
            add_dynamics<GateInsert>(strips, stage);
            add_dynamics<LimiterInsert>(strips, stage);
        }
    }

    // ---- sums
    // -----------------------------------------------------------------------------------------------------

    /// Adds routes from a signal through `gains` into rows that are `latency` late.
    void add_routes(MixStep& step, const Signal& from, const ChannelGains& gains,
                    std::span<const int> output_rows, int latency) {
        for (std::size_t out = 0; out < output_rows.size(); ++out) {
            for (int in = 0; in < from.channels; ++in) {
                const double gain = gains[out][in] * from.gain;
                if (gain == 0.0) continue;
                add_route(step, {from.rows[in], output_rows[out], static_cast<float>(gain),
                                 latency - from.latency + from.delay, -1});
            }
        }
    }

    void add_route(MixStep& step, const MixRoute& route) {
        longest_delay_ = std::max(longest_delay_, route.delay_frames);
        step.mixer.routes.push_back(route);
    }

    /// Rows that nothing feeds are silence: a route of gain 0 onto itself makes one so.
    void silence_unfed(MixStep& step, std::size_t first_route, std::span<const int> rows) {
        const auto begin = step.mixer.routes.begin() + static_cast<std::ptrdiff_t>(first_route);
        std::vector<int> unfed;
        for (const int row : rows) {
            const auto feeds = [&](const MixRoute& route) { return route.output_row == row; };
            if (std::none_of(begin, step.mixer.routes.end(), feeds)) unfed.push_back(row);
        }
        for (const int row : unfed) add_route(step, {row, row, 0.0F, 0, -1});
    }

    static ChannelGains fader_gains(const Strip& strip, int input_channels, int output_channels) {
        ChannelGains gains = pan_gains(strip.pan, strip.pan_law_db, input_channels, output_channels);
        for (auto& row : gains) {
            for (double& gain : row) gain *= db_to_gain(strip.gain_db);
        }
        return gains;
    }

    /// A post-fader send is tapped behind fader and pan, and its own pan is a balance on that; a pre-fader
    /// send is tapped before both and placed by its own pan alone.
    static ChannelGains send_gains(const Strip& strip, const Send& send, int input_channels,
                                   int output_channels) {
        ChannelGains gains = pan_gains(send.pan, strip.pan_law_db, input_channels, output_channels);
        if (!send.pre_fader) {
            gains = fader_gains(strip, input_channels, output_channels);
            if (output_channels == 2) gains = chain(pan_gains(send.pan, strip.pan_law_db, 2, 2), gains);
        }
        for (auto& row : gains) {
            for (double& gain : row) gain *= db_to_gain(send.gain_db);
        }
        return gains;
    }

    void add_bus_sums(std::span<const int> strips) {
        MixStep step;
        for (const int index : strips) {
            if (index < static_cast<int>(session_.tracks.size())) continue;
            Signal& bus = signals_[index];
            for (int c = 0; c < bus.channels; ++c) bus.rows[c] = new_row();
            for (const int feeder : routing_.feeders(index)) {
                bus.latency = std::max(bus.latency, signals_[feeder].latency);
            }
            const std::span<const int> rows(bus.rows.data(), bus.channels);
            const std::size_t first_route = step.mixer.routes.size();
            for (const int feeder : routing_.feeders(index)) {
                const Strip& strip = routing_.strip(feeder);
                const Signal& signal = signals_[feeder];
                bus.reach = std::max(bus.reach, signal.reach + bus.latency - signal.latency + signal.delay);
                bus.settle = std::max(bus.settle, signal.settle);
                if (strip.output == routing_.strip(index).name) {
                    add_routes(step, signal, fader_gains(strip, signal.channels, bus.channels), rows,
                               bus.latency);
                }
                for (const Send& send : strip.sends) {
                    if (send.to != routing_.strip(index).name) continue;
                    add_routes(step, signal, send_gains(strip, send, signal.channels, bus.channels), rows,
                               bus.latency);
                }
            }
            silence_unfed(step, first_route, rows);
        }
        push(std::move(step));
    }

    /// Applies the gain and the delay that a signal still carries, in place where it is not delayed.
    void settle_signal(MixStep& step, Signal& signal) {
        if (signal.is_plain()) return;
        for (int c = 0; c < signal.channels; ++c) {
            const int from = signal.rows[c];
            if (signal.delay > 0) signal.rows[c] = new_row();
            add_route(step, {from, signal.rows[c], static_cast<float>(signal.gain), signal.delay, -1});
        }
        signal.gain = 1.0;
        signal.delay = 0;
    }

    // ---- kernels
    // --------------------------------------------------------------------------------------------------

    void add_kernels(std::span<const int> strips, std::size_t stage) {
        ConvolveStep step;
        KernelSet kernels(step.convolver);
        for (const int index : strips) {
            if (stage >= stages_[index].size() || stages_[index][stage].dynamics) continue;
            FusedKernel& kernel = stages_[index][stage].kernel;
            Signal& signal = signals_[index];
            signal.latency += kernel.latency_frames;
            const bool bake_delay = signal.delay + kernel.delay_frames > longest_carried_delay;
            if (!bake_delay) signal.delay += kernel.delay_frames;
            if (!bake_delay && kernel.is_gain_only() && is_one_gain(kernel)) {
                if (!kernel.paths.empty())
                    signal.gain *= kernel.paths[0][0].empty() ? 0.0 : kernel.paths[0][0][0];
                continue;
            }
            add_paths(step, kernels, signal, kernel, bake_delay ? kernel.delay_frames : 0);
        }
        push(std::move(step));
    }

    /// The same factor on every channel and nothing across: the signal can carry it.
    static bool is_one_gain(const FusedKernel& kernel) {
        if (kernel.input_channels != kernel.output_channels) return false;
        for (int out = 0; out < kernel.output_channels; ++out) {
            for (int in = 0; in < kernel.input_channels; ++in) {
                const std::vector<double>& taps = kernel.paths[out][in];
                if (out == in ? taps != kernel.paths[0][0] : !taps.empty()) return false;
            }
        }
        return true;
    }

    void add_paths(ConvolveStep& step, KernelSet& kernels, Signal& signal, const FusedKernel& kernel,
                   int leading_zeros) {
        const std::array<int, 2> inputs = signal.rows;
        std::size_t longest = 1;
        if (kernel.output_channels != signal.channels) {
            for (int out = 0; out < kernel.output_channels; ++out) signal.rows[out] = new_row();
        }
        for (int out = 0; out < kernel.output_channels; ++out) {
            bool fed = false;
            for (int in = 0; in < kernel.input_channels; ++in) {
                const std::vector<double>& taps = kernel.paths[out][in];
                if (taps.empty()) continue;
                step.convolver.paths.push_back(
                    {inputs[in], kernels.add(taps, leading_zeros), signal.rows[out]});
                longest = std::max(longest, taps.size() + leading_zeros);
                fed = true;
            }
            if (!fed) step.convolver.paths.push_back({inputs[0], kernels.add({}, 0), signal.rows[out]});
        }
        signal.channels = kernel.output_channels;
        signal.reach += static_cast<std::int64_t>(longest) - 1;
    }

    // ---- dynamics
    // -------------------------------------------------------------------------------------------------

    template <typename Settings>
    struct Use {
        int strip;
        int insert;
        const Settings* settings;
        DynamicsTraits traits;
        Signal key;     ///< what the detector hears, aligned with the audio
        int alignment;  ///< frames the audio waits for a later key
    };

    template <typename Settings>
    void add_dynamics(std::span<const int> strips, std::size_t stage) {
        std::vector<Use<Settings>> uses;
        for (const int index : strips) {
            if (stage >= stages_[index].size() || !stages_[index][stage].dynamics) continue;
            const Stage& found = stages_[index][stage];
            if (const auto* settings = std::get_if<Settings>(&found.dynamics->processor)) {
                uses.push_back({index, found.insert, settings, traits_of(*settings, rate_), {}, 0});
            }
        }
        if (uses.empty()) return;
        plan_.has_dynamics = true;
        add_keys(uses);
        add_levels_and_gains(uses);
    }

    /// Makes the key signals: settled, aligned in time with the audio, filtered.
    template <typename Settings>
    void add_keys(std::vector<Use<Settings>>& uses) {
        MixStep settle;
        for (Use<Settings>& use : uses) {
            Signal& audio = signals_[use.strip];
            settle_signal(settle, audio);
            use.key = audio;
            if (use.traits.key && !use.traits.key->sidechain.empty()) {
                use.key = signals_[routing_.index_of(use.traits.key->sidechain)];
                const int wait = std::max(0, audio.latency - use.key.latency);
                use.alignment = std::max(0, use.key.latency - audio.latency);
                audio.reach = std::max(audio.reach, use.key.reach + wait);
                audio.settle = std::max(audio.settle, use.key.settle);
                use.key.delay += wait;
                // Its rows belong to another strip: only a copy may be changed.
                if (!use.key.is_plain()) copy_signal(settle, use.key);
            }
        }
        push(std::move(settle));

        ConvolveStep filter;
        KernelSet kernels(filter.convolver);
        for (Use<Settings>& use : uses) {
            if (!use.traits.key) continue;
            const std::vector<EqBand> bands = key_bands(*use.traits.key);
            if (bands.empty()) continue;
            const int kernel = kernels.add(design_eq(EqPhase::minimum, bands, rate_).taps, 0);
            for (int c = 0; c < use.key.channels; ++c) {
                const int row = new_row();
                filter.convolver.paths.push_back({use.key.rows[c], kernel, row});
                use.key.rows[c] = row;
            }
        }
        push(std::move(filter));
    }

    void copy_signal(MixStep& step, Signal& signal) {
        for (int c = 0; c < signal.channels; ++c) {
            const int row = new_row();
            add_route(step, {signal.rows[c], row, static_cast<float>(signal.gain), signal.delay, -1});
            signal.rows[c] = row;
        }
        signal.gain = 1.0;
        signal.delay = 0;
    }

    template <typename Settings>
    void add_levels_and_gains(const std::vector<Use<Settings>>& uses) {
        MeasureStep measure;
        MixStep apply;
        std::vector<DynamicsLane<Settings>> lanes;
        for (const Use<Settings>& use : uses) {
            const int first_tap = static_cast<int>(measure.taps.size());
            for (int c = 0; c < use.key.channels; ++c)
                measure.taps.push_back({use.key.rows[c], use.traits.level});

            Signal& audio = signals_[use.strip];
            const bool split = !use.traits.stereo_link && audio.channels == 2 && use.key.channels == 2;
            const int first_curve = static_cast<int>(lanes.size());
            if (split) {
                lanes.push_back({*use.settings, first_tap, 1});
                lanes.push_back({*use.settings, first_tap + 1, 1});
            } else {
                lanes.push_back({*use.settings, first_tap, use.key.channels});
            }
            for (std::size_t i = first_curve; i < lanes.size(); ++i) {
                plan_.curves.push_back({routing_.strip(use.strip).name, use.traits.word, use.insert});
            }

            const int delay = use.traits.lookahead_frames + use.alignment;
            // A true-peak level reads the row's past, which has to stay what it was: such rows are never
            // written in place.
            const bool in_place = delay == 0 && use.traits.level != LevelKind::true_peak;
            for (int c = 0; c < audio.channels; ++c) {
                const int from = audio.rows[c];
                if (!in_place) audio.rows[c] = new_row();
                add_route(apply, {from, audio.rows[c], 1.0F, delay, first_curve + (split ? c : 0)});
            }
            audio.latency += delay;
            audio.reach += delay;
            // Eight time constants: a difference in the past has faded by 70 dB.
            audio.settle += static_cast<std::int64_t>(std::ceil(8.0 * use.traits.settle_ms / 1000.0 * rate_));
        }
        RenderPlan& render = plan_.render;
        apply.mixer.curve_count = static_cast<int>(lanes.size());
        apply.first_curve = render.curve_count;
        measure.first_level = render.level_count;
        const int tap_count = static_cast<int>(measure.taps.size());
        ShapeStep shape{make_shape(std::move(lanes), tap_count, rate_), render.level_count,
                        render.curve_count};
        render.level_count += tap_count;
        render.curve_count += apply.mixer.curve_count;
        render.steps.emplace_back(std::move(measure));
        render.steps.emplace_back(std::move(shape));
        render.steps.emplace_back(std::move(apply));
    }

    // ---- outputs
    // --------------------------------------------------------------------------------------------------

    void add_outputs(bool with_stems) {
        MixStep step;
        add_mix(step);
        for (int i = 0; with_stems && i < routing_.master(); ++i) {
            if (routing_.reaches_master(i)) add_stem(step, i);
        }
        push(std::move(step));
    }

    void add_mix(MixStep& step) {
        const Signal& signal = signals_[routing_.master()];
        const Strip& master = session_.master;
        std::vector<int>& outputs = plan_.render.output_rows;
        const bool is_finished = signal.is_plain() && master.gain_db == 0.0 && master.pan == 0.0;
        if (is_finished && signal.channels == plan_.output_channels) {
            outputs.assign(signal.rows.begin(), signal.rows.begin() + signal.channels);
            return;
        }
        for (int c = 0; c < plan_.output_channels; ++c) outputs.push_back(new_row());
        add_routes(step, signal, fader_gains(master, signal.channels, plan_.output_channels), outputs,
                   signal.latency);
    }

    void add_stem(MixStep& step, int index) {
        const Strip& strip = routing_.strip(index);
        const Signal& signal = signals_[index];
        std::vector<int> rows(plan_.output_channels);
        for (int& row : rows) row = new_row();
        const std::size_t first_route = step.mixer.routes.size();
        add_routes(step, signal, fader_gains(strip, signal.channels, plan_.output_channels), rows,
                   signals_[routing_.master()].latency);
        silence_unfed(step, first_route, rows);
        std::vector<int>& outputs = plan_.render.output_rows;
        plan_.stems.push_back(
            {strip.name, static_cast<int>(outputs.size()), strip.output == session_.master.name});
        outputs.insert(outputs.end(), rows.begin(), rows.end());
    }

    void push(MixStep step) {
        if (!step.mixer.routes.empty()) plan_.render.steps.emplace_back(std::move(step));
    }
    void push(ConvolveStep step) {
        if (!step.convolver.paths.empty()) plan_.render.steps.emplace_back(std::move(step));
    }

    const Session& session_;
    Routing routing_;
    int rate_;
    int row_count_ = 0;
    int longest_delay_ = 0;
    std::vector<Signal> signals_;             ///< [strip]
    std::vector<std::vector<Stage>> stages_;  ///< [strip][stage]
    MixPlan plan_;
};

}  // namespace

MixPlan make_plan(const Session& session, std::span<const int> channels, bool with_stems, int chunk_frames,
                  const Warn& warn) {
    return PlanBuilder(session, channels, warn).finish(with_stems, chunk_frames);
}

}  // namespace tutti
