#include "host/plan_split.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "engine/errors.hpp"
#include "host/plan_flow.hpp"
#include "host/plan_rows.hpp"
#include "host/plan_sums.hpp"
#include "host/split_places.hpp"

namespace tutti {

namespace {

/// Puts the steps of a plan into shares, one after the other. Rows keep their numbers until the shares are
/// finished; new ones come behind them.
class MixSplitter {
  public:
    MixSplitter(MixPlan& plan, std::span<const int> device_of, int device_count)
        : plan_(plan),
          flow_(follow_plan(plan)),
          places_(flow_, device_of, device_count),
          makings_(device_count) {
        split_.shares.resize(device_count);
        for (int device = 0; device < device_count; ++device) begin(device);
    }

    SplitMix split() {
        for (std::size_t step = 0; step < plan_.render.steps.size(); ++step) {
            // The first device takes what the others make.
            for (int device = 1; device < device_count(); ++device) add_step(device, step);
            add_step(0, step);
            for (int device = 1; device < device_count(); ++device) hand_over(device, step);
            plan_.render.steps[step] = MixStep{};
        }
        plan_.render.steps.clear();
        for (const int value : flow_.outputs) {
            const int device = places_.place(value);
            split_.outputs.push_back({device, output_of(device, flow_.values[value].row)});
        }
        for (int device = 0; device < device_count(); ++device) finish(device);
        return std::move(split_);
    }

  private:
    struct Measuring {
        int first_level = 0;
        std::vector<int> levels;  ///< of the whole plan
    };

    /// What is known of a share in the making.
    struct Making {
        std::map<int, int> curves;                   ///< the share's number of a curve
        std::map<std::size_t, Measuring> measuring;  ///< by step
        std::map<std::size_t, ShapeStep> shaping;    ///< by step
        std::map<int, int> outputs;                  ///< by row
        int next_row = 0;
    };

    int device_count() const { return static_cast<int>(makings_.size()); }
    MixPlan& share(int device) { return split_.shares[device].plan; }
    std::vector<Step>& steps(int device) { return share(device).render.steps; }

    void begin(int device) {
        MixPlan& made = share(device);
        made.output_channels = plan_.output_channels;
        made.render.sample_rate_hz = plan_.render.sample_rate_hz;
        made.render.latency_frames = plan_.render.latency_frames;
        made.render.shape = plan_.render.shape;
        if (device == 0) made.results_bytes = plan_.results_bytes;
        if (device == 0) made.design_bytes = plan_.design_bytes;
        makings_[device].next_row = plan_.render.shape.row_count;
        std::set<int> sources;
        for (std::size_t v = 0; v < flow_.values.size(); ++v) {
            const int source = flow_.values[v].source;
            if (source >= 0 && places_.is_needed(static_cast<int>(v), device)) sources.insert(source);
        }
        for (const int source : sources) made.sources.push_back(plan_.sources[source]);
        number_curves(device);
    }

    /// Numbers the share's levels and curves, shaper by shaper.
    void number_curves(int device) {
        std::map<std::size_t, std::vector<int>> shaped;  // by step
        for (const int curve : places_.curves(device)) shaped[flow_.curves[curve].step].push_back(curve);
        Making& making = makings_[device];
        RenderPlan& render = share(device).render;
        for (const auto& [step, curves] : shaped) {
            std::vector<int> indices;
            Measuring measuring{render.level_count, {}};
            for (const int number : curves) {
                const PlanFlow::Curve& curve = flow_.curves[number];
                making.curves[number] = render.curve_count + static_cast<int>(indices.size());
                indices.push_back(curve.index);
                measuring.levels.insert(measuring.levels.end(), curve.levels.begin(), curve.levels.end());
                split_.shares[device].curves.push_back(number);
                share(device).curves.push_back(plan_.curves[number]);
            }
            const auto& whole = std::get<ShapeStep>(plan_.render.steps[step]);
            making.shaping[step] = {whole.shape->part(indices), render.level_count, render.curve_count};
            render.level_count += static_cast<int>(measuring.levels.size());
            render.curve_count += static_cast<int>(curves.size());
            const std::size_t measured = flow_.levels[measuring.levels.front()].step;
            for (const int level : measuring.levels) TUTTI_CHECK(flow_.levels[level].step == measured);
            TUTTI_CHECK(making.measuring.try_emplace(measured, std::move(measuring)).second);
        }
    }

    void add_step(int device, std::size_t step) {
        std::visit([&](auto& s) { add(device, step, s); }, plan_.render.steps[step]);
    }

    std::span<const PlanFlow::Element> elements_of(std::size_t step) const {
        return std::span(flow_.elements)
            .subspan(flow_.first_elements[step], flow_.first_elements[step + 1] - flow_.first_elements[step]);
    }

    int row_of(int device, int value) const {
        const auto taken = taken_.find(value);
        return device == 0 && taken != taken_.end() ? taken->second : flow_.values[value].row;
    }

    void add(int device, std::size_t number, const ConvolveStep& step) {
        ConvolveStep own;
        own.convolver.transform_frames = step.convolver.transform_frames;
        std::map<int, int> kernels;
        for (const PlanFlow::Element& element : elements_of(number)) {
            if (!places_.makes(element.value, device)) continue;
            for (const PlanFlow::Term& term : element.terms) {
                ConvolverPath path = step.convolver.paths[term.item];
                path.input_row = row_of(device, term.value);
                const auto [kernel, is_new] =
                    kernels.try_emplace(path.kernel, static_cast<int>(kernels.size()));
                if (is_new) own.convolver.kernels.push_back(step.convolver.kernels[path.kernel]);
                path.kernel = kernel->second;
                own.convolver.paths.push_back(path);
            }
        }
        if (!own.convolver.paths.empty()) steps(device).emplace_back(std::move(own));
    }

    void add(int device, std::size_t number, const MeasureStep& /*step*/) {
        const auto found = makings_[device].measuring.find(number);
        if (found == makings_[device].measuring.end()) return;
        MeasureStep own{{}, found->second.first_level};
        for (const int level : found->second.levels) {
            own.taps.push_back({row_of(device, flow_.levels[level].value), flow_.levels[level].kind});
        }
        steps(device).emplace_back(std::move(own));
    }

    void add(int device, std::size_t number, const ShapeStep& /*step*/) {
        const auto found = makings_[device].shaping.find(number);
        if (found != makings_[device].shaping.end()) steps(device).emplace_back(found->second);
    }

    void add(int device, std::size_t number, const MixStep& step) {
        MixStep own;
        for (const PlanFlow::Element& element : elements_of(number)) {
            if (places_.makes(element.value, device)) add_routes(device, step, element, own);
            // Also where it makes all of the sum itself, as a key of its own tracks.
            if (device > 0 && places_.makes(element.value, 0)) add_partial_sum(device, step, element, own);
        }
        if (own.mixer.routes.empty()) return;
        count_curves(own);
        steps(device).emplace_back(std::move(own));
    }

    void add_routes(int device, const MixStep& step, const PlanFlow::Element& element, MixStep& own) {
        const int row = flow_.values[element.value].row;
        for (const PlanFlow::Term& term : element.terms) {
            if (device == 0 && places_.adder(element, term) > 0) continue;
            MixRoute route = step.mixer.routes[term.item];
            route.input_row = row_of(device, term.value);
            if (term.curve >= 0) route.curve = makings_[device].curves.at(term.curve);
            own.mixer.routes.push_back(route);
        }
        if (device > 0) return;
        for (const int sum : sums_[element.value]) own.mixer.routes.push_back({sum, row, 1.0F, 0, -1});
    }

    /// What a device's rows add to a sum that the first device makes.
    void add_partial_sum(int device, const MixStep& step, const PlanFlow::Element& element, MixStep& own) {
        const std::size_t first = own.mixer.routes.size();
        for (const PlanFlow::Term& term : element.terms) {
            if (places_.adder(element, term) != device) continue;
            MixRoute route = step.mixer.routes[term.item];
            route.input_row = row_of(device, term.value);
            route.output_row = makings_[device].next_row;
            own.mixer.routes.push_back(route);
        }
        if (own.mixer.routes.size() == first) return;
        sums_[element.value].push_back(take(device, makings_[device].next_row++));
    }

    void add(int device, std::size_t /*number*/, MaskingStep& step) {
        if (device > 0) return;
        std::size_t next = 0;
        visit_reads(step, [&](int& row) { row = row_of(0, flow_.heard[next++]); });
        steps(0).emplace_back(std::move(step));
    }

    /// Curves of a step are counted from the first that it takes.
    static void count_curves(MixStep& step) {
        int first = -1;
        int last = -1;
        for (const MixRoute& route : step.mixer.routes) {
            if (route.curve < 0) continue;
            first = first < 0 ? route.curve : std::min(first, route.curve);
            last = std::max(last, route.curve);
        }
        if (first < 0) return;
        step.first_curve = first;
        step.mixer.curve_count = last - first + 1;
        for (MixRoute& route : step.mixer.routes) {
            if (route.curve >= 0) route.curve -= first;
        }
    }

    /// Has the first device take a row of another: its number there.
    int take(int device, int row) {
        split_.inputs.push_back({device, output_of(device, row)});
        return makings_[0].next_row++;
    }

    int output_of(int device, int row) {
        std::vector<int>& rows = share(device).render.output_rows;
        const auto [output, is_new] =
            makings_[device].outputs.try_emplace(row, static_cast<int>(rows.size()));
        if (is_new) rows.push_back(row);
        return output->second;
    }

    /// After a step, the first device takes what it needs of what the step made.
    void hand_over(int device, std::size_t step) {
        for (const PlanFlow::Element& element : elements_of(step)) {
            const int value = element.value;
            if (places_.place(value) != device || !places_.is_needed(value, 0)) continue;
            int row = flow_.values[value].row;
            if (is_written_again(value, device)) {
                MixStep copy;
                copy.mixer.routes.push_back({row, makings_[device].next_row, 1.0F, 0, -1});
                steps(device).emplace_back(std::move(copy));
                row = makings_[device].next_row++;
            }
            taken_[value] = take(device, row);
        }
    }

    bool is_written_again(int value, int device) const {
        for (int later = value + 1; later < static_cast<int>(flow_.values.size()); ++later) {
            const PlanFlow::Value& other = flow_.values[later];
            if (other.row == flow_.values[value].row && places_.makes(later, device)) return true;
        }
        return false;
    }

    /// The tracks' rows come first, then those taken from others.
    void finish(int device) {
        MixPlan& made = share(device);
        RenderPlan& render = made.render;
        std::vector<int> sources;
        for (MixPlan::Source& source : made.sources) {
            const int first_row = std::exchange(source.first_row, static_cast<int>(sources.size()));
            for (int c = 0; c < source.channels; ++c) sources.push_back(first_row + c);
        }
        for (std::size_t i = 0; device == 0 && i < split_.inputs.size(); ++i) {
            sources.push_back(plan_.render.shape.row_count + static_cast<int>(i));
        }
        render.source_row_count = static_cast<int>(sources.size());
        number_rows(render, sources);
        // An analysis, which the first device does, looks further back.
        if (device > 0) render.shape.history_count = history_of(render);
        if (!plan_.heard) sum_in_convolvers(render);
    }

    static int history_of(const RenderPlan& render) {
        int longest_delay = control_hop;
        for (const Step& step : render.steps) {
            const auto* const mix = std::get_if<MixStep>(&step);
            if (mix == nullptr) continue;
            for (const MixRoute& route : mix->mixer.routes) {
                longest_delay = std::max(longest_delay, route.delay_frames);
            }
        }
        return (longest_delay + control_hop - 1) / control_hop * control_hop;
    }

    MixPlan& plan_;
    PlanFlow flow_;
    SplitPlaces places_;
    SplitMix split_;
    std::vector<Making> makings_;           ///< [device]
    std::map<int, int> taken_;              ///< by value: the first device's row
    std::map<int, std::vector<int>> sums_;  ///< by value: the first device's rows with others' part of it
};

}  // namespace

SplitMix split_mix(MixPlan& plan, std::span<const int> device_of, int device_count) {
    return MixSplitter(plan, device_of, device_count).split();
}

}  // namespace tutti
