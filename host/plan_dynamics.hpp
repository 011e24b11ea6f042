#pragma once

#include <span>
#include <string>

#include "host/contributions.hpp"
#include "host/plan.hpp"
#include "host/plan_steps.hpp"
#include "host/session.hpp"

namespace tutti {

/// A strip's dynamics insert at one stage.
struct DynamicsUse {
    std::string strip;
    int insert_index = 0;
    const Insert* insert = nullptr;
    Signal* audio = nullptr;
    const Signal* sidechain = nullptr;  ///< the key strip's finished signal; null: the audio is its own key
    AppliedGain* applied = nullptr;     ///< filled where it is asked for
};

/// The steps of all these inserts, kind by kind side by side: align and filter the keys, measure, shape,
/// apply.
void add_dynamics_stage(StepList& steps, MixPlan& plan, std::span<const DynamicsUse> uses);

}  // namespace tutti
