#pragma once

#include <vector>

#include "host/plan.hpp"

namespace tutti {

/// What every row of a plan holds after every step, and what that is made of. A row that is written several
/// times is several values.
struct PlanFlow {
    struct Value {
        int row = 0;
        int element = -1;  ///< that makes it; none of a source, and of a row that nothing wrote: silence
        int source = -1;   ///< MixPlan::sources, where it is one of its rows
        int owner = -1;    ///< the one source whose sound it is; -1: of several, or none
        std::vector<int> sources;  ///< all that it depends on, through side-chains too; ascending
    };

    /// A route or a path.
    struct Term {
        std::size_t item = 0;  ///< in its step
        int value = 0;         ///< that it reads
        int curve = -1;        ///< of the plan
    };

    /// All routes or paths of a step into one row.
    struct Element {
        std::size_t step = 0;
        bool is_mix = false;  ///< or of a convolver
        int value = 0;
        std::vector<Term> terms;  ///< in the order of the step
    };

    struct Level {
        std::size_t step = 0;
        LevelKind kind = LevelKind::peak;
        int value = 0;
    };

    struct Curve {
        std::size_t step = 0;
        int index = 0;  ///< in its step
        std::vector<int> levels;
    };

    std::vector<Value> values;
    std::vector<Element> elements;            ///< in the order of their steps
    std::vector<std::size_t> first_elements;  ///< [step], and their number at the end
    std::vector<Level> levels;                ///< [level]
    std::vector<Curve> curves;                ///< [curve]
    std::vector<int> outputs;                 ///< [output row]: its value at the end
    std::vector<int> heard;  ///< values that a MaskingStep listens to, in the order of visit_reads()
};

PlanFlow follow_plan(const MixPlan& plan);

}  // namespace tutti
