#include <imgui.h>
// After imgui.h, which it does not include.
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>

#include "host/progress.hpp"
#include "host/text.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

/// Reports opened before, by the names of their folders.
void show_recent(const Panel& panel) {
    if (panel.state.recent.empty()) return;
    ImGui::Spacing();
    ImGui::TextDisabled("Opened before");
    for (const std::filesystem::path& recent : panel.state.recent) {
        ImGui::PushID(recent.c_str());
        if (ImGui::Selectable("##recent")) panel.ask({"open", recent.string()});
        ImGui::SameLine(panel.px(18));
        ImGui::TextUnformatted(printable(recent.filename().string()).c_str());
        ImGui::SameLine();
        const float room = ImGui::GetContentRegionAvail().x;
        ImGui::TextDisabled("%s", fitted(printable(recent.parent_path().string()), room).c_str());
        ImGui::PopID();
    }
}

/// Asks for a report or a session; what is typed stays between frames.
void show_opening_box(const Panel& panel, const char* id, bool takes_focus) {
    static std::string opened;
    ImGui::PushID(id);
    ImGui::SetNextItemWidth(panel.px(470));
    if (takes_focus) ImGui::SetKeyboardFocusHere();
    const bool is_entered =
        ImGui::InputTextWithHint("##folder", "A session's file, or the folder of a report", &opened,
                                 ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::SameLine();
    if ((ImGui::Button("Open") || is_entered) && !opened.empty()) panel.ask({"open", opened});
    show_recent(panel);
    ImGui::PopID();
}

void show_heading(const Panel& panel, const char* text) {
    ImGui::PushFont(panel.interface.bold_font());
    ImGui::TextUnformatted(text);
    ImGui::PopFont();
    ImGui::Spacing();
}

void show_loading(const Panel& panel) {
    show_heading(panel, "Reading the report");
    ImGui::TextUnformatted(printable(panel.state.opening.string()).c_str());
}

std::string progress_text(const Analysing& analysing) {
    if (analysing.is_cancelled) return "stopping";
    std::string text = analysing.what;
    if (analysing.total_s <= 0.0 || analysing.done_s <= 0.0) return text;
    const double speed = analysing.done_s / std::max(1e-3, analysing.elapsed_s);
    const double left_s = (analysing.total_s - analysing.done_s) / speed;
    char numbers[80];
    std::snprintf(numbers, sizeof numbers, ": %.0f %%, %.1f x real time, %s left",
                  100.0 * analysing.done_s / analysing.total_s, speed,
                  clock_text(std::ceil(left_s), 0).c_str());
    return text + numbers;
}

void show_analysing(const Panel& panel) {
    const Analysing& analysing = *panel.state.analysing;
    show_heading(panel, ("Listening to " + printable(analysing.session.filename().string())).c_str());
    ImGui::TextDisabled("The report will be in %s", printable(analysing.folder.string()).c_str());
    ImGui::Spacing();
    const float share =
        analysing.total_s > 0.0 ? static_cast<float>(analysing.done_s / analysing.total_s) : 0.0F;
    ImGui::PushStyleColor(ImGuiCol_PlotHistogram, panel.colours().target);
    ImGui::ProgressBar(share, {-1.0F, panel.px(8)}, "");
    ImGui::PopStyleColor();
    ImGui::TextUnformatted(progress_text(analysing).c_str());
    ImGui::Spacing();
    ImGui::BeginDisabled(analysing.is_cancelled);
    if (ImGui::Button("Cancel")) panel.ask({"cancel"});
    ImGui::EndDisabled();
    ImGui::SameLine();
    ImGui::TextDisabled("Esc");
}

/// Of a report that cannot be shown, or a session that cannot be analysed.
void show_problem(const Panel& panel) {
    const State& state = panel.state;
    const bool is_report = !state.problem_folder.empty();
    show_heading(panel, is_report ? "This report cannot be shown" : "This session cannot be analysed");
    show_lines(panel, "problem", state.problem);
    ImGui::Spacing();
    if (!state.problem_session.empty()) {
        ImGui::TextDisabled("%s", is_report
                                      ? "Its session is there: listening to it again makes the report anew."
                                      : "When that is put right:");
        if (ImGui::Button(is_report ? "Analyse the session again" : "Try again"))
            panel.ask({"analyse", state.problem_session.string()});
        ImGui::SameLine();
        ImGui::TextDisabled("%s", printable(state.problem_session.string()).c_str());
    } else if (is_report) {
        ImGui::TextDisabled(
            "A report of another version, or a damaged one, is made anew from its session: drop the "
            "session's "
            "file onto this window.");
    }
    if (state.report && ImGui::Button("Back to the report")) panel.ask({"back"});
    ImGui::Spacing();
    show_opening_box(panel, "problem", false);
}

void show_invitation(const Panel& panel) {
    show_heading(panel, "Which instrument hides which, where and when?");
    ImGui::TextUnformatted(
        "Drop a session onto this window: Tutti listens to it, as loud as it will be played, and shows what "
        "cannot be heard, and why. Or drop the folder of a report.");
    ImGui::Spacing();
    show_opening_box(panel, "invitation", false);
    ImGui::Spacing();
    if (!panel.state.note.empty()) ImGui::TextUnformatted(panel.state.note.c_str());
    ImGui::TextDisabled(
        "A session is a TOML file; 'tutti new STEMS -o session.toml' makes one from a folder of "
        "stems.");
}

}  // namespace

void show_lines(const Panel& panel, const char* id, const std::string& text) {
    const float line = ImGui::GetTextLineHeightWithSpacing();
    const float width = ImGui::GetContentRegionAvail().x;
    const float needed = ImGui::CalcTextSize(text.c_str(), nullptr, false, width - panel.px(16)).y;
    ImGui::BeginChild(id, {0.0F, std::min(needed + panel.px(4), 14.0F * line)});
    ImGui::PushTextWrapPos(0.0F);
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndChild();
}

void show_message(const Panel& panel, const Rect& where) {
    const float width = std::min(panel.px(720), where.width() - panel.px(40));
    ImGui::SetNextWindowPos({where.left + 0.5F * (where.width() - width), where.top + 0.2F * where.height()});
    ImGui::SetNextWindowSize({width, 0.0F});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {panel.px(20), panel.px(16)});
    ImGui::Begin("message", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_AlwaysAutoResize);
    ImGui::PushTextWrapPos(width - panel.px(20));
    if (panel.state.analysing) {
        show_analysing(panel);
    } else if (!panel.state.opening.empty()) {
        show_loading(panel);
    } else if (!panel.state.problem.empty()) {
        show_problem(panel);
    } else {
        show_invitation(panel);
    }
    ImGui::PopTextWrapPos();
    ImGui::End();
    ImGui::PopStyleVar();
}

void show_opener(const Panel& panel) {
    if (panel.state.opener_shown) ImGui::OpenPopup("Open");
    ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
    bool is_open = true;
    if (!ImGui::BeginPopupModal("Open", &is_open,
                                ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings)) {
        return;
    }
    show_opening_box(panel, "opener", ImGui::IsWindowAppearing());
    if (!panel.state.opener_shown) ImGui::CloseCurrentPopup();
    if (!is_open) panel.ask({"opener", "off"});
    ImGui::EndPopup();
}

}  // namespace tutti::viewer
