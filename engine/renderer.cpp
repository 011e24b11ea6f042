#include "engine/renderer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "engine/errors.hpp"
#include "engine/masking_analysis.hpp"
#include "engine/trace.hpp"

namespace tutti {

namespace {

/// Adds the time it lives to `seconds`, and notes it in a trace.
class Stopwatch {
  public:
    Stopwatch(const char* what, double& seconds) : scope_(what), seconds_(seconds) {}
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;
    ~Stopwatch() {
        seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

  private:
    TraceScope scope_;
    double& seconds_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// What a trace calls steps, by their place in Step.
constexpr std::array<const char*, std::variant_size_v<Step>> step_names{"convolve", "measure levels",
                                                                        "shape gains", "mix", "listen"};

/// Rows that are read back together because they lie together.
struct OutputRun {
    int first_row;
    int row_count;
};

std::vector<OutputRun> find_runs(std::span<const int> rows) {
    std::vector<OutputRun> runs;
    for (const int row : rows) {
        if (!runs.empty() && runs.back().first_row + runs.back().row_count == row) {
            ++runs.back().row_count;
        } else {
            runs.push_back({row, 1});
        }
    }
    return runs;
}

}  // namespace

struct Renderer::State {
    RenderPlan plan;
    std::unique_ptr<Rows> rows;
    std::vector<float> levels;  ///< [level][hop]
    std::vector<float> gains;   ///< [curve][hop + 1]
    std::vector<OutputRun> output_runs;
    std::vector<double> seconds;  ///< [step], then writing rows, then reading them

    // What runs a step of each kind: the operation with its place in levels and gains.
    struct Convolve {
        std::unique_ptr<Convolver> convolver;
    };
    struct Measure {
        std::unique_ptr<LevelMeter> meter;
        std::span<float> levels;
    };
    struct Shape {
        std::unique_ptr<GainShaper> shaper;
        std::span<const float> levels;
        std::span<float> gains;
        int first_curve;
    };
    struct Mix {
        std::unique_ptr<Mixer> mixer;
        std::span<const float> gains;
    };
    struct Mask {
        std::unique_ptr<MaskingAnalysis> analysis;
    };
    using Running = std::variant<Convolve, Measure, Shape, Mix, Mask>;
    std::vector<Running> steps;

    Running make(const ConvolveStep& step, Backend& backend) const {
        return Convolve{backend.make_convolver(plan.shape, step.convolver)};
    }
    Running make(const MeasureStep& step, Backend& backend) {
        return Measure{backend.make_level_meter(plan.shape, step.taps),
                       levels_of(step.first_level, static_cast<int>(step.taps.size()))};
    }
    Running make(const ShapeStep& step, Backend& /*backend*/) {
        return Shape{step.shape->start(plan.shape.hop_count()),
                     levels_of(step.first_level, step.shape->tap_count()),
                     gains_of(step.first_curve, step.shape->curve_count()), step.first_curve};
    }
    Running make(const MixStep& step, Backend& backend) {
        return Mix{backend.make_mixer(plan.shape, step.mixer),
                   gains_of(step.first_curve, step.mixer.curve_count)};
    }
    Running make(const MaskingStep& step, Backend& backend) const {
        return Mask{std::make_unique<MaskingAnalysis>(backend, plan.shape, step)};
    }

    std::span<float> levels_of(int first, int count) {
        const std::size_t hops = plan.shape.hop_count();
        return std::span(levels).subspan(first * hops, count * hops);
    }
    std::span<float> gains_of(int first, int count) {
        const std::size_t points = plan.shape.hop_count() + 1;
        return std::span(gains).subspan(first * points, count * points);
    }

    void run(Convolve& step) const { step.convolver->process(*rows); }
    void run(Measure& step) const { step.meter->process(*rows, step.levels); }
    void run(Shape& step) const { step.shaper->process(step.levels, step.gains); }
    void run(Mix& step) const { step.mixer->process(*rows, step.gains); }
    void run(Mask& step) const { step.analysis->process(*rows); }
};

Renderer::Renderer(Backend& backend, RenderPlan plan) : state_(std::make_unique<State>()) {
    State& state = *state_;
    state.plan = std::move(plan);
    state.rows = backend.make_rows(state.plan.shape);
    state.levels.resize(static_cast<std::size_t>(state.plan.level_count) * state.plan.shape.hop_count());
    state.gains.resize(static_cast<std::size_t>(state.plan.curve_count) * (state.plan.shape.hop_count() + 1));
    state.output_runs = find_runs(state.plan.output_rows);
    for (Step& step : state.plan.steps) {
        state.steps.push_back(std::visit([&](const auto& s) { return state.make(s, backend); }, step));
        // The backend has its own form of the kernels now.
        if (auto* convolve = std::get_if<ConvolveStep>(&step)) convolve->convolver.kernels.clear();
    }
    state.seconds.resize(state.steps.size() + 2, 0.0);
}

Renderer::~Renderer() = default;

const RenderPlan& Renderer::plan() const { return state_->plan; }

void Renderer::process(std::span<const float> sources, std::span<float> outputs) {
    State& state = *state_;
    const std::size_t chunk = state.plan.shape.frame_count;
    TUTTI_CHECK(sources.size() == state.plan.source_row_count * chunk);
    TUTTI_CHECK(outputs.size() == state.plan.output_rows.size() * chunk);
    {
        const Stopwatch watch("upload", state.seconds[state.steps.size()]);
        state.rows->write(0, sources);
    }
    for (std::size_t i = 0; i < state.steps.size(); ++i) {
        const Stopwatch watch(step_names[state.steps[i].index()], state.seconds[i]);
        std::visit([&](auto& step) { state.run(step); }, state.steps[i]);
    }
    const Stopwatch watch("read back", state.seconds.back());
    for (const OutputRun& run : state.output_runs) {
        state.rows->read(run.first_row, outputs.first(run.row_count * chunk));
        outputs = outputs.subspan(run.row_count * chunk);
    }
    state.rows->advance();
}

std::vector<GainReport> Renderer::gain_reports() const {
    std::vector<GainReport> all(state_->plan.curve_count);
    for (const State::Running& step : state_->steps) {
        if (const auto* shape = std::get_if<State::Shape>(&step)) {
            const std::vector<GainReport> reports = shape->shaper->reports();
            std::copy(reports.begin(), reports.end(), all.begin() + shape->first_curve);
        }
    }
    return all;
}

std::vector<double> Renderer::step_seconds() const { return state_->seconds; }

}  // namespace tutti
