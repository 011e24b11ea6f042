#include "host/plan_hash.hpp"

#include <span>
#include <type_traits>
#include <variant>

#include "engine/errors.hpp"

namespace tutti {

namespace {

void add(ContentHash& hash, const ConvolveStep& step) {
    hash.add(step.convolver.kernels.size());
    for (const std::vector<float>& kernel : step.convolver.kernels) hash.add(kernel.size());
    hash.add(step.convolver.paths.size());
    for (const ConvolverPath& path : step.convolver.paths) {
        hash.add(path.input_row);
        hash.add(path.kernel);
        hash.add(path.output_row);
        hash.add(path.gain);
    }
    hash.add(step.convolver.transform_frames);
}

void add(ContentHash& hash, const MeasureStep& step) {
    hash.add(step.taps.size());
    for (const LevelTap& tap : step.taps) {
        hash.add(tap.row);
        hash.add(tap.kind);
    }
    hash.add(step.first_level);
}

void add(ContentHash& hash, const ShapeStep& step) {
    hash.add(step.shape->tap_count());
    hash.add(step.shape->curve_count());
    hash.add(step.first_level);
    hash.add(step.first_curve);
}

void add(ContentHash& hash, const MixStep& step) {
    hash.add(step.mixer.routes.size());
    for (const MixRoute& route : step.mixer.routes) {
        hash.add(route.input_row);
        hash.add(route.output_row);
        hash.add(route.gain);
        hash.add(route.delay_frames);
        hash.add(route.curve);
    }
    hash.add(step.mixer.curve_count);
    hash.add(step.first_curve);
}

void add(ContentHash& /*hash*/, const MaskingStep& /*step*/) { TUTTI_CHECK(false); }

}  // namespace

void add_plan(ContentHash& hash, const RenderPlan& plan) {
    hash.add(plan.sample_rate_hz);
    hash.add(plan.shape.row_count);
    hash.add(plan.shape.frame_count);
    hash.add(plan.shape.history_count);
    hash.add(plan.source_row_count);
    hash.add(plan.steps.size());
    for (const Step& step : plan.steps) {
        hash.add(step.index());
        std::visit([&](const auto& s) { add(hash, s); }, step);
    }
    hash.add(plan.output_rows.size());
    for (const int row : plan.output_rows) hash.add(row);
    hash.add(plan.level_count);
    hash.add(plan.curve_count);
}

void add_forecast(ContentHash& hash, const RenderForecast& forecast) {
    const auto add_layout = [&](const ConvolverLayout& layout) {
        hash.add(layout.transform_frames);
        hash.add(layout.hop_frames);
        hash.add(layout.partition_frames);
        hash.add(layout.partition_count);
    };
    hash.add(forecast.convolvers.size());
    for (const ConvolverForecast& convolver : forecast.convolvers) {
        hash.add(convolver.choices.size());
        for (const ConvolverForecast::Choice& choice : convolver.choices) {
            add_layout(choice.layout);
            hash.add(choice.row_count);
        }
        for (const ConvolverCandidate& candidate : convolver.candidates) {
            add_layout(candidate.layout);
            hash.add(candidate.seconds);
        }
    }
}

}  // namespace tutti
