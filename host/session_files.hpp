#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// Every file that a session reads besides its own: stems, then impulse responses; each once, in the
/// session's order.
std::vector<std::filesystem::path> files_of(const Session& session);

/// Sixteen hexadecimal digits (FNV-1a, 64 bits) that change when anything does on which a render of the
/// session depends: the session's text, `settings`, this program's version, and of every file it reads the
/// name, size and time of last change. Throws InputError where the session or a file cannot be read.
std::string fingerprint_of_inputs(const std::filesystem::path& session, const std::string& settings);

}  // namespace tutti
