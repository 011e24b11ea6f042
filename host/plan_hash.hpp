#pragma once

#include "engine/plan.hpp"
#include "host/content_hash.hpp"

namespace tutti {

/// Adds every number of a plan, kernels and all. What a ShapeStep shapes by cannot be seen in it, beside how
/// many levels and curves it has: that is for the caller to add.
void add_plan(ContentHash& hash, const RenderPlan& plan);

/// Adds how a backend would convolve, and what that was predicted from. Nothing that depends on the number of
/// threads.
void add_forecast(ContentHash& hash, const RenderForecast& forecast);

}  // namespace tutti
