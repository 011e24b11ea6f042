#include <cmath>
#include <numbers>
#include <vector>

#include "host/dynamics.hpp"
#include "host/lane_shaper.hpp"
#include "host/lanes.hpp"
#include "host/sliding_max.hpp"

// Look-ahead true-peak limiter. All of it works on the reduction 1 - gain, so that "nothing is over" is an
// exact 0:
//   1. a hop's true peak asks for the reduction that brings it to the ceiling;
//   2. the greatest that is asked for over the look-ahead (and one hop to either side: a true-peak level
//   hears the
//      instants 16 h - 6 ... 16 h + 10, which the lines between the gains h - 1, h and h + 1 cover) is held;
//   3. from there it is released exponentially;
//   4. a window as long as the look-ahead smooths it. The held reduction is at least what is asked for over
//   the whole
//      window, so their weighted mean is too.

namespace tutti {

namespace {

/// Reductions below this (8.7e-5 dB) end a release.
constexpr float negligible_reduction = 1e-5F;

/// Hops that the reduction takes to build up: the smoothing window's length. One hop of the look-ahead goes
/// to the level of the hop after a gain's instant.
int ramp_hops(const LimiterInsert& settings, int sample_rate_hz) {
    return std::max(covering_hops(settings.lookahead_ms, sample_rate_hz) - 1, 1);
}

/// Hann window without its zeros, with unit sum.
std::vector<double> smoothing_window(int length) {
    std::vector<double> window(length);
    double sum = 0.0;
    for (int i = 0; i < length; ++i) {
        window[i] = 1.0 - std::cos(2.0 * std::numbers::pi * (i + 1) / (length + 1));
        sum += window[i];
    }
    for (double& weight : window) weight /= sum;
    return window;
}

/// 16 limiters side by side.
struct Group {
    LaneWiring wiring;

    Lanes<float> input_gain;
    Lanes<float> safe_level;  ///< ceiling / input gain
    Lanes<float> release_factor;
    std::vector<SlidingMax> holds;      ///< [lane]
    std::vector<Lanes<float>> windows;  ///< [hops back][lane], 0 past a lane's own length

    Lanes<float> released;               ///< step 3's latest
    std::vector<Lanes<float>> releases;  ///< [hop], from windows.size() - 1 hops before the block on
    Lanes<float> last_gain;
    ReductionLog log;

    Group() { std::fill_n(safe_level.at, lane_count, 1.0F); }
    bool takes(const LimiterInsert&) const { return true; }
    void add(int lane, const LimiterInsert& settings, int sample_rate_hz);
    void shape(int hop_count, Lanes<float>* rows);
};

TUTTI_MULTIVERSION void ask(const Group& g, int hop_count, Lanes<float>* rows) {
    const Lanes<float> safe_level = g.safe_level;
    for (int hop = 0; hop < hop_count; ++hop) {
        const Lanes<float> level = rows[hop];
        Lanes<float> asked;
        for (int lane = 0; lane < lane_count; ++lane) {
            asked[lane] = 1.0F - safe_level[lane] / std::max(level[lane], safe_level[lane]);
        }
        rows[hop] = asked;
    }
}

TUTTI_MULTIVERSION void release(Group& g, int hop_count, const Lanes<float>* rows, Lanes<float>* releases) {
    for (int hop = 0; hop < hop_count; ++hop) {
        const Lanes<float> held = rows[hop];
        Lanes<float> released;
        for (int lane = 0; lane < lane_count; ++lane) {
            const float target = held[lane];
            const float falling = target + (g.released[lane] - target) * g.release_factor[lane];
            const float kept = falling > negligible_reduction ? falling : 0.0F;
            released[lane] = std::max(target, kept);
        }
        g.released = released;
        releases[hop] = released;
    }
}

TUTTI_MULTIVERSION void smooth(Group& g, int hop_count, const Lanes<float>* releases, Lanes<float>* rows) {
    const int length = static_cast<int>(g.windows.size());
    for (int hop = 0; hop < hop_count; ++hop) {
        Lanes<float> reduction;
        for (int back = 0; back < length; ++back) {
            const Lanes<float> weight = g.windows[back];
            const Lanes<float> released = releases[hop - back];
            for (int lane = 0; lane < lane_count; ++lane) reduction[lane] += weight[lane] * released[lane];
        }
        Lanes<float> gain;
        for (int lane = 0; lane < lane_count; ++lane) {
            const float share = 1.0F - reduction[lane];
            g.log.add(lane, -log2_to_peak_db * fast_log2(std::max(share, 1e-30F)));
            gain[lane] = g.input_gain[lane] * share;
        }
        rows[hop] = gain;
    }
    g.log.hops += hop_count;
}

void Group::add(int lane, const LimiterInsert& s, int sample_rate_hz) {
    const double gain = std::pow(10.0, s.gain_db / 20.0);
    input_gain[lane] = static_cast<float>(gain);
    safe_level[lane] = static_cast<float>(std::pow(10.0, s.ceiling_dbtp / 20.0) / gain);
    release_factor[lane] =
        static_cast<float>(std::pow(one_pole_factor(s.release_ms, sample_rate_hz), control_hop));
    last_gain[lane] = input_gain[lane];

    const std::vector<double> window = smoothing_window(ramp_hops(s, sample_rate_hz));
    holds.emplace_back(static_cast<int>(window.size()) + 2);
    windows.resize(std::max(windows.size(), window.size()));
    for (std::size_t i = 0; i < window.size(); ++i) windows[i][lane] = static_cast<float>(window[i]);
    releases.resize(windows.size() - 1 + block_hops);
}

void Group::shape(int hop_count, Lanes<float>* rows) {
    ask(*this, hop_count, rows);
    for (int lane = 0; lane < wiring.count; ++lane) {
        for (int hop = 0; hop < hop_count; ++hop) rows[hop][lane] = holds[lane].push(rows[hop][lane]);
    }
    const auto past = static_cast<std::ptrdiff_t>(windows.size()) - 1;
    release(*this, hop_count, rows, releases.data() + past);
    smooth(*this, hop_count, releases.data() + past, rows);
    std::copy_n(releases.begin() + hop_count, past, releases.begin());
}

}  // namespace

int lookahead_frames(const LimiterInsert& settings, int sample_rate_hz) {
    return control_hop * (ramp_hops(settings, sample_rate_hz) + 1);
}

std::shared_ptr<const GainShape> make_limiter_shape(std::vector<DynamicsLane<LimiterInsert>> lanes,
                                                    int tap_count, int sample_rate_hz) {
    return std::make_shared<LaneShape<Group, LimiterInsert>>(std::move(lanes), tap_count, sample_rate_hz);
}

}  // namespace tutti
