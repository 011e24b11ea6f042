#pragma once

#include <string>

#include "host/masking_events.hpp"
#include "host/masking_results.hpp"
#include "host/masking_suggestions.hpp"

namespace tutti {

/// "1.9-3.1 kHz", "240-480 Hz", "800 Hz-1.2 kHz", two significant digits; "about 14 kHz" where both are the
/// same.
std::string frequency_range_text(double low_hz, double high_hz);

/// "0:48-1:12", "1:02:03-1:02:40".
std::string time_range_text(double from_s, double to_s);

/// "bars 25-36"; empty without a tempo.
std::string bar_range_text(const MaskingResults& results, double from_s, double to_s);

/// "Lead Vox, 1.9-3.1 kHz, 0:48-1:12: inaudible 41 % of the time it plays; hidden by Gtr L (46 %) and Pad (31
/// %)." `view`: the one the event is of.
std::string event_sentence(const MaskingResults& results, const MaskingView& view, const ClashEvent& event);

/// "Gtr L: cut 4 dB at 2.4 kHz (bell, Q 1.8): Lead Vox gains 1.4 sone s (8 %), everyone together 1.9 sone s;
/// itself it loses 0.2."
std::string suggestion_sentence(const MaskingResults& results, const Suggestion& suggestion);

/// What the terminal shows: the ten greatest events between groups and between tracks as tables, then the
/// suggestions; at most 110 columns, names shortened. One sentence when there is nothing to attend to.
std::string masking_text(const MaskingResults& results, const ClashEvents& events,
                         const Suggestions& suggestions);

}  // namespace tutti
