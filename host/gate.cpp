#include <cmath>

#include "host/dynamics.hpp"
#include "host/lane_shaper.hpp"
#include "host/lanes.hpp"

// Downward gate. It opens when the level reaches the threshold and closes when the level has been more than
// the hysteresis below it for the hold time. The attenuation, in decibels, moves between 0 and the range by
// one-pole smoothing: attack while it opens, release while it closes. A gain at the end of a hop has heard
// that hop's level.

namespace tutti {

namespace {

struct Group {
    LaneWiring wiring;

    Lanes<double> square_factor;  ///< of the mean square's one-pole, per hop; 0: levels are heard as they are
    Lanes<double> open_level;
    Lanes<double> close_level;
    Lanes<double> range_db;
    Lanes<double> attack_factor;  ///< per hop
    Lanes<double> release_factor;
    Lanes<double> hold_hops;

    Lanes<double> level;
    Lanes<double> is_open;  ///< 0 or 1
    Lanes<double> hold_left;
    Lanes<double> reduction_db;
    Lanes<float> last_gain;
    ReductionLog log;

    bool takes(const GateInsert&) const { return true; }
    void add(int lane, const GateInsert& settings, int sample_rate_hz);
    void shape(int hop_count, Lanes<float>* rows);
};

/// rows[hop][lane]: levels in, gains out. All lanes carry doubles, so that the choices vectorise.
TUTTI_MULTIVERSION void shape_gates(Group& g, int hop_count, Lanes<float>* rows) {
    for (int hop = 0; hop < hop_count; ++hop) {
        const Lanes<float> heard = rows[hop];
        Lanes<float> reduction;
        for (int lane = 0; lane < lane_count; ++lane) {
            const double input = heard[lane];
            const double level = std::max(input + (g.level[lane] - input) * g.square_factor[lane], 1e-20);
            g.level[lane] = level;

            const double was_open = g.is_open[lane];
            const double left = g.hold_left[lane];
            const double loud = level >= g.close_level[lane] ? was_open : 0.0;
            const double kept = left > 0.0 ? was_open : loud;
            const double is_open = level >= g.open_level[lane] ? 1.0 : kept;
            const double heard_loud = level >= g.open_level[lane] ? 1.0 : loud;
            g.hold_left[lane] = heard_loud > 0.0 ? g.hold_hops[lane] : std::max(left - 1.0, 0.0);
            g.is_open[lane] = is_open;

            const double target_db = is_open > 0.0 ? 0.0 : g.range_db[lane];
            const double factor = is_open > 0.0 ? g.attack_factor[lane] : g.release_factor[lane];
            const double moved_db = target_db + (g.reduction_db[lane] - target_db) * factor;
            g.reduction_db[lane] = moved_db > 1e-9 ? moved_db : 0.0;  // no denormal tails
            reduction[lane] = static_cast<float>(g.reduction_db[lane]);
        }
        Lanes<float> gain;
        for (int lane = 0; lane < lane_count; ++lane) {
            gain[lane] = fast_exp2(std::max(reduction_db_to_log2 * reduction[lane], -126.0F));
            g.log.add(lane, reduction[lane]);
        }
        rows[hop] = gain;
    }
    g.log.hops += hop_count;
}

void Group::add(int lane, const GateInsert& s, int sample_rate_hz) {
    const bool squares = s.detector == Detector::rms;
    const auto per_hop = [&](double time_ms) {
        return std::pow(one_pole_factor(time_ms, sample_rate_hz), control_hop);
    };
    const auto as_heard = [&](double db) { return std::pow(10.0, db / (squares ? 10.0 : 20.0)); };
    square_factor[lane] = squares ? per_hop(s.rms_window_ms) : 0.0;
    open_level[lane] = as_heard(s.threshold_db);
    close_level[lane] = as_heard(s.threshold_db - s.hysteresis_db);
    range_db[lane] = s.range_db;
    attack_factor[lane] = per_hop(s.attack_ms);
    release_factor[lane] = per_hop(s.release_ms);
    hold_hops[lane] = nearest_hops(s.hold_ms, sample_rate_hz);

    reduction_db[lane] = s.range_db;  // at rest it is closed
    last_gain[lane] = fast_exp2(std::max(reduction_db_to_log2 * static_cast<float>(s.range_db), -126.0F));
}

void Group::shape(int hop_count, Lanes<float>* rows) { shape_gates(*this, hop_count, rows); }

}  // namespace

int lookahead_frames(const GateInsert& settings, int sample_rate_hz) {
    return control_hop * nearest_hops(settings.lookahead_ms, sample_rate_hz);
}

std::shared_ptr<const GainShape> make_gate_shape(std::vector<DynamicsLane<GateInsert>> lanes, int tap_count,
                                                 int sample_rate_hz) {
    return std::make_shared<LaneShape<Group, GateInsert>>(std::move(lanes), tap_count, sample_rate_hz);
}

}  // namespace tutti
