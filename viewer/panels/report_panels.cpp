#include <algorithm>
#include <cmath>

#include "viewer/panels/panel.hpp"

namespace tutti::viewer {

namespace {

/// Time and frequency, which share their axes: lanes above the heatmap, the spectrum beside it.
void show_time_panels(const Panel& panel, const Rect& where) {
    ImGui::SetNextWindowPos(where.corner());
    ImGui::SetNextWindowSize({where.width(), where.height()});
    ImGui::Begin("time", nullptr, part_flags);
    const float gutter = panel.px(112);
    const float side = std::clamp(0.28F * where.width(), panel.px(150), panel.px(250));
    const float left = where.left + gutter;
    const float right = where.right - side - panel.px(10);
    const float region = panel.px(76);
    const float rulers = panel.px(76);
    const float title = panel.px(32);
    const float room = where.height() - region - rulers - title - panel.px(20);
    const float lanes_top = where.top + panel.px(10);
    const float lanes_bottom =
        lanes_top + std::round(static_cast<float>(panel.state.splits.lanes.value_or(0.34)) * room);
    show_overview(panel, {where.left, where.top, where.right, lanes_bottom},
                  {left, lanes_top, right, lanes_bottom});
    const float top = lanes_bottom + panel.px(8);
    const Rect plot{left, top + title, right, where.bottom - region - rulers};
    show_heatmap(panel, {where.left, top, where.right, where.bottom - region}, plot);
    const float side_left = right + panel.px(10);
    const float side_right = where.right - panel.px(10);
    show_spectrum(panel, {side_left, plot.top, side_right, plot.bottom});
    show_spectrum_names(panel,
                        {right + panel.px(56), lanes_top + panel.px(88), side_right, plot.top - panel.px(6)});
    show_region(panel, {where.left, where.bottom - region, where.right, where.bottom - panel.px(6)});
    ImGui::End();
    show_split(panel, {"lanes", false, lanes_bottom + panel.px(4), left, right, lanes_top, lanes_top + room});
}

}  // namespace

void show_report_panels(const Panel& panel, const Rect& where) {
    const Splits& splits = panel.state.splits;
    const float least_px = panel.px(330);
    const float wanted = splits.middle ? static_cast<float>(*splits.middle) * where.width()
                                       : std::min(0.41F * where.width(), panel.px(720));
    const float middle = where.left + std::round(std::clamp(wanted, least_px, where.width() - least_px));
    const float list =
        where.top + std::round(static_cast<float>(splits.list.value_or(0.69)) * where.height());
    ImDrawList& lines = *ImGui::GetBackgroundDrawList();
    const ImU32 colour = ImGui::GetColorU32(ImGuiCol_Border);
    lines.AddLine({where.left, where.top}, {where.right, where.top}, colour);
    lines.AddLine({middle, where.top}, {middle, where.bottom}, colour);
    lines.AddLine({where.left, list}, {middle, list}, colour);
    show_matrix(panel, {where.left, where.top, middle, list});
    const Rect below{where.left, list, middle, where.bottom};
    if (panel.state.what_if.is_open) {
        show_what_if(panel, below);
    } else {
        show_clash_list(panel, below);
    }
    show_time_panels(panel, {middle, where.top, where.right, where.bottom});
    show_split(panel, {"middle", true, middle, where.top, where.bottom, where.left, where.right});
    show_split(panel, {"list", false, list, where.left, middle, where.top, where.bottom});
}

}  // namespace tutti::viewer
