#include "host/masking_apply.hpp"

#include <algorithm>

#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/masking_sentences.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

constexpr int comment_width = 96;

bool is_track(const Session& session, const std::string& strip) {
    return std::any_of(session.tracks.begin(), session.tracks.end(),
                       [&](const Track& track) { return track.name == strip; });
}

std::vector<std::string> comment_of(const MaskingResults& results, const Suggestion& suggestion) {
    return wrapped("Suggested by tutti masking: " + suggestion_reason(results, suggestion) +
                       ". Expected: " + suggestion_outcome(results, suggestion) + ".",
                   comment_width);
}

}  // namespace

std::vector<SessionEdit> suggestion_edits(const MaskingResults& results, const Session& session,
                                          const Suggestions& suggestions) {
    std::vector<SessionEdit> edits;
    for (const Suggestion& suggestion : suggestions.list) {
        const bool has_tracks = is_track(session, suggestion.strips.front());
        for (const std::string& strip : suggestion.strips) {
            if (has_tracks && !is_track(session, strip)) continue;
            SessionEdit edit;
            edit.kind = suggestion.kind == Suggestion::Kind::pan ? SessionEdit::Kind::set_pan
                                                                 : SessionEdit::Kind::add_bell;
            edit.strip = strip;
            edit.bell = suggestion.bell;
            edit.pan = suggestion.pan_to;
            edit.comment = comment_of(results, suggestion);
            edits.push_back(std::move(edit));
        }
    }
    return edits;
}

void check_suggested_session(const std::filesystem::path& session_file,
                             const std::filesystem::path& edited_file, bool replace) {
    std::error_code ignored;
    if (std::filesystem::equivalent(session_file, edited_file, ignored)) {
        throw InputError("--apply: found the session itself, " + printable(edited_file.string()) +
                         "; allowed: another file");
    }
    if (!replace && std::filesystem::is_regular_file(edited_file, ignored)) {
        throw InputError("--apply: " + printable(edited_file.string()) +
                         ": is there already; --force replaces it");
    }
}

void write_suggested_session(const MaskingResults& results, const Session& session,
                             const Suggestions& suggestions, const std::filesystem::path& edited_file) {
    const std::vector<SessionEdit> edits = suggestion_edits(results, session, suggestions);
    write_text_file(edited_file,
                    edit_session(read_session_text(session.path), session.path, edited_file, edits));
}

}  // namespace tutti
