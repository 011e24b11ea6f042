#pragma once

#include <span>
#include <type_traits>

#include "engine/plan.hpp"

namespace tutti {

/// Calls `visit` with the number of every row that a step reads, where the step keeps it.
template <typename Visit>
void visit_reads(auto& step, const Visit& visit) {
    using Kind = std::remove_cvref_t<decltype(step)>;
    if constexpr (std::is_same_v<Kind, ConvolveStep>) {
        for (auto& path : step.convolver.paths) visit(path.input_row);
    } else if constexpr (std::is_same_v<Kind, MeasureStep>) {
        for (auto& tap : step.taps) visit(tap.row);
    } else if constexpr (std::is_same_v<Kind, MixStep>) {
        for (auto& route : step.mixer.routes) visit(route.input_row);
    } else if constexpr (std::is_same_v<Kind, MaskingStep>) {
        for (auto& object : step.excitation.objects) {
            for (auto& row : object.rows) {
                if (row >= 0) visit(row);
            }
        }
    } else {
        static_assert(std::is_same_v<Kind, ShapeStep>, "a kind of step whose rows are not known here");
    }
}

/// The same of rows that it writes.
template <typename Visit>
void visit_writes(auto& step, const Visit& visit) {
    using Kind = std::remove_cvref_t<decltype(step)>;
    if constexpr (std::is_same_v<Kind, ConvolveStep>) {
        for (auto& path : step.convolver.paths) visit(path.output_row);
    } else if constexpr (std::is_same_v<Kind, MixStep>) {
        for (auto& route : step.mixer.routes) visit(route.output_row);
    }
}

/// Numbers rows anew: `first`, in this order, then the others that steps or outputs use, as they stood. The
/// rest disappear.
void number_rows(RenderPlan& plan, std::span<const int> first);

}  // namespace tutti
