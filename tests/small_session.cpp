#include "tests/small_session.hpp"

#include <algorithm>
#include <memory>

#include "engine/renderer.hpp"

namespace tutti::tests {

namespace {

/// Gain 1 / (1 + level), smoothed over about `hop_count` hops: the least that behaves as dynamics do.
class Ducking : public GainShape {
  public:
    Ducking(int count, float smoothing) : count_(count), smoothing_(smoothing) {}
    int tap_count() const override { return count_; }
    int curve_count() const override { return count_; }
    Taps taps_of(int curve) const override { return {curve, 1}; }
    std::shared_ptr<const GainShape> part(std::span<const int> curves) const override {
        return std::make_shared<Ducking>(static_cast<int>(curves.size()), smoothing_);
    }
    std::unique_ptr<GainShaper> start(int hop_count) const override {
        return std::make_unique<Running>(count_, smoothing_, hop_count);
    }

  private:
    class Running : public GainShaper {
      public:
        Running(int count, float smoothing, int hop_count)
            : smoothing_(smoothing), hop_count_(hop_count), last_(count, 1.0F) {}

        void process(std::span<const float> levels, std::span<float> gains) override {
            for (std::size_t curve = 0; curve < last_.size(); ++curve) {
                float* const out = gains.data() + curve * (hop_count_ + 1);
                out[0] = last_[curve];
                for (int hop = 0; hop < hop_count_; ++hop) {
                    const float target = 1.0F / (1.0F + levels[curve * hop_count_ + hop]);
                    out[hop + 1] = out[hop] + smoothing_ * (target - out[hop]);
                }
                last_[curve] = out[hop_count_];
            }
        }

        /// The smoothing stands where a reduction would, so that a test can tell the curves apart.
        std::vector<GainReport> reports() const override {
            return std::vector<GainReport>(last_.size(), GainReport{.max_reduction_db = smoothing_});
        }

      private:
        float smoothing_;
        int hop_count_;
        std::vector<float> last_;
    };

    int count_;
    float smoothing_;
};

}  // namespace

RenderPlan small_session(int chunk_frames) {
    RenderPlan plan;
    plan.sample_rate_hz = 48000;
    plan.shape = {.row_count = 15, .frame_count = chunk_frames, .history_count = 240};
    plan.source_row_count = small_session_source_count;

    // Rows 0-5: tracks. 6, 7: a stereo bus. 8, 9: into the reverb. 10, 11: out of it, then 8, 9: master. 12:
    // the key.
    ConvolveStep inserts;
    for (int row = 0; row < 5; ++row) {
        inserts.convolver.kernels.push_back(room(1 + 130 * row, 10 + row));
        inserts.convolver.paths.push_back({row, row, row});
    }
    inserts.convolver.paths.push_back({5, 2, 12});
    plan.steps.push_back(inserts);
    plan.steps.push_back(MeasureStep{{{0, LevelKind::peak},
                                      {12, LevelKind::mean_square},
                                      {3, LevelKind::true_peak},
                                      {12, LevelKind::peak}},
                                     0});
    plan.steps.push_back(ShapeStep{std::make_shared<Ducking>(2, 0.1F), 0, 0});
    plan.steps.push_back(ShapeStep{std::make_shared<Ducking>(2, 0.02F), 2, 2});
    MixStep buses{{.routes = {}, .curve_count = 4}, 0};
    for (int row = 0; row < 6; ++row) {
        const float pan = 0.15F * static_cast<float>(row);
        buses.mixer.routes.push_back({row, 6, 0.9F - pan, 40 * row, row < 4 ? row : -1});
        buses.mixer.routes.push_back({row, 7, 0.1F + pan, 40 * row, row < 4 ? row : -1});
    }
    buses.mixer.routes.push_back({1, 8, 0.3F, 240, -1});
    buses.mixer.routes.push_back({2, 9, -0.3F, 1, 2});
    plan.steps.push_back(buses);
    ConvolveStep reverb;
    for (std::uint32_t k = 0; k < 4; ++k) reverb.convolver.kernels.push_back(room(3001, 20 + k));
    reverb.convolver.paths = {{8, 0, 10}, {8, 1, 11}, {9, 2, 10}, {9, 3, 11}};
    plan.steps.push_back(reverb);
    plan.steps.push_back(MixStep{
        {.routes = {{6, 8, 1.0F, 0, -1}, {10, 8, 0.5F, 0, -1}, {7, 9, 1.0F, 0, -1}, {11, 9, 0.5F, 0, -1}},
         .curve_count = 0},
        0});
    // Rows 8 and 9 keep the mix before the limiter: its look-ahead and the true peak read their past.
    plan.steps.push_back(MeasureStep{{{8, LevelKind::true_peak}, {6, LevelKind::peak}}, 4});
    plan.steps.push_back(ShapeStep{std::make_shared<Ducking>(2, 0.3F), 4, 4});
    plan.steps.push_back(MixStep{
        {.routes = {{8, 13, 1.0F, 32, 0}, {9, 14, 1.0F, 32, 0}, {6, 6, 1.0F, 0, 1}, {7, 7, 0.9F, 0, 1}},
         .curve_count = 2},
        4});

    plan.output_rows = {14, 6, 7, 13};
    plan.latency_frames = 32;
    plan.level_count = 6;
    plan.curve_count = 6;
    return plan;
}

Signals render(Backend& backend, RenderPlan plan, const Signals& sources, int chunks_in_flight) {
    const std::size_t chunk = plan.shape.frame_count;
    const std::size_t frames = sources.at(0).size();
    Signals outputs(plan.output_rows.size());
    Renderer renderer(backend, std::move(plan), chunks_in_flight);
    Signal in(sources.size() * chunk), out(outputs.size() * chunk);
    const auto take = [&] {
        const std::size_t count = std::min(chunk, frames - outputs[0].size());
        for (std::size_t row = 0; row < outputs.size(); ++row) {
            const auto begin = out.begin() + row * chunk;
            outputs[row].insert(outputs[row].end(), begin, begin + count);
        }
    };
    for (std::size_t first = 0; first < frames; first += chunk) {
        const std::size_t count = std::min(chunk, frames - first);
        std::fill(in.begin(), in.end(), 0.0F);
        for (std::size_t row = 0; row < sources.size(); ++row) {
            std::copy_n(sources[row].begin() + first, count, in.begin() + row * chunk);
        }
        renderer.process(in, out);
        if (renderer.late_chunks() == 0 || first > 0) take();
    }
    if (renderer.late_chunks() > 0) {
        renderer.finish(out);
        take();
    }
    return outputs;
}

}  // namespace tutti::tests
