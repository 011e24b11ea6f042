#include <algorithm>
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
        const int blocks = (shape_.frame_count + block_frames - 1) / block_frames;
        parallel_for(static_cast<int>(sums_.size()) * blocks, [&](int unit) {
            const int first = unit % blocks * block_frames;
            add_up(samples, sums_[unit / blocks], gains, first,
                   std::min(block_frames, shape_.frame_count - first));
        });
    }

  private:
    /// Small enough that the output stays in the first-level cache while all its inputs pass by.
    static constexpr int block_frames = 4096;

    void add_up(CpuRows& samples, const Sum& sum, std::span<const float> gains, int first, int count) const {
        float* const out = samples.frames(sum.output_row) + first;
        bool store = true;
        for (const MixRoute& route : sum.routes) {
            const float* const in = samples.frames(route.input_row) + first - route.delay_frames;
            if (route.curve < 0) {
                (store ? store_scaled : add_scaled)(out, in, route.gain, count);
            } else {
                const float* const curve = gains.data() +
                                           static_cast<std::size_t>(route.curve) * (shape_.hop_count() + 1) +
                                           first / control_hop;
                (store ? store_shaped : add_shaped)(out, in, route.gain, curve, count);
            }
            store = false;
        }
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
