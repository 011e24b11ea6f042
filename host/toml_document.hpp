#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "host/session.hpp"

namespace tutti {

struct TomlValue;
struct TomlEntry;
using TomlList = std::vector<TomlValue>;
using TomlTable = std::vector<TomlEntry>;  ///< sorted by key

/// A date or a time: TOML has them, no key of ours takes them.
struct TomlDate {};

/// A value of a TOML document, with where it begins and ends (one past its last character; a table under a
/// header: past the header).
struct TomlValue {
    std::variant<TomlDate, bool, std::int64_t, double, std::string, TomlList, TomlTable> content;
    Place place;
    Place end;
};

struct TomlEntry {
    std::string key;
    Place key_place;
    TomlValue value;
};

/// The text is not TOML. what() is one line.
class TomlError : public std::runtime_error {
  public:
    TomlError(Place place, const std::string& text) : std::runtime_error(text), place(place) {}
    Place place;
};

/// Reads a TOML document. Throws TomlError for the first thing that is not TOML, or nested deeper than any
/// session is.
TomlTable parse_toml(std::string_view text);

/// "toml++ 3.3.0".
std::string toml_library_version();

/// The entry of that key, or null.
const TomlEntry* find_entry(const TomlTable& table, std::string_view key);

}  // namespace tutti
