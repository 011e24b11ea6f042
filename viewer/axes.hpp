#pragma once

#include <string>
#include <vector>

#include "host/masking_results.hpp"

namespace tutti::viewer {

struct Tick {
    double at = 0.0;   ///< seconds, or Cam
    std::string text;  ///< empty: a line without a label
};

/// Round times between which at least `least_s` pass: "1:20", below ten seconds apart "1:20.5".
std::vector<Tick> time_ticks(double from_s, double to_s, double least_s);

/// Bars that begin there, "bar 17" every so many; empty without a tempo.
std::vector<Tick> bar_ticks(const MaskingResults& results, double from_s, double to_s, double least_s);

/// Frequencies of 20, 50, 100, ... Hz at their place on the Cam scale, between which at least `least_cam`
/// lie; lines at the tens in between.
std::vector<Tick> frequency_ticks(double low_cam, double high_cam, double least_cam);

/// The C of every octave, "C4" (A4 = 440 Hz).
std::vector<Tick> note_ticks(double low_cam, double high_cam, double least_cam);

/// "1:23.4"
std::string moment_text(double seconds);

/// "bar 12.3": the third beat of that bar; bar 1 begins at 0:00. Empty without a tempo.
std::string bar_text(const MaskingResults& results, double seconds);

/// "1:23.4 (bar 12.3)", without a tempo "1:23.4".
std::string moment_and_bar(const MaskingResults& results, double seconds);

/// "A4", the nearest note; empty outside what can be heard.
std::string note_text(double hz);

/// "440 Hz (A4)", "1.2 kHz (D6)": the nearest note.
std::string frequency_and_note(double hz);

}  // namespace tutti::viewer
