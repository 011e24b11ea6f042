#pragma once

#include <string>

#include "host/masking_events.hpp"
#include "host/masking_results.hpp"
#include "host/masking_sentences.hpp"
#include "host/masking_suggestions.hpp"

namespace tutti {

/// The name on at most `width` characters, cut in the middle, since endings tell pairs apart: "Backing
/// Vo..l L".
std::string shortened(const std::string& name, int width);

/// What the terminal shows: the ten greatest events between groups and between tracks as tables, then the
/// suggestions as sentences; at most 110 columns. One sentence when there is nothing to attend to.
std::string masking_text(const MaskingResults& results, const ClashEvents& events,
                         const Suggestions& suggestions);

}  // namespace tutti
