#include "viewer/settings.hpp"

#include <array>
#include <charconv>
#include <fstream>

#include "engine/errors.hpp"
#include "host/text.hpp"
#include "viewer/options.hpp"
#include "viewer/recent_reports.hpp"
#include "viewer/remembered.hpp"

namespace tutti::viewer {

namespace {

constexpr const char* first_line = "tutti viewer settings 1";
constexpr int largest_px = 16384;

int whole_of(const std::string& word, int least) {
    int number = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size() || number < least ||
        number > largest_px)
        throw InputError(in_quotes(word) + " is no size of a window");
    return number;
}

/// Only what settings_of() writes: a file cannot make the viewer open or quit anything.
bool is_setting(const Action& action) {
    static constexpr std::array names = {"theme", "order", "split", "loop"};
    for (const char* name : names)
        if (action.front() == name) return true;
    return false;
}

}  // namespace

std::optional<std::filesystem::path> settings_file() {
    const auto recent = recent_reports_file();
    return recent ? std::optional(recent->parent_path() / "viewer-settings") : std::nullopt;
}

Settings read_settings(const std::filesystem::path& file, std::string& trouble) {
    std::ifstream stream(file);
    if (!stream) return {};
    Settings settings;
    State scratch;
    try {
        std::string line;
        if (!std::getline(stream, line) || line != first_line) throw InputError("it is of another version");
        while (std::getline(stream, line)) {
            const Action action = parse_action(line);
            if (action.empty()) continue;
            if (action.front() == "size" && action.size() == 3) {
                settings.width = whole_of(action[1], least_width);
                settings.height = whole_of(action[2], least_height);
                continue;
            }
            if (!is_setting(action)) throw InputError(in_quotes(action.front()) + " is no setting");
            perform(scratch, action);
            settings.actions.push_back(action);
        }
    } catch (const InputError& error) {
        trouble = printable(file.string()) + ": not used: " + error.what();
        return {};
    }
    return settings;
}

Settings settings_of(const State& state) {
    constexpr std::array orders = {"group", "weight", "session"};
    Settings settings;
    settings.actions = {{"theme", state.theme == Theme::dark ? "dark" : "light"},
                        {"order", orders[static_cast<std::size_t>(state.order)]},
                        {"loop", state.listening.loops ? "on" : "off"}};
    const auto add = [&](const char* name, const std::optional<double>& share) {
        if (share) settings.actions.push_back({"split", name, argument(*share)});
    };
    add("middle", state.splits.middle);
    add("list", state.splits.list);
    add("lanes", state.splits.lanes);
    return settings;
}

void write_settings(const std::filesystem::path& file, const Settings& settings) {
    std::string text = std::string(first_line) + "\n";
    if (settings.width > 0)
        text += "size " + std::to_string(settings.width) + " " + std::to_string(settings.height) + "\n";
    for (const Action& action : settings.actions) text += action_text(action) + "\n";
    remember(file, text);
}

}  // namespace tutti::viewer
