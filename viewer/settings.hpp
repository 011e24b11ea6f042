#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "viewer/action.hpp"

namespace tutti::viewer {

/// What is the same the next time: the window's size, and how things are shown.
struct Settings {
    int width = 0;  ///< 0: never chosen
    int height = 0;
    std::vector<Action> actions;  ///< that bring a fresh state to how it was
};

/// Beside the reports opened last: $XDG_STATE_HOME/tutti/viewer-settings, else in $HOME/.local/state/tutti;
/// nothing when neither is set.
std::optional<std::filesystem::path> settings_file();

/// Nothing of a file that is of another version or damaged; then `trouble` says so in one line. A file that
/// is not there is no trouble.
Settings read_settings(const std::filesystem::path& file, std::string& trouble);

/// The state's part of them.
Settings settings_of(const State& state);

/// Where the file cannot be written nothing is remembered.
void write_settings(const std::filesystem::path& file, const Settings& settings);

}  // namespace tutti::viewer
