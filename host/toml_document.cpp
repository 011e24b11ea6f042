#include "host/toml_document.hpp"

#include <algorithm>

// toml++ 3.3.0 aborts the process on a malformed header such as [$rack] unless its assertions are off; the
// error is then reported as any other. That only reaches code compiled here, so the library is used
// header-only and never linked.
#define TOML_ASSERT(condition) static_cast<void>(0)
#define TOML_ASSERT_ASSUME(condition) static_cast<void>(0)
// Recursion over nested values runs on the stack: a session needs six levels.
#define TOML_MAX_NESTED_VALUES 16
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace tutti {

namespace {

/// toml++ makes a table per dot of a key and destroys them recursively, without a limit of its own.
constexpr int max_dots_per_line = 1000;

Place place_of(const toml::source_region& source) {
    return {static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
}

void check_dots(std::string_view text) {
    int line = 1;
    int dots = 0;
    for (const char c : text) {
        if (c == '\n') {
            ++line;
            dots = 0;
        } else if (c == '.' && ++dots > max_dots_per_line) {
            throw TomlError({line, 1}, "found more than " + std::to_string(max_dots_per_line) +
                                           " dots on one line; allowed: fewer");
        }
    }
}

TomlValue convert(const toml::node& node) {
    TomlValue value;
    value.place = place_of(node.source());
    if (const auto* flag = node.as_boolean()) {
        value.content = flag->get();
    } else if (const auto* whole = node.as_integer()) {
        value.content = whole->get();
    } else if (const auto* number = node.as_floating_point()) {
        value.content = number->get();
    } else if (const auto* text = node.as_string()) {
        value.content = text->get();
    } else if (const auto* array = node.as_array()) {
        TomlList list;
        list.reserve(array->size());
        for (const toml::node& element : *array) list.push_back(convert(element));
        value.content = std::move(list);
    } else if (const auto* map = node.as_table()) {
        TomlTable table;
        table.reserve(map->size());
        for (const auto& [key, element] : *map) {
            table.push_back({std::string(key.str()), place_of(key.source()), convert(element)});
        }
        value.content = std::move(table);
    }
    return value;
}

}  // namespace

TomlTable parse_toml(std::string_view text) {
    check_dots(text);
    try {
        const toml::table document = toml::parse(text);
        return std::get<TomlTable>(convert(document).content);
    } catch (const toml::parse_error& error) {
        std::string line(error.description());
        std::replace(line.begin(), line.end(), '\n', ' ');
        throw TomlError(place_of(error.source()), line);
    }
}

const TomlEntry* find_entry(const TomlTable& table, std::string_view key) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const TomlEntry& entry) { return entry.key == key; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace tutti
