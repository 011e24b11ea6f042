#include <algorithm>
#include <cstdio>
#include <set>

#include "host/plan.hpp"

namespace tutti {

namespace {

std::string counted(std::size_t count, const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string describe(const ConvolveStep& step, const MixPlan& plan) {
    std::set<int> rows;
    std::set<int> sums;
    std::size_t longest = 0;
    for (const ConvolverPath& path : step.convolver.paths) {
        rows.insert(path.input_row);
        sums.insert(path.output_row);
    }
    for (const std::vector<float>& kernel : step.convolver.kernels)
        longest = std::max(longest, kernel.size());
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.3f s",
                  static_cast<double>(longest) / plan.render.sample_rate_hz);
    return "convolve " + counted(rows.size(), "row", "rows") + " with " +
           counted(step.convolver.kernels.size(), "kernel", "kernels") + " of up to " + seconds +
           (sums.size() < rows.size() ? ", summed into " + std::to_string(sums.size()) : "");
}

std::string describe(const MeasureStep& step, const MixPlan& /*plan*/) {
    const char* kind = "peak";
    if (step.taps.front().kind == LevelKind::true_peak) kind = "true peak";
    const bool any_square = std::any_of(step.taps.begin(), step.taps.end(), [](const LevelTap& tap) {
        return tap.kind == LevelKind::mean_square;
    });
    const bool any_peak = std::any_of(step.taps.begin(), step.taps.end(),
                                      [](const LevelTap& tap) { return tap.kind == LevelKind::peak; });
    if (any_square) kind = any_peak ? "peak and mean square" : "mean square";
    return "measure " + counted(step.taps.size(), "level", "levels") + " (" + kind + ")";
}

std::string describe(const ShapeStep& step, const MixPlan& plan) {
    return "shape " + counted(step.shape->curve_count(), "gain curve", "gain curves") + " on the host (" +
           plan.curves[step.first_curve].processor + ")";
}

std::string describe(const MixStep& step, const MixPlan& /*plan*/) {
    std::set<int> inputs;
    std::set<int> outputs;
    for (const MixRoute& route : step.mixer.routes) {
        inputs.insert(route.input_row);
        outputs.insert(route.output_row);
    }
    if (step.mixer.curve_count > 0) {
        return "apply " + counted(step.mixer.curve_count, "gain curve", "gain curves") + " to " +
               counted(inputs.size(), "row", "rows");
    }
    return "mix " + counted(inputs.size(), "row", "rows") + " into " + std::to_string(outputs.size());
}

std::string describe(const MaskingStep& step, const MixPlan& /*plan*/) {
    return "listen to " + counted(step.excitation.objects.size(), "object", "objects") + " in " +
           counted(step.excitation.grid.band_hz.size(), "band", "bands");
}

}  // namespace

std::vector<std::string> describe_steps(const MixPlan& plan) {
    std::vector<std::string> lines;
    for (const Step& step : plan.render.steps) {
        lines.push_back(std::visit([&](const auto& s) { return describe(s, plan); }, step));
    }
    return lines;
}

}  // namespace tutti
