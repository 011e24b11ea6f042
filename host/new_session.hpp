#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/session.hpp"
#include "host/session_writer.hpp"
#include "host/stem_survey.hpp"

namespace tutti {

/// A session made from a folder of stems, and what is to be said about it.
struct NewSession {
    Session session;
    SessionComments comments;
    std::vector<std::string> notes;  ///< one line each, for the terminal; the session's comments say the same
};

/// Sorts stems into families, one bus each; brings every track to a common level by `trim_db`; pans the
/// halves of mono pairs
/// ("OH L", "OH R") apart; leaves out what is silent or cannot be rendered. The session's rate is the most
/// common one. `stems` lie in `folder`, in natural order. Throws InputError when none of them can be used.
NewSession make_session(const std::filesystem::path& folder, const std::vector<SurveyedStem>& stems);

}  // namespace tutti
