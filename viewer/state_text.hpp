#pragma once

#include <string>

#include "viewer/state.hpp"

namespace tutti::viewer {

/// What is shown, a line each: "target: Lead Vox". For scripts that look whether an action did what it says.
std::string state_text(const State& state);

}  // namespace tutti::viewer
