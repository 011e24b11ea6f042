#include <string>

#include "viewer/panels/panel.hpp"

namespace tutti::viewer {

void show_split(const Panel& panel, const Split& split) {
    const float half = panel.px(3);
    const ImVec2 corner =
        split.is_upright ? ImVec2{split.at - half, split.from} : ImVec2{split.from, split.at - half};
    const ImVec2 size =
        split.is_upright ? ImVec2{2 * half, split.to - split.from} : ImVec2{split.to - split.from, 2 * half};
    ImGui::SetNextWindowPos(corner);
    ImGui::SetNextWindowSize(size);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0.0F, 0.0F});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {1.0F, 1.0F});
    // Above the panels on both sides, which never come to the front.
    ImGui::Begin((std::string("split ") + split.name).c_str(), nullptr,
                 part_flags & ~ImGuiWindowFlags_NoBringToFrontOnFocus);
    ImGui::PopStyleVar(2);
    ImGui::InvisibleButton("line", size);
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
        ImGui::GetWindowDrawList()->AddRectFilled(corner, {corner.x + size.x, corner.y + size.y},
                                                  panel.colours().grid);
    }
    if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
        panel.ask({"split", split.name, "auto"});
    } else if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, panel.px(2))) {
        const ImVec2 mouse = ImGui::GetIO().MousePos;
        const float at = split.is_upright ? mouse.x : mouse.y;
        panel.ask({"split", split.name, argument((at - split.begin) / (split.end - split.begin))});
    }
    ImGui::End();
}

}  // namespace tutti::viewer
