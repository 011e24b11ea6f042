#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "engine/errors.hpp"
#include "host/session.hpp"

namespace tutti {

/// A session of one good track, to which a test adds what it is about.
inline const std::string one_track = "[[track]]\nname = \"A\"\nfile = \"a.wav\"\n";

inline Session parse(const std::string& text) { return parse_session(text, "s.toml", false); }

/// The lines of the InputError that parsing the text ends in; none when it is a session.
inline std::vector<std::string> problems_of(const std::string& text) {
    std::vector<std::string> lines;
    try {
        parse(text);
    } catch (const InputError& error) {
        std::istringstream stream(error.what());
        for (std::string line; std::getline(stream, line);) lines.push_back(line);
    }
    return lines;
}

/// "B", 7 -> "B7". Not by operator+: GCC 12 warns about code of its own there (bug 105651).
inline std::string numbered(std::string text, int number) { return text += std::to_string(number); }

using Lines = std::vector<std::string>;

}  // namespace tutti
