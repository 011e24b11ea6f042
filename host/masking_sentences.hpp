#pragma once

#include <string>

#include "host/masking_events.hpp"
#include "host/masking_results.hpp"
#include "host/masking_suggestions.hpp"

namespace tutti {

/// "2.4 kHz", "240 Hz": two significant digits.
std::string frequency_text(double hz);

/// "1.9-3.1 kHz", "240-480 Hz", "800 Hz-1.2 kHz", two significant digits; "about 14 kHz" where both are the
/// same.
std::string frequency_range_text(double low_hz, double high_hz);

/// "0:48-1:12", "1:02:03-1:02:40": whole seconds.
std::string time_range_text(double from_s, double to_s);

/// "bars 25-36", "bar 7": bars that the range touches, bar 1 begins at 0:00. Empty without a tempo.
std::string bar_range_text(const MaskingResults& results, double from_s, double to_s);

/// "1.4", "0.25", "37": a number of sone seconds, two digits that mean something.
std::string sone_text(double sone_s);

/// "Lead Vox, 1.9-3.1 kHz, 0:48-1:12: inaudible 41 % of the time it plays; hidden by Gtr L (46 %) and Pad (31
/// %)." What is inaudible less than a tenth of the time is told as "heavily masked", which counts both. The
/// three who hide it most are named, and how many others there are where these have less than half of the
/// blame. Whom else the first of them hides there follows: "Gtr L hides Bass and 12 others there, too."
/// `view`: the one the event is of.
std::string event_sentence(const MaskingResults& results, const MaskingView& view, const ClashEvent& event);

/// What to do: "cut 4 dB at 2.4 kHz (bell, Q 1.8)", "pan from 0 to -0.3".
std::string suggestion_deed(const Suggestion& suggestion);

/// Why: "it hides Lead Vox there, mostly 0:48-1:12", of a pan "it shares the middle with Lead Vox at 1.9-3.1
/// kHz, mostly ...".
std::string suggestion_reason(const MaskingResults& results, const Suggestion& suggestion);

/// What it brings: "Lead Vox +1.4 (+8 %), itself -0.20, everybody together +1.2 sone s"; itself first where
/// it wins most.
std::string suggestion_outcome(const MaskingResults& results, const Suggestion& suggestion);

/// The three in one: "Gtr L: cut ...: it hides .... Expected: ...."
std::string suggestion_sentence(const MaskingResults& results, const Suggestion& suggestion);

/// What is said when there is no event.
std::string nothing_to_attend_to();

}  // namespace tutti
