#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// One change to a track or bus: an EQ insert of one bell behind its other inserts, another pan, or another
/// fader.
struct SessionEdit {
    enum class Kind { add_bell, set_pan, set_gain };
    Kind kind = Kind::add_bell;
    std::string strip;
    EqBand bell;
    double pan = 0.0;
    double gain_db = 0.0;
    std::vector<std::string> comment;  ///< lines, without "#"
};

/// The text of a session file with the edits in it, each under its comment, for a file named `edited_file`.
/// All other text stays as it is, to the byte, whatever way strips and inserts are written (under headers or
/// inline); only where the new file stands in another folder, relative paths are made to lead to the same
/// files from there. The result is read again and compared with the session so changed: it differs in nothing
/// else. Throws InputError when `text` is no session, or when the comparison fails.
std::string edit_session(const std::string& text, const std::filesystem::path& file,
                         const std::filesystem::path& edited_file, std::span<const SessionEdit> edits);

/// The session with the edits in it, without any text. A strip that is not there stays so.
Session edited_session(Session session, std::span<const SessionEdit> edits);

}  // namespace tutti
