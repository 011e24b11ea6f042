#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "host/session.hpp"

namespace tutti {

/// Text for people, written as "# …" lines.
struct SessionComments {
    std::string head;                           ///< at the top of the file
    std::map<std::string, std::string> strips;  ///< before the strip of that name
};

/// The session as a file that a person could have written: only keys that differ from their defaults, paths
/// relative to `folder` (where the file will stand) with forward slashes unless they share nothing with it,
/// numbers as short as they read back the same. parse_session() of it in that folder gives the same session,
/// as far as it can be said in a file: keys that mean nothing (the gain of a notch) are left out. Throws
/// InputError for a name or a path that is not UTF-8.
std::string write_session(const Session& session, const std::filesystem::path& folder,
                          const SessionComments& comments = {});

}  // namespace tutti
