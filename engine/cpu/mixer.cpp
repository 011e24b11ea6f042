#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "engine/cpu/multiversion.hpp"
#include "engine/cpu/operations.hpp"
#include "engine/cpu/rows.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti::cpu {

namespace {

TUTTI_MULTIVERSION void store_scaled(float* out, const float* in, float gain, int count) {
    for (int i = 0; i < count; ++i) out[i] = gain * in[i];
}

TUTTI_MULTIVERSION void add_scaled(float* __restrict out, const float* __restrict in, float gain, int count) {
    for (int i = 0; i < count; ++i) out[i] += gain * in[i];
}

/// Four rows in the time of two, in the order of plans: what was added up stays in registers.
TUTTI_MULTIVERSION void add_four_scaled(float* __restrict out, const float* const* in, const float* gains,
                                        int count) {
    const float *const a = in[0], *const b = in[1], *const c = in[2], *const d = in[3];
    const float of_a = gains[0], of_b = gains[1], of_c = gains[2], of_d = gains[3];
    for (int i = 0; i < count; ++i) {
        out[i] = out[i] + of_a * a[i] + of_b * b[i] + of_c * c[i] + of_d * d[i];
    }
}

/// One hop's gains: the straight line from a to b.
inline void ramp(float* line, float a, float b, float gain) {
    for (int i = 0; i < control_hop; ++i) {
        line[i] = gain * (a + (b - a) * (static_cast<float>(i) * (1.0F / control_hop)));
    }
}

/// `curve` points at the gain of frame 0; count is a multiple of control_hop.
TUTTI_MULTIVERSION void store_shaped(float* out, const float* in, float gain, const float* curve, int count) {
    float line[control_hop];
    for (int hop = 0; hop < count / control_hop; ++hop) {
        ramp(line, curve[hop], curve[hop + 1], gain);
        for (int i = 0; i < control_hop; ++i)
            out[hop * control_hop + i] = line[i] * in[hop * control_hop + i];
    }
}

TUTTI_MULTIVERSION void add_shaped(float* __restrict out, const float* __restrict in, float gain,
                                   const float* curve, int count) {
    float line[control_hop];
    for (int hop = 0; hop < count / control_hop; ++hop) {
        ramp(line, curve[hop], curve[hop + 1], gain);
        for (int i = 0; i < control_hop; ++i)
            out[hop * control_hop + i] += line[i] * in[hop * control_hop + i];
    }
}

/// The routes into one output row, in plan order.
struct Sum {
    int output_row = 0;
    std::vector<MixRoute> routes;
};

class CpuMixer final : public Mixer {
  public:
    CpuMixer(const RowsShape& shape, const MixerPlan& plan) : shape_(shape), curve_count_(plan.curve_count) {
        std::vector<int> sum_of_row(shape.row_count, -1);
        for (const MixRoute& route : plan.routes) {
            TUTTI_CHECK(route.delay_frames >= 0 && route.delay_frames <= shape.history_count);
            TUTTI_CHECK(route.curve < plan.curve_count);
            int& sum = sum_of_row[route.output_row];
            if (sum < 0) {
                sum = static_cast<int>(sums_.size());
                sums_.push_back({route.output_row, {}});
            }
            sums_[sum].routes.push_back(route);
        }
        for (const Sum& sum : sums_) {
            for (const MixRoute& route : sum.routes) {
                const bool in_place = sum_of_row[route.input_row] >= 0;
                TUTTI_CHECK(!in_place || (route.input_row == sum.output_row && sum.routes.size() == 1 &&
                                          route.delay_frames == 0));
            }
        }
    }

    void process(Rows& rows, std::span<const float> gains) override {
        CpuRows& samples = cpu_rows(rows);
        TUTTI_CHECK(gains.size() == static_cast<std::size_t>(curve_count_) * (shape_.hop_count() + 1));
        const int block = block_frames();
        parallel_for((shape_.frame_count + block - 1) / block, [&](int unit) {
            const int first = unit * block;
            const int count = std::min(block, shape_.frame_count - first);
            for (const Sum& sum : sums_) add_up(samples, sum, gains, first, count);
        });
    }

  private:
    /// Whole hops, so that all rows' part of it stays in the second-level cache while all sums are made: a
    /// track's row goes into its bus and into every send.
    int block_frames() const {
        constexpr int near_floats = 96 << 10;
        constexpr int fewest = 256;
        constexpr int most = 4096;
        const int room = near_floats / std::max(1, shape_.row_count) / control_hop * control_hop;
        return std::clamp(room, fewest, most);
    }

    void add_up(CpuRows& samples, const Sum& sum, std::span<const float> gains, int first, int count) const {
        const std::span<const MixRoute> routes(sum.routes);
        add_route(samples, routes[0], sum.output_row, gains, first, count, true);
        for (std::size_t r = 1; r < routes.size();) {
            const std::span<const MixRoute> four =
                routes.subspan(r, std::min<std::size_t>(4, routes.size() - r));
            const bool are_plain =
                four.size() == 4 &&
                std::all_of(four.begin(), four.end(), [](const auto& route) { return route.curve < 0; });
            if (!are_plain) {
                add_route(samples, routes[r++], sum.output_row, gains, first, count, false);
                continue;
            }
            std::array<const float*, 4> in;
            std::array<float, 4> factors;
            for (std::size_t i = 0; i < four.size(); ++i) {
                in[i] = samples.frames(four[i].input_row) + first - four[i].delay_frames;
                factors[i] = four[i].gain;
            }
            add_four_scaled(samples.frames(sum.output_row) + first, in.data(), factors.data(), count);
            r += 4;
        }
    }

    void add_route(CpuRows& samples, const MixRoute& route, int output_row, std::span<const float> gains,
                   int first, int count, bool store) const {
        float* const out = samples.frames(output_row) + first;
        const float* const in = samples.frames(route.input_row) + first - route.delay_frames;
        if (route.curve < 0) {
            (store ? store_scaled : add_scaled)(out, in, route.gain, count);
            return;
        }
        const float* const curve = gains.data() +
                                   static_cast<std::size_t>(route.curve) * (shape_.hop_count() + 1) +
                                   first / control_hop;
        (store ? store_shaped : add_shaped)(out, in, route.gain, curve, count);
    }

    RowsShape shape_;
    int curve_count_;
    std::vector<Sum> sums_;
};

}  // namespace

std::unique_ptr<Mixer> make_mixer(const RowsShape& shape, const MixerPlan& plan) {
    return std::make_unique<CpuMixer>(shape, plan);
}

}  // namespace tutti::cpu
