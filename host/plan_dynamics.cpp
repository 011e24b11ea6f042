#include "host/plan_dynamics.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "host/dynamics.hpp"
#include "host/eq.hpp"
#include "host/plan_kernels.hpp"

namespace tutti {

namespace {

/// What the plan needs to know of a dynamics insert of any kind.
struct Traits {
    const Key* key;  ///< null: it has none (limiter)
    bool stereo_link;
    LevelKind level;
    double settle_ms;  ///< sum of its time constants
    const char* word;
};

LevelKind level_of(Detector detector) {
    return detector == Detector::rms ? LevelKind::mean_square : LevelKind::peak;
}

/// Compressor and gate.
template <typename Settings>
Traits keyed_traits(const Settings& settings, const char* word) {
    const double window_ms = settings.detector == Detector::rms ? settings.rms_window_ms : 0.0;
    return {&settings.key, settings.stereo_link, level_of(settings.detector),
            settings.attack_ms + settings.hold_ms + settings.release_ms + window_ms, word};
}

Traits traits_of(const CompressorInsert& settings) { return keyed_traits(settings, "compressor"); }
Traits traits_of(const GateInsert& settings) { return keyed_traits(settings, "gate"); }
Traits traits_of(const LimiterInsert& settings) {
    return {nullptr, settings.stereo_link, LevelKind::true_peak, settings.lookahead_ms + settings.release_ms,
            "limiter"};
}

std::shared_ptr<const GainShape> make_shape(std::vector<DynamicsLane<CompressorInsert>> lanes, int taps,
                                            int rate_hz) {
    return make_compressor_shape(std::move(lanes), taps, rate_hz);
}
std::shared_ptr<const GainShape> make_shape(std::vector<DynamicsLane<GateInsert>> lanes, int taps,
                                            int rate_hz) {
    return make_gate_shape(std::move(lanes), taps, rate_hz);
}
std::shared_ptr<const GainShape> make_shape(std::vector<DynamicsLane<LimiterInsert>> lanes, int taps,
                                            int rate_hz) {
    return make_limiter_shape(std::move(lanes), taps, rate_hz);
}

/// The filters on a key, as an EQ; empty when there are none.
std::vector<EqBand> key_bands(const Key& key) {
    std::vector<EqBand> bands;
    if (key.highpass_hz) bands.push_back({EqShape::highpass, *key.highpass_hz, 0.0, 0.7071, 12});
    if (key.lowpass_hz) bands.push_back({EqShape::lowpass, *key.lowpass_hz, 0.0, 0.7071, 12});
    return bands;
}

/// One insert with what its detector hears.
template <typename Settings>
struct Lane {
    const DynamicsUse* use;
    const Settings* settings;
    Traits traits;
    Signal key;         ///< aligned with the audio
    int alignment = 0;  ///< frames the audio waits for a key that is later than it
};

/// Settles the audio, and makes keys that are in time with it.
template <typename Settings>
void add_key_signals(StepList& steps, std::vector<Lane<Settings>>& lanes) {
    MixStep step;
    for (Lane<Settings>& lane : lanes) {
        Signal& audio = *lane.use->audio;
        steps.settle(step, audio);
        lane.key = audio;
        if (!lane.use->sidechain) continue;
        lane.key = *lane.use->sidechain;
        const int wait = std::max(0, audio.latency - lane.key.latency);
        lane.alignment = std::max(0, lane.key.latency - audio.latency);
        audio.reach = std::max(audio.reach, lane.key.reach + wait);
        audio.settle = std::max(audio.settle, lane.key.settle);
        lane.key.delay += wait;
        if (!lane.key.is_plain()) steps.copy_settled(step, lane.key);
    }
    steps.push(std::move(step));
}

template <typename Settings>
void add_key_filters(StepList& steps, std::vector<Lane<Settings>>& lanes, int rate_hz) {
    ConvolveStep step;
    KernelSet kernels(step.convolver);
    for (Lane<Settings>& lane : lanes) {
        if (!lane.traits.key) continue;
        const std::vector<EqBand> bands = key_bands(*lane.traits.key);
        if (bands.empty()) continue;
        const int kernel = kernels.add(design_eq(EqPhase::minimum, bands, rate_hz).taps);
        for (int c = 0; c < lane.key.channels; ++c) {
            const int row = steps.new_row();
            step.convolver.paths.push_back({lane.key.rows[c], kernel, row});
            lane.key.rows[c] = row;
        }
    }
    steps.push(std::move(step));
}

/// Delays the audio by the look-ahead and multiplies it by its curve. `split`: each channel has a curve of
/// its own.
template <typename Settings>
void add_application(StepList& steps, MixStep& step, const Lane<Settings>& lane, int first_curve, bool split,
                     int rate_hz) {
    Signal& audio = *lane.use->audio;
    const int delay = lookahead_frames(*lane.settings, rate_hz) + lane.alignment;
    // A true-peak level reads the row's past, which has to stay what it was: such rows are never written in
    // place.
    const bool in_place = delay == 0 && lane.traits.level != LevelKind::true_peak;
    for (int c = 0; c < audio.channels; ++c) {
        const int from = audio.rows[c];
        if (!in_place) audio.rows[c] = steps.new_row();
        steps.add_route(step, {from, audio.rows[c], 1.0F, delay, first_curve + (split ? c : 0)});
    }
    if (lane.use->applied) *lane.use->applied = {steps.plan().curve_count + first_curve, split, delay};
    audio.latency += delay;
    audio.reach += delay;
    // After eight time constants a difference in the past has faded by 70 dB.
    audio.settle += static_cast<std::int64_t>(std::ceil(8.0 * lane.traits.settle_ms / 1000.0 * rate_hz));
}

template <typename Settings>
void add_levels_and_gains(StepList& steps, MixPlan& plan, const std::vector<Lane<Settings>>& lanes,
                          int rate_hz) {
    RenderPlan& render = steps.plan();
    MeasureStep measure;
    MixStep apply;
    std::vector<DynamicsLane<Settings>> shaped;
    for (const Lane<Settings>& lane : lanes) {
        const int first_tap = static_cast<int>(measure.taps.size());
        for (int c = 0; c < lane.key.channels; ++c)
            measure.taps.push_back({lane.key.rows[c], lane.traits.level});
        const int first_curve = static_cast<int>(shaped.size());
        const bool split =
            !lane.traits.stereo_link && lane.use->audio->channels == 2 && lane.key.channels == 2;
        if (split) {
            shaped.push_back({*lane.settings, first_tap, 1});
            shaped.push_back({*lane.settings, first_tap + 1, 1});
        } else {
            shaped.push_back({*lane.settings, first_tap, lane.key.channels});
        }
        for (std::size_t i = first_curve; i < shaped.size(); ++i) {
            plan.curves.push_back({lane.use->strip, lane.traits.word, lane.use->insert_index});
        }
        add_application(steps, apply, lane, first_curve, split, rate_hz);
    }
    apply.first_curve = render.curve_count;
    apply.mixer.curve_count = static_cast<int>(shaped.size());
    measure.first_level = render.level_count;
    const int tap_count = static_cast<int>(measure.taps.size());
    ShapeStep shape{make_shape(std::move(shaped), tap_count, rate_hz), render.level_count,
                    render.curve_count};
    render.level_count += tap_count;
    render.curve_count += apply.mixer.curve_count;
    render.steps.emplace_back(std::move(measure));
    render.steps.emplace_back(std::move(shape));
    steps.push(std::move(apply));
}

template <typename Settings>
void add_kind(StepList& steps, MixPlan& plan, std::span<const DynamicsUse> uses) {
    const int rate_hz = steps.plan().sample_rate_hz;
    std::vector<Lane<Settings>> lanes;
    for (const DynamicsUse& use : uses) {
        if (const auto* settings = std::get_if<Settings>(&use.insert->processor)) {
            lanes.push_back({&use, settings, traits_of(*settings), {}, 0});
        }
    }
    if (lanes.empty()) return;
    add_key_signals(steps, lanes);
    add_key_filters(steps, lanes, rate_hz);
    add_levels_and_gains(steps, plan, lanes, rate_hz);
}

}  // namespace

void add_dynamics_stage(StepList& steps, MixPlan& plan, std::span<const DynamicsUse> uses) {
    add_kind<CompressorInsert>(steps, plan, uses);
    add_kind<GateInsert>(steps, plan, uses);
    add_kind<LimiterInsert>(steps, plan, uses);
}

}  // namespace tutti
