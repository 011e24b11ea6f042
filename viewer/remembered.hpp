#pragma once

#include <filesystem>
#include <string>

namespace tutti::viewer {

/// Writes what the viewer remembers from one run to the next, with its folder. Where that cannot be, nothing
/// is remembered and nothing else happens.
void remember(const std::filesystem::path& file, const std::string& text);

}  // namespace tutti::viewer
