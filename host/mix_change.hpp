#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "host/masking_events.hpp"
#include "host/masking_results.hpp"
#include "host/masking_suggestions.hpp"
#include "host/session_edit.hpp"

namespace tutti {

/// What somebody at a desk does to one object: a bell more, another fader, another pan.
struct MixChange {
    enum class Kind { bell, gain, pan };
    Kind kind = Kind::bell;
    int object = 0;  ///< of results.tracks
    EqBand bell;
    double gain_db = 0.0;  ///< on top of the fader
    double pan = 0.0;      ///< instead of pan_from
    double pan_from = 0.0;
    double pan_law_db = -3.0;
    int channels = 1;  ///< of the stem that is panned
    bool operator==(const MixChange&) const = default;
};

/// The session's track, or track or bus, of that name; null: none.
const Track* find_track(const Session& session, const std::string& name);
const Strip* find_strip(const Session& session, const std::string& name);

/// A pan of that object as its session has it. Throws InputError where panning it means nothing that is
/// known: it is more than one track, a bus, what it plays through is mono, or its stem cannot be read.
MixChange pan_of(const MaskingResults& results, const Session& session, int object);

/// A cut to begin from on the first who hides the target of an event of tracks: 4 dB in the middle of the
/// event's bands, as wide as they are.
MixChange first_cut(const ClashEvent& event);

/// A suggestion as a change. Throws as pan_of() does where it is a pan.
MixChange change_of_suggestion(const MaskingResults& results, const Session* session,
                               const Suggestion& suggestion);

/// Changes as edits of the session, each with a comment that says whence it comes. Throws InputError
/// where a strip is no longer there.
std::vector<SessionEdit> change_edits(const MaskingResults& results, const Session& session,
                                      std::span<const MixChange> changes);

/// Writes the analysed session with the changes in it to another file, which must not exist. All else in it
/// stays as it is. Throws InputError.
void write_changed_session(const MaskingResults& results, std::span<const MixChange> changes,
                           const std::filesystem::path& file);

/// "-3.0 dB at 2.4 kHz, Q 1.4".
std::string change_text(const MixChange& change);

}  // namespace tutti
