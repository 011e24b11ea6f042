#pragma once

#include <filesystem>
#include <vector>

#include "host/masking_results.hpp"
#include "host/masking_suggestions.hpp"
#include "host/session.hpp"
#include "host/session_edit.hpp"

namespace tutti {

/// Suggestions as edits of the session they are about, each with a comment that says why and what is
/// expected. A cut goes into every track of its object; a return that hears only these gets it from them.
std::vector<SessionEdit> suggestion_edits(const MaskingResults& results, const Session& session,
                                          const Suggestions& suggestions);

/// Throws InputError, before anything has been computed, when write_suggested_session() would write over the
/// session itself, or over another file without `replace`.
void check_suggested_session(const std::filesystem::path& session_file,
                             const std::filesystem::path& edited_file, bool replace);

/// The session's file with the suggestions in it under another name; all else in it stays as it is. Throws
/// InputError.
void write_suggested_session(const MaskingResults& results, const Session& session,
                             const Suggestions& suggestions, const std::filesystem::path& edited_file);

}  // namespace tutti
