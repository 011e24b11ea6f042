#include "viewer/theme.hpp"

namespace tutti::viewer {

namespace {

// Blue and orange stay apart in all common kinds of colour blindness; the others differ in lightness too
// (Okabe & Ito 2008, "Color universal design").
constexpr Palette dark{{0.110F, 0.116F, 0.133F},
                       IM_COL32(17, 18, 22, 255),
                       IM_COL32(70, 74, 84, 255),
                       IM_COL32(232, 234, 238, 255),
                       IM_COL32(150, 156, 168, 255),
                       IM_COL32(255, 255, 255, 22),
                       IM_COL32(86, 180, 233, 255),
                       IM_COL32(240, 150, 40, 255),
                       IM_COL32(240, 228, 66, 255),
                       IM_COL32(255, 255, 255, 200),
                       IM_COL32(90, 210, 120, 255),
                       {IM_COL32(0, 170, 130, 255), IM_COL32(204, 121, 167, 255),
                        IM_COL32(200, 200, 200, 255), IM_COL32(150, 120, 90, 255)}};

constexpr Palette light{{0.965F, 0.967F, 0.973F},
                        IM_COL32(255, 255, 255, 255),
                        IM_COL32(196, 200, 208, 255),
                        IM_COL32(28, 30, 36, 255),
                        IM_COL32(96, 102, 114, 255),
                        IM_COL32(0, 0, 0, 26),
                        IM_COL32(0, 100, 178, 255),
                        IM_COL32(200, 84, 0, 255),
                        IM_COL32(120, 100, 0, 255),
                        IM_COL32(0, 0, 0, 190),
                        IM_COL32(0, 140, 60, 255),
                        {IM_COL32(0, 128, 96, 255), IM_COL32(168, 70, 128, 255), IM_COL32(90, 90, 90, 255),
                         IM_COL32(120, 90, 60, 255)}};

}  // namespace

const Palette& palette(Theme theme) { return theme == Theme::dark ? dark : light; }

ImGuiStyle imgui_style(Theme theme) {
    ImGuiStyle style;
    ImVec4* const colours = style.Colors;
    if (theme == Theme::dark) {
        ImGui::StyleColorsDark(&style);
        colours[ImGuiCol_WindowBg] = {0.110F, 0.116F, 0.133F, 1.0F};
        colours[ImGuiCol_ChildBg] = {0.0F, 0.0F, 0.0F, 0.0F};
        colours[ImGuiCol_PopupBg] = {0.145F, 0.152F, 0.172F, 0.98F};
        colours[ImGuiCol_FrameBg] = {0.180F, 0.188F, 0.212F, 1.0F};
        colours[ImGuiCol_Button] = {0.200F, 0.210F, 0.240F, 1.0F};
        colours[ImGuiCol_ButtonActive] = {0.120F, 0.380F, 0.580F, 1.0F};
        colours[ImGuiCol_Border] = {0.230F, 0.240F, 0.270F, 1.0F};
        colours[ImGuiCol_Text] = ImGui::ColorConvertU32ToFloat4(dark.ink);
        colours[ImGuiCol_TextDisabled] = ImGui::ColorConvertU32ToFloat4(dark.faint_ink);
    } else {
        ImGui::StyleColorsLight(&style);
        colours[ImGuiCol_WindowBg] = {0.985F, 0.986F, 0.990F, 1.0F};
        colours[ImGuiCol_ChildBg] = {0.0F, 0.0F, 0.0F, 0.0F};
        colours[ImGuiCol_PopupBg] = {1.0F, 1.0F, 1.0F, 0.98F};
        colours[ImGuiCol_FrameBg] = {0.900F, 0.906F, 0.922F, 1.0F};
        colours[ImGuiCol_Button] = {0.870F, 0.880F, 0.905F, 1.0F};
        colours[ImGuiCol_ButtonActive] = {0.600F, 0.790F, 0.950F, 1.0F};
        colours[ImGuiCol_Border] = {0.780F, 0.790F, 0.815F, 1.0F};
        colours[ImGuiCol_Text] = ImGui::ColorConvertU32ToFloat4(light.ink);
        colours[ImGuiCol_TextDisabled] = ImGui::ColorConvertU32ToFloat4(light.faint_ink);
    }
    style.WindowPadding = {10.0F, 8.0F};
    style.FramePadding = {8.0F, 4.0F};
    style.ItemSpacing = {8.0F, 6.0F};
    style.WindowRounding = 0.0F;
    style.FrameRounding = 4.0F;
    style.PopupRounding = 4.0F;
    style.GrabRounding = 4.0F;
    style.ScrollbarSize = 12.0F;
    style.WindowBorderSize = 1.0F;
    return style;
}

}  // namespace tutti::viewer
