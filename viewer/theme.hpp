#pragma once

#include <imgui.h>

#include <array>

#include "viewer/state.hpp"

namespace tutti::viewer {

/// What the panels draw with beside ImGui's own colours.
struct Palette {
    std::array<float, 3> background;  ///< behind everything
    ImU32 plot;                       ///< behind a heatmap: nothing is active there
    ImU32 hatch;                      ///< over what is not modelled
    ImU32 ink;
    ImU32 faint_ink;
    ImU32 grid;
    ImU32 target;  ///< whatever belongs to the selected target
    ImU32 masker;
    ImU32 threshold;
    ImU32 cursor;
    ImU32 playhead;
    std::array<ImU32, 4> others;  ///< further maskers
};

const Palette& palette(Theme theme);
ImGuiStyle imgui_style(Theme theme);

}  // namespace tutti::viewer
