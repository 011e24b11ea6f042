#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace tutti::viewer {

/// The file that remembers: $XDG_STATE_HOME/tutti/viewer-recent, else $HOME/.local/state/tutti/viewer-recent
/// (XDG Base Directory Specification); nothing when neither is set.
std::optional<std::filesystem::path> recent_reports_file();

/// Folders of the reports opened last, the latest first, a line each. Empty when there is no such file.
std::vector<std::filesystem::path> read_recent_reports(const std::filesystem::path& file);

/// Puts a folder first, keeping at most eight. Where the file cannot be written nothing is remembered: no
/// reason to show nothing.
void remember_report(const std::filesystem::path& file, const std::filesystem::path& folder);

}  // namespace tutti::viewer
