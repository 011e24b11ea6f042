#include <algorithm>
#include <array>
#include <cmath>

#include "host/text.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

struct Choice {
    Sound sound;
    const char* word;
    std::string label;
    std::string says;
};

/// What can be heard of the selected pair.
std::vector<Choice> choices(const Panel& panel, float name_room) {
    const State& state = panel.state;
    const auto name = [&](int object) { return fitted(panel.name_of(object), name_room); };
    const std::string rest =
        "\nAs the analysis heard it: at the master's input, behind inserts, faders, pans and buses, without "
        "the master's own inserts.  m: the next of these";
    std::vector<Choice> made{{Sound::mix, "mix", "Mix", "The mix" + rest}};
    if (state.target < 0) return made;
    const std::string target = panel.name_of(state.target);
    made.push_back(
        {Sound::target, "target", name(state.target), target + " alone, as loud as in the mix" + rest});
    if (state.masker < 0) return made;
    const std::string masker = panel.name_of(state.masker);
    made.push_back({Sound::pair, "pair", name(state.target) + " + " + name(state.masker),
                    target + " and who hides it, " + masker + ", without the others" + rest});
    made.push_back(
        {Sound::difference, "difference", "Without " + name(state.masker),
         "The mix without " + masker +
             ": beside the mix it tells what it takes from the others. Dynamics of buses act as if it "
             "were there." +
             rest});
    return made;
}

void explain(const Panel& panel, const std::string& text) {
    if (!ImGui::IsItemHovered()) return;
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(panel.px(460));
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

bool show_lit_button(const std::string& label, bool is_lit) {
    if (is_lit) ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetColorU32(ImGuiCol_ButtonActive));
    const bool is_clicked = ImGui::Button(label.c_str());
    if (is_lit) ImGui::PopStyleColor();
    return is_clicked;
}

void show_sounds(const Panel& panel, float name_room) {
    for (const Choice& choice : choices(panel, name_room)) {
        ImGui::SameLine();
        const std::string label = choice.label + "###" + choice.word;
        if (show_lit_button(label, panel.state.listening.sound == choice.sound))
            panel.ask({"hear", choice.word});
        explain(panel, choice.says);
    }
}

/// From -60 to 0 dB.
void draw_level(const Panel& panel, const Rect& where) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Listening& listening = panel.state.listening;
    const auto share = static_cast<float>(std::clamp(listening.level_db / 60.0 + 1.0, 0.0, 1.0));
    list.AddRectFilled(where.corner(), where.far_corner(), panel.colours().plot, panel.px(2));
    list.AddRectFilled(where.corner(), {where.left + share * where.width(), where.bottom},
                       listening.is_over ? panel.colours().masker : panel.colours().playhead, panel.px(2));
}

std::string status_text(const Listening& listening, const std::string& note) {
    if (listening.waits || (listening.is_playing && listening.rendered_share < 1.0)) {
        return "rendering " + share_text(listening.rendered_share);
    }
    if (listening.is_over) return "over full scale: cut";
    if (listening.plays_changes) return "with the changes";
    if (listening.is_playing && listening.is_session_newer) return "the session is newer than the report";
    return note;
}

}  // namespace

void show_transport(const Panel& panel, const Rect& where) {
    const Listening& listening = panel.state.listening;
    ImGui::GetBackgroundDrawList()->AddLine(where.corner(), {where.right, where.top},
                                            ImGui::GetColorU32(ImGuiCol_Border));
    ImGui::SetNextWindowPos(where.corner());
    ImGui::SetNextWindowSize({where.width(), where.height()});
    ImGui::Begin("transport", nullptr, part_flags);
    if (show_lit_button(listening.is_playing ? "Stop###play" : "Play###play", listening.is_playing))
        panel.ask({listening.is_playing ? "stop" : "play"});
    explain(panel, "From the cursor, or the loop's begin.  Space");
    show_sounds(panel, std::clamp(0.085F * where.width(), panel.px(60), panel.px(130)));
    ImGui::SameLine(0.0F, panel.px(18));
    if (show_lit_button("Loop", listening.loops)) panel.ask({"loop", listening.loops ? "off" : "on"});
    explain(panel, "Play the box in the heatmap over and over; without a box, the time that is shown.  l");
    ImGui::SameLine(0.0F, panel.px(18));
    const float level = panel.px(90);
    const float level_left = where.right - level - panel.px(12);
    const float room = level_left - ImGui::GetCursorScreenPos().x - panel.px(12);
    if (!listening.problem.empty()) {
        ImGui::PushStyleColor(ImGuiCol_Text, panel.colours().masker);
        const auto more = std::count(listening.problem.begin(), listening.problem.end(), '\n');
        const std::string first = more > 0
                                      ? std::to_string(more + 1) + " problems with the session or its stems"
                                      : listening.problem;
        if (ImGui::Button(
                (fitted("Not played: " + printable(first), room - panel.px(20)) + "###why").c_str()))
            panel.ask({"trouble", listening.is_problem_shown ? "off" : "on"});
        ImGui::PopStyleColor();
    } else {
        if (listening.playhead_s) {
            ImGui::TextUnformatted(
                moment_and_bar(panel.state.report->results(), *listening.playhead_s).c_str());
            ImGui::SameLine();
        }
        const std::string note = panel.state.note.substr(0, panel.state.note.find('\n'));
        ImGui::TextDisabled("%s", fitted(status_text(listening, note), room - panel.px(60)).c_str());
        explain(panel, panel.state.note.empty() ? status_text(listening, note) : panel.state.note);
    }
    const float middle = 0.5F * (where.top + where.bottom);
    draw_level(panel, {level_left, middle - panel.px(4), level_left + level, middle + panel.px(4)});
    ImGui::End();
}

void show_trouble(const Panel& panel) {
    const Listening& listening = panel.state.listening;
    if (listening.problem.empty() || !listening.is_problem_shown) return;
    ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
    ImGui::SetNextWindowSize({panel.px(640), 0.0F});
    ImGui::SetNextWindowFocus();
    bool is_open = true;
    ImGui::Begin("Why nothing is played", &is_open,
                 ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings);
    ImGui::PushTextWrapPos(0.0F);
    show_lines(panel, "trouble", listening.problem);
    ImGui::Spacing();
    const std::filesystem::path session = session_of(panel.state);
    std::error_code error;
    if (!std::filesystem::exists(session, error)) {
        ImGui::TextUnformatted(
            "The session this report is of is not there any more. If it has moved, drop its file onto this "
            "window, or start");
        ImGui::TextDisabled("    tutti-viewer %s --session FILE",
                            printable(panel.state.report->folder().string()).c_str());
    } else if (listening.problem.starts_with("no sound")) {
        ImGui::TextUnformatted("Everything else works without.");
    } else {
        ImGui::TextUnformatted(
            "Put the files back where the session looks for them, or edit the session, and play "
            "again. If the session has other tracks now, analyse it anew.");
        ImGui::Spacing();
        if (ImGui::Button("Play again")) panel.ask({"play"});
        ImGui::SameLine();
        if (ImGui::Button("Analyse the session anew")) panel.ask({"analyse", session.string()});
    }
    ImGui::PopTextWrapPos();
    ImGui::End();
    if (!is_open) panel.ask({"trouble", "off"});
}

}  // namespace tutti::viewer
