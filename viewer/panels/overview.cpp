#include <algorithm>
#include <cmath>

#include "viewer/colour_map.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

constexpr float least_name_px = 11.0F;

/// The rows that the matrix shows as targets.
struct Lanes {
    Rect plot;
    double first = 0.0;
    double last = 0.0;

    float row_px() const { return plot.height() / static_cast<float>(last - first); }
    float y_of(double row) const { return plot.top + static_cast<float>(row - first) * row_px(); }
    int row_at(float y) const { return static_cast<int>(std::floor(first + (y - plot.top) / row_px())); }
};

/// Share of a row's active bands and time that is inaudible or heavily masked: of its objects, the mean.
double hidden_share(const Panel& panel, const Row& row) {
    double sum = 0.0;
    for (const int object : row.objects) sum += panel.view().summaries[object].hidden_share();
    return sum / static_cast<double>(row.objects.size());
}

void draw_names(const Panel& panel, const Lanes& lanes, float name_room, float number_x) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImFont* const font = panel.interface.small_font();
    const Palette& colours = panel.colours();
    const std::vector<Row>& rows = panel.scene.rows.rows;
    const bool tall = lanes.row_px() >= panel.px(least_name_px);
    const int selected = row_of(rows, panel.state.target);
    for (int i = 0; i < static_cast<int>(rows.size()); ++i) {
        const float y = lanes.y_of(i + 0.5);
        if (y < lanes.plot.top || y > lanes.plot.bottom || !(tall || i == selected)) continue;
        const ImU32 ink = i == selected ? colours.target : colours.ink;
        draw_text(list, font, lanes.plot.left - panel.px(6), y, ink, fitted(rows[i].name, name_room, font),
                  Anchor::end);
        draw_text(list, font, number_x, y, ink, share_text(hidden_share(panel, rows[i])), Anchor::end);
    }
    if (tall) return;
    for (const RowSpan& span : panel.scene.rows.spans) {
        const float top = std::clamp(lanes.y_of(span.first), lanes.plot.top, lanes.plot.bottom);
        const float bottom =
            std::clamp(lanes.y_of(span.first + span.count), lanes.plot.top, lanes.plot.bottom);
        const bool is_covered =
            selected >= 0 && std::abs(lanes.y_of(selected + 0.5) - 0.5F * (top + bottom)) < font->FontSize;
        if (bottom < lanes.plot.bottom) {
            list.AddLine({lanes.plot.left - panel.px(4), bottom}, {lanes.plot.right, bottom}, colours.grid);
        }
        if (is_covered || bottom - top < font->FontSize) continue;
        draw_text(list, font, lanes.plot.left - panel.px(6), 0.5F * (top + bottom), colours.faint_ink,
                  fitted(span.group, name_room, font), Anchor::end);
    }
}

/// Lanes that the changes have not been heard for: all but the target's.
void draw_veil(const Panel& panel, const Lanes& lanes, int selected) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 veil = (panel.colours().plot & ~IM_COL32_A_MASK) | IM_COL32(0, 0, 0, 160);
    const Rect& plot = lanes.plot;
    const float top = selected < 0 ? plot.bottom : std::clamp(lanes.y_of(selected), plot.top, plot.bottom);
    const float bottom =
        selected < 0 ? plot.bottom : std::clamp(lanes.y_of(selected + 1), plot.top, plot.bottom);
    list.AddRectFilled(plot.corner(), {plot.right, top}, veil);
    list.AddRectFilled({plot.left, bottom}, plot.far_corner(), veil);
}

void handle_mouse(const Panel& panel, const Lanes& lanes) {
    zoom_and_pan(panel, lanes.plot, true);
    if (!ImGui::IsItemHovered()) return;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const std::vector<Row>& rows = panel.scene.rows.rows;
    const int row = lanes.row_at(mouse.y);
    if (row < 0 || row >= static_cast<int>(rows.size())) return;
    const Row& hovered = rows[row];
    const bool was_dragged =
        ImGui::GetIO().MouseDragMaxDistanceSqr[ImGuiMouseButton_Left] > panel.px(4) * panel.px(4);
    if (ImGui::IsMouseReleased(ImGuiMouseButton_Left) && !was_dragged) {
        panel.ask({"select", panel.name_of(hovered.objects.front())});
    }
    if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
    const double time_s = x_to_time(panel.state.shown, lanes.plot, mouse.x);
    const int hop = hop_at(panel.state.report->results(), time_s);
    ImGui::BeginTooltip();
    ImGui::PushFont(panel.interface.bold_font());
    ImGui::TextUnformatted(hovered.name.c_str());
    ImGui::PopFont();
    ImGui::Text("%s of what it plays is inaudible or heavily masked",
                share_text(hidden_share(panel, hovered)).c_str());
    if (panel.state.after() != nullptr && row != row_of(rows, panel.state.target))
        ImGui::TextDisabled("as analysed, without the changes: select it to hear them for it");
    const float now = panel.view().lanes[hovered.objects.front()].hidden_share[hop];
    if (hovered.objects.size() == 1) {
        ImGui::Text("at %s: %s", moment_and_bar(panel.state.report->results(), time_s).c_str(),
                    std::isnan(now) ? "silent" : share_text(static_cast<double>(now)).c_str());
    }
    ImGui::EndTooltip();
}

}  // namespace

void show_overview(const Panel& panel, const Rect& where, const Rect& plot) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Palette& colours = panel.colours();
    const auto count = static_cast<double>(panel.scene.rows.rows.size());
    const MatrixPart part = panel.state.matrix_part.value_or(MatrixPart{0.0, count, 0.0, count});
    const Lanes lanes{plot, part.first_target, part.last_target};
    list.AddRectFilled(plot.corner(), plot.far_corner(), colours.plot);
    if (count > 0.0) {
        const MaskingResults& results = panel.state.report->results();
        FieldView view;
        view.left_px = plot.left;
        view.top_px = plot.top;
        view.right_px = plot.right;
        view.bottom_px = plot.bottom;
        view.first_column = (panel.state.shown.from_s - results.from_s) / results.hop_s;
        view.last_column = (panel.state.shown.to_s - results.from_s) / results.hop_s;
        view.first_row = lanes.first;
        view.last_row = lanes.last;
        view.line_px = lanes.row_px() >= panel.px(5) ? 1.0F : 0.0F;
        list.PushClipRect(plot.corner(), plot.far_corner(), true);
        panel.interface.add_field(list, panel.scene.lanes, view);
        const int selected = row_of(panel.scene.rows.rows, panel.state.target);
        if (panel.state.after() != nullptr) draw_veil(panel, lanes, selected);
        if (selected >= 0) {
            list.AddRect({plot.left, lanes.y_of(selected) - 1}, {plot.right, lanes.y_of(selected + 1) + 1},
                         colours.target);
        }
        list.PopClipRect();
    }
    draw_names(panel, lanes, plot.left - where.left - panel.px(12), plot.right + panel.px(44));
    if (panel.state.cursor) {
        const float x = time_to_x(panel.state.shown, plot, panel.state.cursor->time_s);
        if (x >= plot.left && x <= plot.right) {
            list.AddLine({x, plot.top}, {x, plot.bottom}, colours.cursor);
        }
    }
    draw_playhead(panel, plot);
    ImGui::SetCursorScreenPos(plot.corner());
    ImGui::InvisibleButton("lanes", {plot.width(), plot.height()},
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
                               ImGuiButtonFlags_MouseButtonMiddle);
    handle_mouse(panel, lanes);

    // Beside the lanes: what the numbers and colours mean.
    ImFont* const font = panel.interface.small_font();
    const float x = plot.right + panel.px(56);
    const float y = plot.top + 0.6F * font->FontSize;
    const float room = where.right - panel.px(14) - x;
    const std::string words = "share of what it plays that is inaudible or heavily masked";
    const float top = y - 0.5F * font->FontSize;
    list.AddText(font, font->FontSize, {x, top}, colours.faint_ink, words.c_str(), nullptr, room);
    const float strip =
        top + font->CalcTextSizeA(font->FontSize, FLT_MAX, room, words.c_str()).y + panel.px(5);
    draw_legend(panel, {x, strip, where.right - panel.px(14), strip + panel.px(8)},
                amount_colours(panel.state.theme), "none", "", "all of it");
    float line = strip + panel.px(8) + 2.0F * font->FontSize;
    if (lanes.row_px() >= panel.px(5)) {
        draw_text(list, font, x, line, colours.faint_ink, "height: its level");
        line += 1.2F * font->FontSize;
    }
    if (panel.state.after() != nullptr)
        draw_text(list, font, x, line, colours.faint_ink, "dimmed: as analysed");
}

}  // namespace tutti::viewer
