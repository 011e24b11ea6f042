#include <imgui.h>
// After imgui.h, which it does not include.
#include <imgui_stdlib.h>

#include <algorithm>

#include "host/text.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

/// Asks for a folder; what is typed stays between frames.
void show_opening_box(const Panel& panel, const char* id, bool takes_focus) {
    static std::string folder;
    ImGui::PushID(id);
    ImGui::SetNextItemWidth(panel.px(420));
    if (takes_focus) ImGui::SetKeyboardFocusHere();
    const bool is_entered =
        ImGui::InputTextWithHint("##folder", "Folder of a report, or drop it onto the window", &folder,
                                 ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::SameLine();
    if ((ImGui::Button("Open") || is_entered) && !folder.empty()) panel.ask({"open", folder});
    if (!panel.state.recent.empty()) ImGui::TextDisabled("Opened before:");
    for (const std::filesystem::path& recent : panel.state.recent) {
        if (ImGui::Selectable(printable(recent.string()).c_str())) panel.ask({"open", recent.string()});
    }
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

void show_problem(const Panel& panel) {
    show_heading(panel, "This report cannot be shown");
    ImGui::TextUnformatted(panel.state.problem.c_str());
    ImGui::Spacing();
    ImGui::TextDisabled(
        "If the report was made by another version of Tutti, or was damaged, make it anew from its session:");
    ImGui::TextUnformatted("    tutti masking session.toml -o report");
    ImGui::Spacing();
    show_opening_box(panel, "problem", false);
}

void show_invitation(const Panel& panel) {
    show_heading(panel, "No report is open");
    ImGui::TextUnformatted("See which instrument hides which, where and when, in a masking report:");
    ImGui::TextUnformatted("    tutti masking session.toml -o report");
    ImGui::TextUnformatted("    tutti-viewer report");
    ImGui::Spacing();
    show_opening_box(panel, "invitation", false);
}

}  // namespace

void show_message(const Panel& panel, const Rect& where) {
    const float width = std::min(panel.px(620), where.width() - panel.px(40));
    ImGui::SetNextWindowPos(
        {where.left + 0.5F * (where.width() - width), where.top + 0.28F * where.height()});
    ImGui::SetNextWindowSize({width, 0.0F});
    ImGui::Begin("message", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_AlwaysAutoResize);
    ImGui::PushTextWrapPos(width - panel.px(10));
    if (!panel.state.opening.empty()) {
        show_loading(panel);
    } else if (!panel.state.problem.empty()) {
        show_problem(panel);
    } else {
        show_invitation(panel);
    }
    ImGui::PopTextWrapPos();
    ImGui::End();
}

void show_opener(const Panel& panel) {
    if (panel.state.opener_shown) ImGui::OpenPopup("Open a report");
    ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
    bool is_open = true;
    if (!ImGui::BeginPopupModal("Open a report", &is_open,
                                ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings)) {
        return;
    }
    show_opening_box(panel, "opener", ImGui::IsWindowAppearing());
    if (!panel.state.opener_shown) ImGui::CloseCurrentPopup();
    if (!is_open) panel.ask({"opener", "off"});
    ImGui::EndPopup();
}

}  // namespace tutti::viewer
