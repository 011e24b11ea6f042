#pragma once

#include "engine/plan.hpp"

namespace tutti {

/// Lets convolvers add up what a mix would: rows that a step convolves only so that a later mix sums them are
/// not made; their paths lead into the mix's rows, with the routes' gains. A sum of spectra takes one inverse
/// transform, however many rows are in it. Moved are rows that nothing but routes of one mix reads, without
/// curve and delay, where sums are fewer than rows. The result is the same sum in another order. Rows that
/// are no longer used disappear, and the others are numbered anew; source rows stay what they are.
void sum_in_convolvers(RenderPlan& plan);

}  // namespace tutti
