#include "viewer/panels/matrix_names.hpp"

#include <algorithm>
#include <cmath>

#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

constexpr float least_name_px = 10.0F;  // of a row, for its name to stand beside it

void draw_names(const Panel& panel, const MatrixGrid& grid, float gutter, float heading) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImFont* const font = panel.interface.small_font();
    const Palette& colours = panel.colours();
    const std::vector<Row>& rows = panel.scene.rows.rows;
    const bool tall = grid.cell_height() >= panel.px(least_name_px);
    const bool wide = grid.cell_width() >= panel.px(least_name_px);
    for (int i = 0; i < static_cast<int>(rows.size()); ++i) {
        const auto& objects = rows[i].objects;
        const auto holds = [&](int object) {
            return std::find(objects.begin(), objects.end(), object) != objects.end();
        };
        const float y = grid.y_of(i + 0.5);
        const float x = grid.x_of(i + 0.5);
        const bool is_target = holds(panel.state.target);
        const bool is_masker = holds(panel.state.masker);
        if ((tall || is_target) && y > grid.plot.top && y < grid.plot.bottom) {
            draw_text(list, font, grid.plot.left - panel.px(6), y, is_target ? colours.target : colours.ink,
                      fitted(rows[i].name, gutter - panel.px(tall ? 22 : 10), font), Anchor::end);
        }
        if ((wide || is_masker) && x > grid.plot.left && x < grid.plot.right) {
            draw_upright_text(list, font, x, grid.plot.top - panel.px(6),
                              is_masker ? colours.masker : colours.ink,
                              fitted(rows[i].name, heading - panel.px(10), font));
        }
    }
}

/// Lines between groups, and their names where rows are too small for their own; a click folds them.
void draw_groups(const Panel& panel, const MatrixGrid& grid, float gutter, float heading) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImFont* const font = panel.interface.small_font();
    const Palette& colours = panel.colours();
    const bool tall = grid.cell_height() >= panel.px(least_name_px);
    const bool wide = grid.cell_width() >= panel.px(least_name_px);
    const int target_row = row_of(panel.scene.rows.rows, panel.state.target);
    const int masker_row = row_of(panel.scene.rows.rows, panel.state.masker);
    for (const RowSpan& span : panel.scene.rows.spans) {
        const float top = std::clamp(grid.y_of(span.first), grid.plot.top, grid.plot.bottom);
        const float bottom = std::clamp(grid.y_of(span.first + span.count), grid.plot.top, grid.plot.bottom);
        const float left = std::clamp(grid.x_of(span.first), grid.plot.left, grid.plot.right);
        const float right = std::clamp(grid.x_of(span.first + span.count), grid.plot.left, grid.plot.right);
        list.AddLine({grid.plot.left - panel.px(4), bottom}, {grid.plot.right, bottom}, colours.grid);
        list.AddLine({right, grid.plot.top - panel.px(4)}, {right, grid.plot.bottom}, colours.grid);
        // The selected rows' own names go first.
        const bool hides_target =
            target_row >= 0 && std::abs(grid.y_of(target_row + 0.5) - 0.5F * (top + bottom)) < font->FontSize;
        const bool hides_masker =
            masker_row >= 0 && std::abs(grid.x_of(masker_row + 0.5) - 0.5F * (left + right)) < font->FontSize;
        if (!tall && !hides_target && bottom - top >= font->FontSize) {
            draw_text(list, font, grid.plot.left - panel.px(6), 0.5F * (top + bottom), colours.faint_ink,
                      fitted(span.group, gutter - panel.px(22), font), Anchor::end);
        }
        if (!wide && !hides_masker && right - left >= font->FontSize) {
            draw_upright_text(list, font, 0.5F * (left + right), grid.plot.top - panel.px(6),
                              colours.faint_ink, fitted(span.group, heading - panel.px(10), font));
        }
        if (bottom - top < panel.px(8)) continue;
        const float middle = 0.5F * (top + bottom);
        const float x = grid.plot.left - gutter + panel.px(2);
        ImGui::SetCursorScreenPos({x, std::max(top, middle - 0.5F * font->FontSize)});
        ImGui::PushID(span.first);
        if (ImGui::InvisibleButton("fold", {panel.px(14), std::min(bottom - top, font->FontSize)})) {
            panel.ask({span.is_collapsed ? "expand" : "collapse", span.group});
        }
        const bool is_hovered = ImGui::IsItemHovered();
        if (is_hovered) {
            ImGui::SetTooltip(span.is_collapsed ? "%s: show its tracks" : "%s: show as one row",
                              span.group.c_str());
        }
        const ImU32 ink = is_hovered ? colours.ink : colours.faint_ink;
        const float cx = x + panel.px(6);
        const float r = panel.px(3.5F);
        if (span.is_collapsed) {
            list.AddTriangleFilled({cx - r, middle - r}, {cx - r, middle + r}, {cx + r, middle}, ink);
        } else {
            list.AddTriangleFilled({cx - r, middle - r}, {cx + r, middle - r}, {cx, middle + r}, ink);
        }
        ImGui::PopID();
    }
}

}  // namespace

void show_matrix_names(const Panel& panel, const MatrixGrid& grid, float gutter, float heading) {
    draw_groups(panel, grid, gutter, heading);
    draw_names(panel, grid, gutter, heading);
}

}  // namespace tutti::viewer
