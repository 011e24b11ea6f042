#pragma once

#include <functional>

#include "host/masking_results.hpp"
#include "host/masking_suggestions.hpp"
#include "host/render.hpp"

namespace tutti {

/// True where a compressor, gate or limiter in front of the master's input answers to what the suggestions
/// change: on a bus behind it, or keyed by it. What that does is no part of a suggestion's forecast.
bool moves_dynamics(const Session& session, const Suggestions& suggestions);

/// The same analysis, at the same level, of another session.
using HearAgain = std::function<MaskingResults(const OpenedSession&)>;

/// Where they move dynamics: the suggestions with what a second analysis finds, of the session with them in
/// it, as what is expected of them together. Others are given back as they are.
Suggestions hear_suggestions(const MaskingResults& before, const OpenedSession& opened,
                             Suggestions suggestions, const HearAgain& hear);

}  // namespace tutti
