#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/cpu/multiversion.hpp"
#include "engine/cpu/operations.hpp"
#include "engine/cpu/rows.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "engine/true_peak.hpp"

namespace tutti::cpu {

namespace {

TUTTI_MULTIVERSION void measure_peak(const float* in, float* levels, int hop_count) {
    for (int hop = 0; hop < hop_count; ++hop) {
        float peak = 0.0F;
        for (int i = 0; i < control_hop; ++i) {
            const float magnitude = std::fabs(in[hop * control_hop + i]);
            peak = magnitude > peak ? magnitude : peak;
        }
        levels[hop] = peak;
    }
}

TUTTI_MULTIVERSION void measure_mean_square(const float* in, float* levels, int hop_count) {
    for (int hop = 0; hop < hop_count; ++hop) {
        float square[control_hop];
        for (int i = 0; i < control_hop; ++i) {
            square[i] = in[hop * control_hop + i] * in[hop * control_hop + i];
        }
        for (int half = control_hop / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; ++i) square[i] += square[i + half];
        }
        levels[hop] = square[0] * (1.0F / control_hop);
    }
}

TUTTI_MULTIVERSION void measure_true_peak(const float* in, float* levels, int hop_count) {
    for (int hop = 0; hop < hop_count; ++hop) {
        const float* const frames = in + hop * control_hop;
        float greatest[control_hop];
        for (int i = 0; i < control_hop; ++i) greatest[i] = std::fabs(frames[i]);
        for (const auto& phase : true_peak_taps) {
            float sum[control_hop] = {};
            for (int k = 0; k < true_peak_tap_count; ++k) {
                for (int i = 0; i < control_hop; ++i) sum[i] += phase[k] * frames[i - k];
            }
            for (int i = 0; i < control_hop; ++i) {
                const float magnitude = std::fabs(sum[i]);
                greatest[i] = magnitude > greatest[i] ? magnitude : greatest[i];
            }
        }
        levels[hop] = *std::max_element(greatest, greatest + control_hop);
    }
}

class CpuLevelMeter final : public LevelMeter {
  public:
    CpuLevelMeter(const RowsShape& shape, std::span<const LevelTap> taps)
        : shape_(shape), taps_(taps.begin(), taps.end()) {}

    void start(const Rows& rows, std::span<float> levels) override {
        const CpuRows& samples = cpu_rows(rows);
        const int hops = shape_.hop_count();
        TUTTI_CHECK(levels.size() == taps_.size() * hops);
        parallel_for(static_cast<int>(taps_.size()), [&](int tap) {
            const float* const in = samples.frames(taps_[tap].row);
            float* const out = levels.data() + static_cast<std::size_t>(tap) * hops;
            switch (taps_[tap].kind) {
                case LevelKind::peak:
                    measure_peak(in, out, hops);
                    break;
                case LevelKind::mean_square:
                    measure_mean_square(in, out, hops);
                    break;
                case LevelKind::true_peak:
                    measure_true_peak(in, out, hops);
                    break;
            }
        });
    }

  private:
    RowsShape shape_;
    std::vector<LevelTap> taps_;
};

}  // namespace

std::unique_ptr<LevelMeter> make_level_meter(const RowsShape& shape, std::span<const LevelTap> taps) {
    return std::make_unique<CpuLevelMeter>(shape, taps);
}

}  // namespace tutti::cpu
