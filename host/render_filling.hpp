#pragma once

#include "host/plan.hpp"
#include "host/render.hpp"
#include "host/render_pass.hpp"
#include "host/stretch.hpp"

namespace tutti {

/// What renders of every kind report in the same way.
void fill_in_plan(RenderReport& report, const Session& session, const MixPlan& plan, const Stretch& stretch);
void fill_in_seconds(RenderReport& report, const PassSeconds& seconds);
void warn_of_overs(const RenderReport& report, const Warn& warn);

}  // namespace tutti
