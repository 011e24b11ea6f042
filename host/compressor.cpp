#include <cmath>
#include <vector>

#include "host/dynamics.hpp"
#include "host/lane_shaper.hpp"
#include "host/lanes.hpp"
#include "host/sliding_max.hpp"

// Log-domain feed-forward compressor after Giannoulis, Massberg & Reiss, "Digital Dynamic Range Compressor
// Design", J. Audio Eng. Soc. 60(6), 2012: gain computer of eq. 4 on the level, smooth branching ballistics
// of eq. 16 on the reduction. All of it is evaluated per control hop, but with the closed form of what the
// recursion does frame by frame within the hop, so that the values at the ends of hops are those of the
// frame-by-frame textbook.
//
// The reduction is then averaged over 6 hops centred on the gain's instant (2 ms at 48 kHz): the audio hears
// straight lines between gains 16 frames apart, and an attack of 1 ms or less is too bent for them otherwise.

namespace tutti {

namespace {

constexpr int average_hops = 6;

/// A gain at the instant 16 k needs levels up to hop k + 2 for the average and up to k + 3 for the line fit.
constexpr int latency_hops = average_hops / 2 + 1;

/// Within a hop the reduction of a mean square is followed in steps of 8 frames; that of a peak is constant.
constexpr int mean_square_steps = 2;

int steps_of(Detector detector) { return detector == Detector::peak ? 1 : mean_square_steps; }

/// What a one-pole recursion makes, from rest, of a line through `from` to `to` over the frames of one step.
struct StepResponse {
    double end = 0.0;   ///< at the last frame
    double mean = 0.0;  ///< over the frames
};

StepResponse step_response(double factor, int frames, double from, double to) {
    StepResponse response;
    double y = 0.0;
    for (int i = 1; i <= frames; ++i) {
        const double c = from + (to - from) * i / frames;
        y = c + (y - c) * factor;
        response.mean += y / frames;
    }
    response.end = y;
    return response;
}

/// Weights of a step's first and last reduction in where the recursion arrives and in what it averages to.
struct Ballistics {
    Lanes<double> end_from, end_to, mean_from, mean_to;

    void set(int lane, double factor, int steps) {
        const int frames = control_hop / steps;
        const StepResponse from = step_response(factor, frames, steps == 1 ? 0.0 : 1.0, 0.0);
        const StepResponse to = step_response(factor, frames, steps == 1 ? 1.0 : 0.0, 1.0);
        end_from[lane] = from.end;
        end_to[lane] = to.end;
        mean_from[lane] = from.mean;
        mean_to[lane] = to.mean;
    }
};

/// 16 compressors side by side, all with the same kind of detector.
struct Group {
    int steps = 1;  ///< reductions per hop
    LaneWiring wiring;

    Lanes<double> square_factor;  ///< of the mean square's one-pole, per step
    Lanes<float> threshold_db;
    Lanes<float> half_knee_db;
    Lanes<float> knee_scale;  ///< slope / (2 knee), 0 for a hard knee
    Lanes<float> slope;       ///< 1 - 1 / ratio
    Ballistics attack;
    Ballistics release;
    Lanes<float> makeup;
    Lanes<float> mix;

    Lanes<double> square;
    std::vector<SlidingMax> holds;  ///< [lane], window of 1 when there is no hold
    Lanes<float> last_target_db;
    Lanes<double> reduction_db;
    Lanes<float> hop_means_db[average_hops - 1];  ///< of the latest hops, oldest first
    Lanes<float> gains_before[2];                 ///< at the two latest instants, older first
    Lanes<float> last_gain;
    ReductionLog log;

    std::vector<Lanes<float>> targets_db =
        std::vector<Lanes<float>>(block_hops * mean_square_steps);  ///< scratch

    bool takes(const CompressorInsert& settings) const { return steps == steps_of(settings.detector); }
    void add(int lane, const CompressorInsert& settings, int sample_rate_hz);
    void shape(int hop_count, Lanes<float>* rows);
};

/// Eq. 4 written without branches: a parabola up to the knee's end, a line from there.
inline float reduction_of(const Group& g, int lane, float level_db) {
    const float over_db = level_db - g.threshold_db[lane];
    const float knee_db = g.half_knee_db[lane];
    const float in_knee_db = std::min(std::max(over_db + knee_db, 0.0F), 2.0F * knee_db);
    return g.knee_scale[lane] * in_knee_db * in_knee_db + g.slope[lane] * std::max(over_db - knee_db, 0.0F);
}

TUTTI_MULTIVERSION void detect_peaks(const Group& g, const Lanes<float>* levels, int hop_count,
                                     Lanes<float>* targets_db) {
    constexpr float floor = 1e-10F;
    for (int hop = 0; hop < hop_count; ++hop) {
        const Lanes<float> level = levels[hop];
        Lanes<float> target_db;
        for (int lane = 0; lane < lane_count; ++lane) {
            const float level_db = log2_to_peak_db * fast_log2(std::max(level[lane], floor));
            target_db[lane] = reduction_of(g, lane, level_db);
        }
        targets_db[hop] = target_db;
    }
}

TUTTI_MULTIVERSION void detect_mean_squares(Group& g, const Lanes<float>* levels, int hop_count,
                                            Lanes<float>* targets_db) {
    constexpr double floor = 1e-20;
    for (int row = 0; row < hop_count * mean_square_steps; ++row) {
        const Lanes<float> level = levels[row / mean_square_steps];
        Lanes<float> target_db;
        for (int lane = 0; lane < lane_count; ++lane) {
            const double input = level[lane];
            g.square[lane] = std::max(input + (g.square[lane] - input) * g.square_factor[lane], floor);
            const float level_db = log2_to_mean_square_db * fast_log2(static_cast<float>(g.square[lane]));
            target_db[lane] = reduction_of(g, lane, level_db);
        }
        targets_db[row] = target_db;
    }
}

void hold(Group& g, int row_count, Lanes<float>* targets_db) {
    for (int lane = 0; lane < g.wiring.count; ++lane) {
        SlidingMax& held = g.holds[lane];
        if (held.window() == 1) continue;
        for (int row = 0; row < row_count; ++row) targets_db[row][lane] = held.push(targets_db[row][lane]);
    }
}

/// Eq. 16. means_db[hop][lane]: reduction averaged over the hop's frames.
TUTTI_MULTIVERSION void follow(Group& g, const Lanes<float>* targets_db, int hop_count,
                               Lanes<float>* means_db) {
    const double from_share = g.steps == 1 ? 0.0 : 0.5;
    const double step_share = 1.0 / g.steps;
    for (int hop = 0; hop < hop_count; ++hop) {
        Lanes<double> mean;
        for (int step = 0; step < g.steps; ++step) {
            const Lanes<float> target = targets_db[hop * g.steps + step];
            for (int lane = 0; lane < lane_count; ++lane) {
                const double y = g.reduction_db[lane];
                const double from = g.last_target_db[lane] - y;
                const double to = target[lane] - y;
                const bool rising = to + (from - to) * from_share > 0.0;
                const double end_from = rising ? g.attack.end_from[lane] : g.release.end_from[lane];
                const double end_to = rising ? g.attack.end_to[lane] : g.release.end_to[lane];
                const double mean_from = rising ? g.attack.mean_from[lane] : g.release.mean_from[lane];
                const double mean_to = rising ? g.attack.mean_to[lane] : g.release.mean_to[lane];
                mean[lane] += step_share * (y + mean_from * from + mean_to * to);
                const double next = y + end_from * from + end_to * to;
                g.reduction_db[lane] = next > 1e-9 ? next : 0.0;  // no denormal tails
            }
            g.last_target_db = target;
        }
        for (int lane = 0; lane < lane_count; ++lane) means_db[hop][lane] = static_cast<float>(mean[lane]);
    }
}

/// Reductions to gains: the average over 6 hops, then the line fit, make-up and mix.
TUTTI_MULTIVERSION void make_gains(Group& g, const Lanes<float>* means_db, int hop_count,
                                   Lanes<float>* gains) {
    // A chord leaves a curve by up to 1/8 of its second difference: half of that at the ends halves the
    // greatest error.
    constexpr float chord_share = 1.0F / 16.0F;
    for (int hop = 0; hop < hop_count; ++hop) {
        const Lanes<float> newest = means_db[hop];
        Lanes<float> gain;
        for (int lane = 0; lane < lane_count; ++lane) {
            const float newest_db = newest[lane];
            float sum_db = newest_db;
            for (int back = 0; back < average_hops - 1; ++back) {
                const float mean_db = g.hop_means_db[back][lane];
                sum_db += mean_db;
                g.hop_means_db[back][lane] =
                    back + 2 < average_hops ? g.hop_means_db[back + 1][lane] : newest_db;
            }
            const float average_db = sum_db * (1.0F / average_hops);
            g.log.add(lane, average_db);

            const float after = fast_exp2(std::max(reduction_db_to_log2 * average_db, -126.0F));
            const float before = g.gains_before[0][lane];
            const float here = g.gains_before[1][lane];
            const float bend = (before - here) + (after - here);
            const float fitted = std::min(here - chord_share * bend, 1.0F);
            g.gains_before[0][lane] = here;
            g.gains_before[1][lane] = after;
            gain[lane] = 1.0F + g.mix[lane] * (fitted * g.makeup[lane] - 1.0F);
        }
        gains[hop] = gain;
    }
    g.log.hops += hop_count;
}

void Group::add(int lane, const CompressorInsert& s, int sample_rate_hz) {
    steps = steps_of(s.detector);
    square_factor[lane] =
        std::pow(one_pole_factor(s.rms_window_ms, sample_rate_hz), control_hop / mean_square_steps);
    const double line_slope = 1.0 - 1.0 / s.ratio;
    threshold_db[lane] = static_cast<float>(s.threshold_db);
    half_knee_db[lane] = static_cast<float>(0.5 * s.knee_db);
    knee_scale[lane] = s.knee_db > 0.0 ? static_cast<float>(0.5 * line_slope / s.knee_db) : 0.0F;
    slope[lane] = static_cast<float>(line_slope);
    attack.set(lane, one_pole_factor(s.attack_ms, sample_rate_hz), steps);
    release.set(lane, one_pole_factor(s.release_ms, sample_rate_hz), steps);
    makeup[lane] = static_cast<float>(std::pow(10.0, s.makeup_db / 20.0));
    mix[lane] = static_cast<float>(s.mix);
    holds.emplace_back(1 + steps * nearest_hops(s.hold_ms, sample_rate_hz));

    gains_before[0][lane] = 1.0F;
    gains_before[1][lane] = 1.0F;
    last_gain[lane] = 1.0F + mix[lane] * (makeup[lane] - 1.0F);
}

void Group::shape(int hop_count, Lanes<float>* rows) {
    if (steps == 1) {
        detect_peaks(*this, rows, hop_count, targets_db.data());
    } else {
        detect_mean_squares(*this, rows, hop_count, targets_db.data());
    }
    hold(*this, hop_count * steps, targets_db.data());
    follow(*this, targets_db.data(), hop_count, rows);
    make_gains(*this, rows, hop_count, rows);
}

}  // namespace

int lookahead_frames(const CompressorInsert& settings, int sample_rate_hz) {
    return control_hop * (nearest_hops(settings.lookahead_ms, sample_rate_hz) + latency_hops);
}

std::shared_ptr<const GainShape> make_compressor_shape(std::vector<DynamicsLane<CompressorInsert>> lanes,
                                                       int tap_count, int sample_rate_hz) {
    return std::make_shared<LaneShape<Group, CompressorInsert>>(std::move(lanes), tap_count, sample_rate_hz);
}

}  // namespace tutti
