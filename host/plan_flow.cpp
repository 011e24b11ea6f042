#include "host/plan_flow.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <variant>

#include "host/plan_rows.hpp"

namespace tutti {

namespace {

class PlanFollower {
  public:
    explicit PlanFollower(const MixPlan& plan) : plan_(plan), current_(plan.render.shape.row_count, -1) {
        flow_.levels.resize(plan.render.level_count);
        flow_.curves.resize(plan.render.curve_count);
        for (std::size_t s = 0; s < plan.sources.size(); ++s) {
            const auto source = static_cast<int>(s);
            for (int c = 0; c < plan.sources[s].channels; ++c) {
                const int row = plan.sources[s].first_row + c;
                current_[row] = add({row, -1, source, source, {source}});
            }
        }
    }

    PlanFlow follow() {
        const std::vector<Step>& steps = plan_.render.steps;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            flow_.first_elements.push_back(flow_.elements.size());
            std::visit([&](const auto& step) { add_step(i, step); }, steps[i]);
        }
        flow_.first_elements.push_back(flow_.elements.size());
        for (const int row : plan_.render.output_rows) flow_.outputs.push_back(value_in(row));
        return std::move(flow_);
    }

  private:
    int add(PlanFlow::Value value) {
        flow_.values.push_back(std::move(value));
        return static_cast<int>(flow_.values.size()) - 1;
    }

    int value_in(int row) {
        if (current_[row] < 0) current_[row] = add({row, -1, -1, -1, {}});
        return current_[row];
    }

    void add_step(std::size_t number, const ConvolveStep& step) {
        std::map<int, std::vector<PlanFlow::Term>> terms;
        for (std::size_t i = 0; i < step.convolver.paths.size(); ++i) {
            const ConvolverPath& path = step.convolver.paths[i];
            terms[path.output_row].push_back({i, value_in(path.input_row), -1});
        }
        add_elements(number, false, std::move(terms));
    }

    void add_step(std::size_t number, const MixStep& step) {
        std::map<int, std::vector<PlanFlow::Term>> terms;
        for (std::size_t i = 0; i < step.mixer.routes.size(); ++i) {
            const MixRoute& route = step.mixer.routes[i];
            const int curve = route.curve < 0 ? -1 : step.first_curve + route.curve;
            terms[route.output_row].push_back({i, value_in(route.input_row), curve});
        }
        add_elements(number, true, std::move(terms));
    }

    void add_step(std::size_t number, const MeasureStep& step) {
        for (std::size_t i = 0; i < step.taps.size(); ++i) {
            flow_.levels[step.first_level + i] = {number, step.taps[i].kind, value_in(step.taps[i].row)};
        }
    }

    void add_step(std::size_t number, const ShapeStep& step) {
        for (int i = 0; i < step.shape->curve_count(); ++i) {
            const GainShape::Taps taps = step.shape->taps_of(i);
            PlanFlow::Curve& curve = flow_.curves[step.first_curve + i];
            curve = {number, i, {}};
            for (int t = 0; t < taps.count; ++t) {
                curve.levels.push_back(step.first_level + taps.first + t);
            }
        }
    }

    void add_step(std::size_t /*number*/, const MaskingStep& step) {
        visit_reads(step, [&](int row) { flow_.heard.push_back(value_in(row)); });
    }

    /// Inputs of a step are read before its outputs are written.
    void add_elements(std::size_t step, bool is_mix, std::map<int, std::vector<PlanFlow::Term>> terms_of) {
        for (auto& [row, terms] : terms_of) {
            PlanFlow::Value value;
            value.row = row;
            value.element = static_cast<int>(flow_.elements.size());
            value.owner = owner_of(terms);
            for (const PlanFlow::Term& term : terms) {
                depend_on(value, term.value);
                if (term.curve < 0) continue;
                for (const int level : flow_.curves[term.curve].levels) {
                    depend_on(value, flow_.levels[level].value);
                }
            }
            current_[row] = add(std::move(value));
            flow_.elements.push_back({step, is_mix, current_[row], std::move(terms)});
        }
    }

    int owner_of(const std::vector<PlanFlow::Term>& terms) const {
        int owner = -1;
        for (const PlanFlow::Term& term : terms) {
            const PlanFlow::Value& value = flow_.values[term.value];
            if (value.sources.empty()) continue;
            if (value.owner < 0 || (owner >= 0 && owner != value.owner)) return -1;
            owner = value.owner;
        }
        return owner;
    }

    void depend_on(PlanFlow::Value& value, int other) const {
        const std::vector<int>& more = flow_.values[other].sources;
        if (std::includes(value.sources.begin(), value.sources.end(), more.begin(), more.end())) return;
        std::vector<int> all;
        std::set_union(value.sources.begin(), value.sources.end(), more.begin(), more.end(),
                       std::back_inserter(all));
        value.sources = std::move(all);
    }

    const MixPlan& plan_;
    PlanFlow flow_;
    std::vector<int> current_;  ///< [row]: the value in it; -1 before anything was written or read
};

}  // namespace

PlanFlow follow_plan(const MixPlan& plan) { return PlanFollower(plan).follow(); }

}  // namespace tutti
