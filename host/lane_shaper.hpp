#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/errors.hpp"
#include "engine/gain_shaper.hpp"
#include "host/dynamics.hpp"
#include "host/lanes.hpp"

namespace tutti {

/// Which taps each lane of a group hears and which curve it makes. Lanes past `count` are idle.
struct LaneWiring {
    int count = 0;
    Lanes<int> first_tap;
    Lanes<int> tap_count;
    Lanes<int> curve;
};

/// rows[hop][lane] = greatest level that the lane hears in hops first_hop ... first_hop + hop_count - 1; idle
/// lanes hear 0. `levels`: [tap][chunk_hops].
inline void gather_levels(const LaneWiring& wiring, std::span<const float> levels, int chunk_hops,
                          int first_hop, int hop_count, Lanes<float>* rows) {
    for (int lane = 0; lane < lane_count; ++lane) {
        for (int hop = 0; hop < hop_count; ++hop) rows[hop][lane] = 0.0F;
        for (int tap = 0; lane < wiring.count && tap < wiring.tap_count[lane]; ++tap) {
            const float* level =
                levels.data() + std::size_t(wiring.first_tap[lane] + tap) * chunk_hops + first_hop;
            for (int hop = 0; hop < hop_count; ++hop) rows[hop][lane] = std::max(rows[hop][lane], level[hop]);
        }
    }
}

/// Puts rows[hop][lane] in place as the values at the ends of hops first_hop ... of `gains`:
/// [curve][chunk_hops + 1].
inline void scatter_gains(const LaneWiring& wiring, const Lanes<float>* rows, int chunk_hops, int first_hop,
                          int hop_count, std::span<float> gains) {
    for (int lane = 0; lane < wiring.count; ++lane) {
        float* gain = gains.data() + std::size_t(wiring.curve[lane]) * (chunk_hops + 1) + first_hop + 1;
        for (int hop = 0; hop < hop_count; ++hop) gain[hop] = rows[hop][lane];
    }
}

/// Reduction of every lane so far, and the report made of it.
struct ReductionLog {
    static constexpr float active_db = 0.1F;  ///< less than this is not counted as active

    Lanes<float> max_db;
    Lanes<double> active_sum_db;
    Lanes<double> active_hops;
    double hops = 0.0;

    void add(int lane, float reduction_db) {
        max_db[lane] = std::max(max_db[lane], reduction_db);
        active_sum_db[lane] += reduction_db > active_db ? reduction_db : 0.0F;
        active_hops[lane] += reduction_db > active_db ? 1.0 : 0.0;
    }

    GainReport report(int lane) const {
        const double active = active_hops[lane];
        return {max_db[lane], active > 0.0 ? active_sum_db[lane] / active : 0.0,
                hops > 0.0 ? active / hops : 0.0};
    }
};

/// A GainShaper made of groups of 16 lanes. A Group is one kind of dynamics for 16 lanes:
///   LaneWiring wiring; ReductionLog log; Lanes<float> last_gain;        (its gains at rest at first)
///   bool takes(const Settings&) const;                                  whether a lane with these settings
///   can join void add(int lane, const Settings&, int sample_rate_hz);            makes it lane number `lane`
///   void shape(int hop_count, Lanes<float>* rows);                      rows[hop][lane]: levels in, gains
///   out
/// What a lane makes depends neither on its neighbours nor on how the hops are cut into chunks.
template <typename Group, typename Settings>
class LaneShaper : public GainShaper {
  public:
    LaneShaper(const std::vector<DynamicsLane<Settings>>& lanes, int tap_count, int sample_rate_hz)
        : tap_count_(tap_count), curve_count_(static_cast<int>(lanes.size())), rows_(block_hops) {
        for (int curve = 0; curve < curve_count_; ++curve) {
            Group& group = group_for(lanes[curve].settings);
            const int lane = group.wiring.count++;
            group.wiring.first_tap[lane] = lanes[curve].first_tap;
            group.wiring.tap_count[lane] = lanes[curve].tap_count;
            group.wiring.curve[lane] = curve;
            group.add(lane, lanes[curve].settings, sample_rate_hz);
        }
    }

    void process(std::span<const float> levels, std::span<float> gains) override {
        if (curve_count_ == 0) return;
        const int chunk_hops = static_cast<int>(gains.size()) / curve_count_ - 1;
        TUTTI_CHECK(levels.size() == std::size_t(tap_count_) * chunk_hops);
        for (Group& group : groups_) {
            for (int lane = 0; lane < group.wiring.count; ++lane) {
                gains[std::size_t(group.wiring.curve[lane]) * (chunk_hops + 1)] = group.last_gain[lane];
            }
            for (int first = 0; first < chunk_hops; first += block_hops) {
                const int hop_count = std::min(block_hops, chunk_hops - first);
                gather_levels(group.wiring, levels, chunk_hops, first, hop_count, rows_.data());
                group.shape(hop_count, rows_.data());
                group.last_gain = rows_[hop_count - 1];
                scatter_gains(group.wiring, rows_.data(), chunk_hops, first, hop_count, gains);
            }
        }
    }

    std::vector<GainReport> reports() const override {
        std::vector<GainReport> result(curve_count_);
        for (const Group& group : groups_) {
            for (int lane = 0; lane < group.wiring.count; ++lane) {
                result[group.wiring.curve[lane]] = group.log.report(lane);
            }
        }
        return result;
    }

  private:
    Group& group_for(const Settings& settings) {
        for (Group& group : groups_) {
            if (group.wiring.count < lane_count && group.takes(settings)) return group;
        }
        return groups_.emplace_back();
    }

    int tap_count_;
    int curve_count_;
    std::vector<Group> groups_;
    std::vector<Lanes<float>> rows_;  ///< [hop]
};

/// The description of a LaneShaper.
template <typename Group, typename Settings>
class LaneShape : public GainShape {
  public:
    LaneShape(std::vector<DynamicsLane<Settings>> lanes, int tap_count, int sample_rate_hz)
        : lanes_(std::move(lanes)), tap_count_(tap_count), sample_rate_hz_(sample_rate_hz) {}

    int tap_count() const override { return tap_count_; }
    int curve_count() const override { return static_cast<int>(lanes_.size()); }
    Taps taps_of(int curve) const override { return {lanes_[curve].first_tap, lanes_[curve].tap_count}; }
    std::shared_ptr<const GainShape> part(std::span<const int> curves) const override {
        std::vector<DynamicsLane<Settings>> lanes;
        int tap_count = 0;
        for (const int curve : curves) {
            lanes.push_back(lanes_[curve]);
            lanes.back().first_tap = tap_count;
            tap_count += lanes.back().tap_count;
        }
        return std::make_shared<LaneShape>(std::move(lanes), tap_count, sample_rate_hz_);
    }
    std::unique_ptr<GainShaper> start(int) const override {
        return std::make_unique<LaneShaper<Group, Settings>>(lanes_, tap_count_, sample_rate_hz_);
    }

  private:
    std::vector<DynamicsLane<Settings>> lanes_;
    int tap_count_;
    int sample_rate_hz_;
};

}  // namespace tutti
