#include "engine/renderer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <set>
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

/// Rows that are written or read back together because they lie together.
struct RowRun {
    int first_row;
    int row_count;
};

std::vector<RowRun> find_runs(std::span<const int> rows) {
    std::vector<RowRun> runs;
    for (const int row : rows) {
        if (!runs.empty() && runs.back().first_row + runs.back().row_count == row) {
            ++runs.back().row_count;
        } else {
            runs.push_back({row, 1});
        }
    }
    return runs;
}

/// Source rows that arrive as floats.
std::vector<RowRun> find_float_runs(const RenderPlan& plan) {
    std::vector<int> rows;
    int next = 0;
    for (const PcmSource& source : plan.pcm_sources) {
        for (; next < source.first_row; ++next) rows.push_back(next);
        next = source.first_row + source.channel_count;
    }
    TUTTI_CHECK(next <= plan.source_row_count);
    for (; next < plan.source_row_count; ++next) rows.push_back(next);
    return find_runs(rows);
}

/// Steps that follow each other without the host's shaping between them: its gains first, then what the
/// device does with them.
struct Phase {
    std::size_t begin;
    std::size_t end;
};

std::vector<Phase> find_phases(std::span<const Step> steps) {
    std::vector<Phase> phases{{0, 0}};
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const bool begins = i > 0 && std::holds_alternative<ShapeStep>(steps[i]) &&
                            !std::holds_alternative<ShapeStep>(steps[i - 1]);
        if (begins) phases.push_back({i, i});
        phases.back().end = i + 1;
    }
    return phases;
}

// Rows whose past a step reads.
std::vector<int> pasts_of(const ConvolveStep& /*step*/) { return {}; }  // the convolver keeps its own
std::vector<int> pasts_of(const ShapeStep& /*step*/) { return {}; }
std::vector<int> pasts_of(const MeasureStep& step) {
    std::vector<int> rows;
    for (const LevelTap& tap : step.taps) {
        if (tap.kind == LevelKind::true_peak) rows.push_back(tap.row);
    }
    return rows;
}
std::vector<int> pasts_of(const MixStep& step) {
    std::vector<int> rows;
    for (const MixRoute& route : step.mixer.routes) {
        if (route.delay_frames > 0) rows.push_back(route.input_row);
    }
    return rows;
}
std::vector<int> pasts_of(const MaskingStep& step) {
    std::vector<int> rows;
    for (const ExcitationObject& object : step.excitation.objects) {
        for (const int row : object.rows) {
            if (row >= 0) rows.push_back(row);
        }
    }
    return rows;
}

std::set<int> find_pasts(std::span<const Step> steps) {
    std::set<int> found;
    for (const Step& step : steps) {
        for (const int row : std::visit([](const auto& s) { return pasts_of(s); }, step)) found.insert(row);
    }
    return found;
}

/// Chunks in flight take turns in two Rows. What the first half of a chunk's phases reads of the past is
/// there when the first half of the chunk before is done: nothing writes it later. The rest is there, and
/// must be taken, when that chunk is done, before the next one takes its place.
struct Pasts {
    std::unique_ptr<Past> of_first_half;
    std::unique_ptr<Past> of_second_half;

    Pasts(Backend& backend, const RowsShape& shape, std::span<const Step> steps, std::size_t half_end) {
        const std::set<int> first = find_pasts(steps.first(half_end));
        std::set<int> second = find_pasts(steps.subspan(half_end));
        for (const int row : first) second.erase(row);
        of_first_half = backend.make_past(shape, std::vector<int>(first.begin(), first.end()));
        of_second_half = backend.make_past(shape, std::vector<int>(second.begin(), second.end()));
    }
};

}  // namespace

struct Renderer::State {
    /// A chunk that is under way.
    struct Chunk {
        std::unique_ptr<Rows> rows;
        std::vector<float> levels;  ///< [level][hop]
        std::vector<float> gains;   ///< [curve][hop + 1]
    };

    RenderPlan plan;
    std::vector<Chunk> chunks;  ///< one, or two that take turns
    std::vector<Phase> phases;
    std::optional<Pasts> pasts;             ///< where chunks take turns
    std::uint64_t chunk_count = 0;          ///< that were begun
    std::vector<RowRun> float_runs;         ///< of sources
    std::unique_ptr<PcmLoader> pcm_loader;  ///< of the others; null where there are none
    std::vector<RowRun> output_runs;
    std::vector<double> seconds;  ///< [step], then writing rows, then reading them

    // What runs a step of each kind: the operation with its place in levels and gains.
    struct Convolve {
        std::unique_ptr<Convolver> convolver;
    };
    struct Measure {
        std::unique_ptr<LevelMeter> meter;
        int first_level;
        int tap_count;
    };
    struct Shape {
        std::unique_ptr<GainShaper> shaper;
        int first_level;
        int tap_count;
        int first_curve;
        int curve_count;
    };
    struct Mix {
        std::unique_ptr<Mixer> mixer;
        int first_curve;
        int curve_count;
    };
    struct Mask {
        std::unique_ptr<MaskingAnalysis> analysis;
    };
    using Running = std::variant<Convolve, Measure, Shape, Mix, Mask>;
    std::vector<Running> steps;

    Running make(const ConvolveStep& step, Backend& backend) const {
        return Convolve{backend.make_convolver(plan.shape, step.convolver)};
    }
    Running make(const MeasureStep& step, Backend& backend) const {
        return Measure{backend.make_level_meter(plan.shape, step.taps), step.first_level,
                       static_cast<int>(step.taps.size())};
    }
    Running make(const ShapeStep& step, Backend& /*backend*/) const {
        return Shape{step.shape->start(plan.shape.hop_count()), step.first_level, step.shape->tap_count(),
                     step.first_curve, step.shape->curve_count()};
    }
    Running make(const MixStep& step, Backend& backend) const {
        return Mix{backend.make_mixer(plan.shape, step.mixer), step.first_curve, step.mixer.curve_count};
    }
    Running make(const MaskingStep& step, Backend& backend) const {
        return Mask{std::make_unique<MaskingAnalysis>(backend, plan.shape, step)};
    }

    std::span<float> levels_of(Chunk& chunk, int first, int count) const {
        const std::size_t hops = plan.shape.hop_count();
        return std::span(chunk.levels).subspan(first * hops, count * hops);
    }
    std::span<float> gains_of(Chunk& chunk, int first, int count) const {
        const std::size_t points = plan.shape.hop_count() + 1;
        return std::span(chunk.gains).subspan(first * points, count * points);
    }

    void run(Convolve& step, Chunk& chunk) const { step.convolver->process(*chunk.rows); }
    void run(Measure& step, Chunk& chunk) const {
        step.meter->start(*chunk.rows, levels_of(chunk, step.first_level, step.tap_count));
    }
    void run(Shape& step, Chunk& chunk) const {
        step.shaper->process(levels_of(chunk, step.first_level, step.tap_count),
                             gains_of(chunk, step.first_curve, step.curve_count));
    }
    void run(Mix& step, Chunk& chunk) const {
        step.mixer->process(*chunk.rows, gains_of(chunk, step.first_curve, step.curve_count));
    }
    void run(Mask& step, Chunk& chunk) const { step.analysis->process(*chunk.rows); }

    /// Waits for the levels of a phase.
    void finish_levels(const Phase& phase) {
        for (std::size_t i = phase.begin; i < phase.end; ++i) {
            auto* const measure = std::get_if<Measure>(&steps[i]);
            if (measure == nullptr) continue;
            const Stopwatch watch("wait for levels", seconds[i]);
            measure->meter->finish();
        }
    }

    void run_phase(std::size_t number, Chunk& chunk) {
        if (number > 0) finish_levels(phases[number - 1]);
        for (std::size_t i = phases[number].begin; i < phases[number].end; ++i) {
            const Stopwatch watch(step_names[steps[i].index()], seconds[i]);
            std::visit([&](auto& step) { run(step, chunk); }, steps[i]);
        }
        if (number + 1 == phases.size()) finish_levels(phases[number]);
    }

    void upload(Chunk& chunk, std::span<const float> sources) {
        const Stopwatch watch("upload", seconds[steps.size()]);
        const std::size_t frames = plan.shape.frame_count;
        for (const RowRun& run : float_runs) {
            chunk.rows->write(run.first_row, sources.subspan(run.first_row * frames, run.row_count * frames));
        }
        if (pcm_loader) pcm_loader->process(sources, *chunk.rows);
    }

    void read_back(const Chunk& chunk, std::span<float> outputs) {
        const Stopwatch watch("read back", seconds.back());
        const std::size_t frames = plan.shape.frame_count;
        for (const RowRun& run : output_runs) {
            chunk.rows->read(run.first_row, outputs.first(run.row_count * frames));
            outputs = outputs.subspan(run.row_count * frames);
        }
    }

    bool take_turns() const { return chunks.size() > 1; }

    /// Phases after which the next chunk begins. From then on each phase of the one is followed by one of the
    /// other, so that the device has work while the host shapes.
    std::size_t phases_alone() const { return take_turns() ? (phases.size() + 1) / 2 : phases.size(); }
};

Renderer::Renderer(Backend& backend, RenderPlan plan, int chunks_in_flight)
    : state_(std::make_unique<State>()) {
    State& state = *state_;
    state.plan = std::move(plan);
    const RowsShape& shape = state.plan.shape;
    const int count = chunks_in_flight > 0 ? chunks_in_flight : backend.chunks_in_flight();
    TUTTI_CHECK(count == 1 || count == 2);
    for (int i = 0; i < count; ++i) {
        State::Chunk& chunk = state.chunks.emplace_back();
        chunk.rows = backend.make_rows(shape);
        chunk.levels.resize(static_cast<std::size_t>(state.plan.level_count) * shape.hop_count());
        chunk.gains.resize(static_cast<std::size_t>(state.plan.curve_count) * (shape.hop_count() + 1));
    }
    state.float_runs = find_float_runs(state.plan);
    if (!state.plan.pcm_sources.empty()) {
        state.pcm_loader = backend.make_pcm_loader(shape, state.plan.pcm_sources);
    }
    state.output_runs = find_runs(state.plan.output_rows);
    state.phases = find_phases(state.plan.steps);
    if (state.take_turns()) {
        const std::size_t half_end = state.phases[state.phases_alone() - 1].end;
        state.pasts.emplace(backend, shape, state.plan.steps, half_end);
    }
    for (Step& step : state.plan.steps) {
        state.steps.push_back(std::visit([&](const auto& s) { return state.make(s, backend); }, step));
        // The backend has its own form of the kernels now.
        if (auto* convolve = std::get_if<ConvolveStep>(&step)) convolve->convolver.kernels.clear();
    }
    state.seconds.resize(state.steps.size() + 2, 0.0);
}

Renderer::~Renderer() = default;

const RenderPlan& Renderer::plan() const { return state_->plan; }

int Renderer::late_chunks() const { return state_->take_turns() ? 1 : 0; }

void Renderer::process(std::span<const float> sources, std::span<float> outputs) {
    State& state = *state_;
    const std::size_t frames = state.plan.shape.frame_count;
    TUTTI_CHECK(sources.size() == state.plan.source_row_count * frames);
    TUTTI_CHECK(outputs.size() == state.plan.output_rows.size() * frames);
    State::Chunk& chunk = state.chunks[state.chunk_count % state.chunks.size()];
    state.upload(chunk, sources);
    if (!state.take_turns()) {
        for (std::size_t phase = 0; phase < state.phases.size(); ++phase) state.run_phase(phase, chunk);
        state.read_back(chunk, outputs);
        chunk.rows->advance();
        return;
    }
    State::Chunk& before = state.chunks[(state.chunk_count + 1) % 2];
    const bool is_first = state.chunk_count++ == 0;
    if (!is_first) state.pasts->of_first_half->process(*before.rows, *chunk.rows);
    for (std::size_t phase = 0; phase < state.phases_alone(); ++phase) {
        const std::size_t second = state.phases_alone() + phase;
        if (!is_first && second < state.phases.size()) state.run_phase(second, before);
        state.run_phase(phase, chunk);
    }
    if (is_first) return;
    state.pasts->of_second_half->process(*before.rows, *chunk.rows);
    state.read_back(before, outputs);
}

void Renderer::finish(std::span<float> outputs) {
    State& state = *state_;
    if (!state.take_turns() || state.chunk_count == 0) return;
    State::Chunk& last = state.chunks[(state.chunk_count - 1) % 2];
    for (std::size_t phase = state.phases_alone(); phase < state.phases.size(); ++phase) {
        state.run_phase(phase, last);
    }
    state.read_back(last, outputs);
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
