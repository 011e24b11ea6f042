#include <algorithm>
#include <array>
#include <cmath>

#include "viewer/key_codes.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

struct KeyHelp {
    const char* keys;
    const char* what;
};

constexpr std::array key_helps = {
    KeyHelp{"Space", "play from the cursor or the loop's begin, stop"},
    KeyHelp{"m", "hear the mix, the target, target and masker, the mix without the masker"},
    KeyHelp{"l", "loop: the region, or the time that is shown"},
    KeyHelp{"w", "try changes: what if; back to the sentences"},
    KeyHelp{"b", "what was before the changes, and after"},
    KeyHelp{"Ctrl+Z  Ctrl+Shift+Z", "take the last change back, do it again"},
    KeyHelp{"n  p", "next, previous sentence of the list"},
    KeyHelp{"Up  Down", "the target above, below"},
    KeyHelp{"Left  Right", "earlier, later"},
    KeyHelp{"+  -", "closer, further in time"},
    KeyHelp{"a", "all time and all frequencies"},
    KeyHelp{"1  2  3", "how audible, how loud, where it hides others"},
    KeyHelp{"g", "between tracks, between groups"},
    KeyHelp{"o", "order by group, by clashes, as in the session"},
    KeyHelp{"f", "fold all groups, unfold them"},
    KeyHelp{"/  Enter", "find a track or a group, and select it: what hides it, and what can be done"},
    KeyHelp{"c  F", "filter the clashes by time, frequency and share; by the region"},
    KeyHelp{"Esc", "close the box, the region; forget the search, the filter"},
    KeyHelp{"t", "light, dark"},
    KeyHelp{"Ctrl+O  Ctrl+Q", "open a report or a session, close the viewer"},
    KeyHelp{"?", "this list"},
    KeyHelp{"Wheel", "closer: in time; with Shift in frequency; in the matrix: its rows"},
    KeyHelp{"Right or middle button", "move what is shown"},
    KeyHelp{"Click", "matrix: choose a pair; heatmap: the spectrum there"},
    KeyHelp{"Drag in the heatmap", "the numbers of that region"},
    KeyHelp{"Drag in the spectrum", "while changes are tried: a bell; the wheel there: its Q"},
};

void pan_time(const Panel& panel, double share) {
    Stretch moved = panel.state.shown;
    const double moved_s = share * (moved.to_s - moved.from_s);
    moved.from_s += moved_s;
    moved.to_s += moved_s;
    panel.ask(time_action(moved));
}

void zoom_time(const Panel& panel, double factor) {
    Stretch zoomed = panel.state.shown;
    const double middle =
        panel.state.cursor ? panel.state.cursor->time_s : 0.5 * (zoomed.from_s + zoomed.to_s);
    zoomed.from_s = middle + (zoomed.from_s - middle) * factor;
    zoomed.to_s = middle + (zoomed.to_s - middle) * factor;
    panel.ask(time_action(zoomed));
}

void step_target(const Panel& panel, int step) {
    const std::vector<Row>& rows = panel.scene.rows.rows;
    if (rows.empty()) return;
    const int now = row_of(rows, panel.state.target);
    const int last = static_cast<int>(rows.size()) - 1;
    const int next = now < 0 ? 0 : std::clamp(now + step, 0, last);
    panel.ask({"select", panel.name_of(rows[next].objects.front())});
}

/// The sentence after or before the one whose region is shown; the first when none is.
void step_sentence(const Panel& panel, int step) {
    const std::vector<int>& listed = panel.scene.listed;
    if (listed.empty()) return;
    int at = -1;
    for (int i = 0; i < static_cast<int>(listed.size()); ++i) {
        const ClashEvent& event = panel.view().events[listed[i]];
        const auto& region = panel.state.region;
        if (region && event.target == panel.state.target && region->from_s == event.from_s &&
            region->to_s == event.to_s) {
            at = i;
        }
    }
    const int next = at < 0 ? 0 : std::clamp(at + step, 0, static_cast<int>(listed.size()) - 1);
    panel.ask({"jump", std::to_string(listed[next] + 1)});
}

/// Of those that there are.
void hear_next(const Panel& panel) {
    constexpr std::array sounds = {"mix", "target", "pair", "difference"};
    const std::size_t count = panel.state.target < 0 ? 1 : panel.state.masker < 0 ? 2 : sounds.size();
    panel.ask({"hear", sounds[(static_cast<std::size_t>(panel.state.listening.sound) + 1) % count]});
}

void close_something(const Panel& panel, bool is_typing) {
    // Dear ImGui misses a key that is down and up again within a frame, and would go on typing.
    if (is_typing) ImGui::SetWindowFocus(nullptr);
    if (panel.state.keys_shown) {
        panel.ask({"keys", "off"});
    } else if (panel.state.opener_shown) {
        panel.ask({"opener", "off"});
    } else if (panel.state.analysing) {
        panel.ask({"cancel"});
    } else if (panel.state.listening.is_problem_shown) {
        panel.ask({"trouble", "off"});
    } else if (panel.state.region && !is_typing) {
        panel.ask({"region", "none"});
    } else if (!panel.state.search.empty()) {
        panel.ask({"search", ""});
    } else if (!panel.state.filter_text.empty()) {
        panel.ask({"filter", ""});
    } else if (panel.state.what_if.is_open && !is_typing) {
        panel.ask({"what-if", "off"});
    }
}

void handle_letter(const Panel& panel, unsigned letter) {
    const State& state = panel.state;
    if (letter == '?') panel.ask({"keys", state.keys_shown ? "off" : "on"});
    if (letter == 't') panel.ask({"theme", state.theme == Theme::dark ? "light" : "dark"});
    if (!state.report) return;
    constexpr std::array orders = {"group", "weight", "session"};
    switch (letter) {
        case ' ':
            return panel.ask({state.listening.is_playing ? "stop" : "play"});
        case 'm':
            return hear_next(panel);
        case 'l':
            return panel.ask({"loop", state.listening.loops ? "off" : "on"});
        case 'w':
            return panel.ask({"what-if", state.what_if.is_open ? "off" : "on"});
        case 'b':
            if (state.what_if.is_open) panel.ask({state.what_if.shows_before ? "after" : "before"});
            return;
        case 'n':
            return step_sentence(panel, 1);
        case 'p':
            return step_sentence(panel, -1);
        case 'a':
            return panel.ask({"everything"});
        case '+':
        case '=':
            return zoom_time(panel, 0.5);
        case '-':
            return zoom_time(panel, 2.0);
        case '1':
            return panel.ask({"shade", "margin"});
        case '2':
            return panel.ask({"shade", "loudness"});
        case '3':
            return panel.ask({"shade", "harm"});
        case 'g':
            return panel.ask({"subject", state.subject == Subject::tracks ? "groups" : "tracks"});
        case 'o':
            return panel.ask({"order", orders[(static_cast<std::size_t>(state.order) + 1) % orders.size()]});
        case 'F':
            if (state.region) panel.ask({"filter-region"});
            return;
        case 'c':
            panel.filter_is_wanted = true;
            return;
        case 'f':
            return panel.ask({state.collapsed.empty() ? "collapse-all" : "expand-all"});
        case '/':
            panel.search_is_wanted = true;
            return;
        default:
            return;
    }
}

void handle_press(const Panel& panel, const KeyPress& press, bool is_typing) {
    if (press.key == key_escape) return close_something(panel, is_typing);
    if (press.with_control && press.key == 'O') return panel.ask({"opener", "on"});
    if (press.with_control && press.key == 'Q') return panel.ask({"quit"});
    if (is_typing || !panel.state.report) return;
    if (press.with_control && press.key == 'Z') return panel.ask({press.with_shift ? "redo" : "undo"});
    if (press.key == key_left) pan_time(panel, -0.25);
    if (press.key == key_right) pan_time(panel, 0.25);
    if (press.key == key_up) step_target(panel, -1);
    if (press.key == key_down) step_target(panel, 1);
}

}  // namespace

void handle_keys(const Panel& panel) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool is_typing = io.WantTextInput || panel.state.opener_shown;
    for (const KeyPress& press : panel.keys) handle_press(panel, press, is_typing);
    if (is_typing) return;
    for (const ImWchar letter : io.InputQueueCharacters) handle_letter(panel, letter);
}

void show_keys(const Panel& panel) {
    if (!panel.state.keys_shown) return;
    ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
    ImGui::SetNextWindowFocus();
    bool is_open = true;
    ImGui::Begin("Keys and mouse", &is_open,
                 ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_AlwaysAutoResize |
                     ImGuiWindowFlags_NoSavedSettings);
    if (ImGui::BeginTable("keys", 2, ImGuiTableFlags_SizingFixedFit)) {
        for (const KeyHelp& help : key_helps) {
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            ImGui::PushFont(panel.interface.bold_font());
            ImGui::TextUnformatted(help.keys);
            ImGui::PopFont();
            ImGui::TableNextColumn();
            ImGui::TextUnformatted(help.what);
        }
        ImGui::EndTable();
    }
    ImGui::End();
    if (!is_open) panel.ask({"keys", "off"});
}

}  // namespace tutti::viewer
