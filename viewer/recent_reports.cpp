#include "viewer/recent_reports.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>

#include "viewer/remembered.hpp"

namespace tutti::viewer {

namespace {

constexpr std::size_t most = 8;

std::filesystem::path environment_path(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

std::optional<std::filesystem::path> recent_reports_file() {
    const std::filesystem::path state = environment_path("XDG_STATE_HOME");
    if (state.is_absolute()) return state / "tutti/viewer-recent";
    const std::filesystem::path home = environment_path("HOME");
    if (home.is_absolute()) return home / ".local/state/tutti/viewer-recent";
    return std::nullopt;
}

std::vector<std::filesystem::path> read_recent_reports(const std::filesystem::path& file) {
    std::vector<std::filesystem::path> folders;
    std::ifstream stream(file);
    std::string line;
    while (folders.size() < most && std::getline(stream, line)) {
        if (!line.empty()) folders.emplace_back(line);
    }
    return folders;
}

void remember_report(const std::filesystem::path& file, const std::filesystem::path& folder) {
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::weakly_canonical(folder, error);
    if (error || absolute.string().find('\n') != std::string::npos) return;
    std::vector<std::filesystem::path> folders = read_recent_reports(file);
    std::erase(folders, absolute);
    folders.insert(folders.begin(), absolute);
    if (folders.size() > most) folders.resize(most);
    std::string text;
    for (const std::filesystem::path& each : folders) text += each.string() + "\n";
    remember(file, text);
}

}  // namespace tutti::viewer
