#include "host/plan_rows.hpp"

#include <map>
#include <set>
#include <variant>

namespace tutti {

void number_rows(RenderPlan& plan, std::span<const int> first) {
    std::set<int> used(plan.output_rows.begin(), plan.output_rows.end());
    const auto note = [&](int row) { used.insert(row); };
    for (const Step& step : plan.steps) {
        std::visit(
            [&](const auto& s) {
                visit_reads(s, note);
                visit_writes(s, note);
            },
            step);
    }
    std::map<int, int> numbers;
    for (const int row : first) numbers.emplace(row, static_cast<int>(numbers.size()));
    for (const int row : used) numbers.emplace(row, static_cast<int>(numbers.size()));
    const auto renumber = [&](int& row) { row = numbers.at(row); };
    for (Step& step : plan.steps) {
        std::visit(
            [&](auto& s) {
                visit_reads(s, renumber);
                visit_writes(s, renumber);
            },
            step);
    }
    for (int& row : plan.output_rows) renumber(row);
    plan.shape.row_count = static_cast<int>(numbers.size());
}

}  // namespace tutti
