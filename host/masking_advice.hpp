#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "host/masking_events.hpp"
#include "host/masking_results.hpp"
#include "host/masking_suggestions.hpp"

namespace tutti {

/// What follows from an analysis for people.
struct MaskingAdvice {
    ClashEvents events;
    Suggestions suggestions;
};

/// Members for report.json: "group_events", "events" and "suggestions", with their sentences.
nlohmann::ordered_json advice_json(const MaskingResults& results, const MaskingAdvice& advice);

/// The suggestions of a report's folder, their objects as numbered in `results`, which are the report's own.
/// Throws InputError when report.json cannot be read, or what is there is no suggestion.
Suggestions read_suggestions(const std::filesystem::path& folder, const MaskingResults& results);

}  // namespace tutti
