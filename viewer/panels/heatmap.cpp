#include <algorithm>
#include <cmath>

#include "engine/masking_model.hpp"
#include "host/masking_sentences.hpp"
#include "host/pictures/colour_map.hpp"
#include "viewer/colour_map.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

/// The field's cells in the plot: rows are display bands, or band groups, from below.
FieldView field_view(const Panel& panel, const Rect& plot) {
    const MaskingResults& results = panel.state.report->results();
    const Stretch& shown = panel.state.shown;
    const bool is_harm = panel.state.shade == Shade::harm;
    const double column_s = is_harm ? results.section_s : results.hop_s;
    const double bands_per_row =
        is_harm ? static_cast<double>(panel.view().shape.bands) / panel.view().shape.groups : 1.0;
    FieldView view;
    view.left_px = plot.left;
    view.top_px = plot.top;
    view.right_px = plot.right;
    view.bottom_px = plot.bottom;
    view.first_column = (shown.from_s - results.from_s) / column_s;
    view.last_column = (shown.to_s - results.from_s) / column_s;
    view.first_row = band_position(shown.high_cam) / bands_per_row;
    view.last_row = band_position(shown.low_cam) / bands_per_row;
    view.low = panel.scene.heatmap_low;
    view.high = panel.scene.heatmap_high;
    return view;
}

/// Where nothing is modelled: below the first band and above the last.
void draw_unmodelled(const Panel& panel, const Rect& plot) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Stretch& shown = panel.state.shown;
    const float top = cam_to_y(shown, plot, band_position_to_cam(panel.view().shape.bands));
    const float bottom = cam_to_y(shown, plot, band_position_to_cam(0.0));
    draw_hatch(list, {plot.left, plot.top, plot.right, std::min(top, plot.bottom)}, panel.colours().hatch,
               panel.px(7));
    draw_hatch(list, {plot.left, std::max(bottom, plot.top), plot.right, plot.bottom}, panel.colours().hatch,
               panel.px(7));
}

/// Names of maskers in the areas where they lead, where they fit.
void draw_masker_names(const Panel& panel, const Rect& plot) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImFont* const font = panel.interface.small_font();
    const MaskingResults& results = panel.state.report->results();
    const Stretch& shown = panel.state.shown;
    const double bands_per_group = static_cast<double>(panel.view().shape.bands) / panel.view().shape.groups;
    for (const HiddenArea& area : panel.scene.areas) {
        const double from_s = results.from_s + area.first_section * results.section_s;
        const double to_s =
            std::min(from_s + area.section_count * results.section_s, panel.state.report->end_s());
        const double low = band_position_to_cam(area.first_group * bands_per_group);
        const double high = band_position_to_cam((area.first_group + area.group_count) * bands_per_group);
        const Rect seen{std::max(plot.left, time_to_x(shown, plot, from_s)),
                        std::max(plot.top, cam_to_y(shown, plot, high)),
                        std::min(plot.right, time_to_x(shown, plot, to_s)),
                        std::min(plot.bottom, cam_to_y(shown, plot, low))};
        if (seen.height() < 1.2F * font->FontSize) continue;
        constexpr int fewest_letters = 7;
        const std::string text =
            fitted(panel.name_of(area.masker), seen.width() - panel.px(14), font, fewest_letters);
        if (text.empty()) continue;
        draw_label(list, font, 0.5F * (seen.left + seen.right), 0.5F * (seen.top + seen.bottom), text);
    }
}

void draw_rulers(const Panel& panel, const Rect& where, const Rect& plot) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImFont* const font = panel.interface.small_font();
    const Palette& colours = panel.colours();
    const Stretch& shown = panel.state.shown;
    const MaskingResults& results = panel.state.report->results();
    const double cam_per_px = (shown.high_cam - shown.low_cam) / plot.height();
    for (const Tick& tick :
         frequency_ticks(shown.low_cam, shown.high_cam, cam_per_px * 1.1 * font->FontSize)) {
        const float y = cam_to_y(shown, plot, tick.at);
        list.AddLine({plot.left, y}, {plot.right, y}, colours.grid);
        if (tick.text.empty()) continue;
        list.AddLine({plot.left - panel.px(4), y}, {plot.left, y}, colours.faint_ink);
        draw_text(list, font, plot.left - panel.px(7), y, colours.ink, tick.text, Anchor::end);
    }
    draw_upright_text(list, font, where.left + panel.px(22), 0.5F * (plot.top + plot.bottom) + panel.px(50),
                      colours.faint_ink, "frequency (Hz, notes)");
    for (const Tick& tick : note_ticks(shown.low_cam, shown.high_cam, cam_per_px * 1.3 * font->FontSize)) {
        const float y = cam_to_y(shown, plot, tick.at);
        draw_text(list, font, plot.left - panel.px(54), y, colours.faint_ink, tick.text, Anchor::end);
    }
    const double s_per_px = (shown.to_s - shown.from_s) / plot.width();
    const float time_y = plot.bottom + panel.px(11);
    const float unit_x = plot.left - panel.px(26);
    for (const Tick& tick : time_ticks(shown.from_s, shown.to_s, s_per_px * panel.px(64))) {
        const float x = time_to_x(shown, plot, tick.at);
        list.AddLine({x, plot.top}, {x, plot.bottom + panel.px(4)}, colours.grid);
        draw_text(list, font, x, time_y, colours.ink, tick.text, Anchor::middle);
    }
    const float bar_y = time_y + 1.1F * font->FontSize;
    draw_text(list, font, unit_x, time_y, colours.faint_ink, "m:ss", Anchor::end);
    const std::vector<Tick> bars = bar_ticks(results, shown.from_s, shown.to_s, s_per_px * panel.px(64));
    if (!bars.empty()) draw_text(list, font, unit_x, bar_y, colours.faint_ink, "bar", Anchor::end);
    for (const Tick& tick : bars) {
        draw_text(list, font, time_to_x(shown, plot, tick.at), bar_y, colours.faint_ink, tick.text,
                  Anchor::middle);
    }
}

void draw_marks(const Panel& panel, const Rect& plot) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Palette& colours = panel.colours();
    const Stretch& shown = panel.state.shown;
    list.PushClipRect(plot.corner(), plot.far_corner(), true);
    if (panel.state.region) {
        const Stretch& region = *panel.state.region;
        const ImVec2 a{time_to_x(shown, plot, region.from_s), cam_to_y(shown, plot, region.high_cam)};
        const ImVec2 b{time_to_x(shown, plot, region.to_s), cam_to_y(shown, plot, region.low_cam)};
        list.AddRect({a.x - 1, a.y - 1}, {b.x + 1, b.y + 1}, IM_COL32(0, 0, 0, 160), 0.0F, 0, 3.0F);
        list.AddRect(a, b, IM_COL32(255, 255, 255, 230), 0.0F, 0, 1.5F);
    }
    if (panel.state.cursor) {
        const float x = time_to_x(shown, plot, panel.state.cursor->time_s);
        list.AddLine({x, plot.top}, {x, plot.bottom}, colours.cursor);
    }
    draw_playhead(panel, plot);
    list.PopClipRect();
}

void handle_mouse(const Panel& panel, const Rect& plot) {
    zoom_and_pan(panel, plot, false);
    const ImGuiIO& io = ImGui::GetIO();
    const Stretch& shown = panel.state.shown;
    const auto inside = [&](const ImVec2& at) {
        return ImVec2(std::clamp(at.x, plot.left, plot.right), std::clamp(at.y, plot.top, plot.bottom));
    };
    const ImVec2 from = inside(io.MouseClickedPos[ImGuiMouseButton_Left]);
    const ImVec2 to = inside(io.MousePos);
    const bool is_box = io.MouseDragMaxDistanceSqr[ImGuiMouseButton_Left] > panel.px(4) * panel.px(4);
    if (ImGui::IsItemActive() && ImGui::IsMouseDown(ImGuiMouseButton_Left) && is_box) {
        ImGui::GetWindowDrawList()->AddRect(from, to, panel.colours().cursor, 0.0F, 0, 1.5F);
    }
    if (ImGui::IsItemDeactivated() && ImGui::IsMouseReleased(ImGuiMouseButton_Left)) {
        const auto hz = [&](const ImVec2& at) { return argument(cam_to_hz(y_to_cam(shown, plot, at.y))); };
        const auto time = [&](const ImVec2& at) { return argument(x_to_time(shown, plot, at.x)); };
        if (is_box) {
            panel.ask({"region", time(from), time(to), hz(from), hz(to)});
        } else {
            panel.ask({"cursor", time(to), hz(to)});
        }
    }
    if (ImGui::IsItemHovered() && !ImGui::IsItemActive()) {
        show_heatmap_readout(panel, x_to_time(shown, plot, to.x), y_to_cam(shown, plot, to.y));
    }
}

void show_title(const Panel& panel, float name_room) {
    const State& state = panel.state;
    const std::string name = state.target < 0 ? "Nobody" : panel.name_of(state.target);
    const std::string shown = fitted(name, name_room, panel.interface.bold_font());
    ImGui::PushFont(panel.interface.bold_font());
    ImGui::PushStyleColor(ImGuiCol_Text, panel.colours().target);
    ImGui::TextUnformatted(shown.c_str());
    ImGui::PopStyleColor();
    ImGui::PopFont();
    const auto choice = [&](const char* label, Shade shade, const char* word) {
        if (show_choice(label, state.shade == shade)) panel.ask({"shade", word});
    };
    choice("How audible", Shade::margin, "margin");
    choice("How loud", Shade::loudness, "loudness");
    choice("Hides others", Shade::harm, "harm");
    const Stretch all = everything(*state.report);
    const bool is_all = state.shown.from_s == all.from_s && state.shown.to_s == all.to_s &&
                        state.shown.low_cam == all.low_cam && state.shown.high_cam == all.high_cam;
    ImGui::BeginDisabled(is_all);
    if (show_choice("Show all", false)) panel.ask({"everything"});
    ImGui::EndDisabled();
}

void show_legend(const Panel& panel, const Rect& plot, float y, float room_right) {
    const float right = std::min(plot.right, plot.left + panel.px(430));
    const Rect strip{plot.left, y, right, y + panel.px(8)};
    if (panel.state.shade != Shade::margin) {
        const double low = std::pow(10.0, panel.scene.heatmap_low);
        const double high = std::pow(10.0, panel.scene.heatmap_high);
        const bool is_harm = panel.state.shade == Shade::harm;
        draw_legend(panel, strip, amount_colours(panel.state.theme),
                    (is_harm ? "hides others hardly (" : "faint (") + sone_text(low) + ")", "",
                    (is_harm ? "much (" : "loud (") + sone_text(high) + (is_harm ? " sone s)" : " sone)"));
        return;
    }
    // Words stand where their classes are on the scale.
    draw_legend(panel, strip, margin_colours(panel.state.theme), "", "", "");
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImFont* const font = panel.interface.small_font();
    const auto x_of = [&](double db) {
        return strip.left + strip.width() * static_cast<float>(margin_place(db));
    };
    for (const double edge : {0.0, 6.0, 15.0}) {
        list.AddLine({x_of(edge), strip.top - panel.px(2)}, {x_of(edge), strip.bottom + panel.px(3)},
                     panel.colours().ink);
    }
    const float text_y = strip.bottom + 0.65F * font->FontSize;
    const ImU32 ink = panel.colours().faint_ink;
    draw_text(list, font, x_of(-5.0), text_y, ink, "inaudible", Anchor::middle);
    draw_text(list, font, x_of(3.0), text_y, ink, "heavily", Anchor::middle);
    draw_text(list, font, x_of(10.5), text_y, ink, "partly masked", Anchor::middle);
    draw_text(list, font, x_of(20.0), text_y, ink, "clear", Anchor::middle);
    const char* const rest = "blank: not playing    hatched: not modelled";
    const float rest_x = strip.right + panel.px(14);
    if (rest_x + ImGui::CalcTextSize(rest).x < room_right) {
        draw_text(list, font, rest_x, 0.5F * (strip.top + text_y), ink, rest);
    }
}

}  // namespace

void show_heatmap(const Panel& panel, const Rect& where, const Rect& plot) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImGui::SetCursorScreenPos({where.left + panel.px(10), where.top});
    // The buttons beside the name take about 360 units.
    show_title(panel, std::max(panel.px(60), plot.right - where.left - panel.px(370)));
    list.AddRectFilled(plot.corner(), plot.far_corner(), panel.colours().plot);
    if (panel.state.target < 0) {
        draw_text(list, ImGui::GetFont(), 0.5F * (plot.left + plot.right), 0.5F * (plot.top + plot.bottom),
                  panel.colours().faint_ink, "Click a field of the matrix, a lane or a sentence.",
                  Anchor::middle);
        draw_rulers(panel, where, plot);
        return;
    }
    list.PushClipRect(plot.corner(), plot.far_corner(), true);
    panel.interface.add_field(list, panel.scene.heatmap, field_view(panel, plot));
    draw_unmodelled(panel, plot);
    if (panel.state.shade == Shade::margin) draw_masker_names(panel, plot);
    list.PopClipRect();
    draw_rulers(panel, where, plot);
    draw_marks(panel, plot);
    ImGui::SetCursorScreenPos(plot.corner());
    ImGui::InvisibleButton("heatmap", {plot.width(), plot.height()},
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
                               ImGuiButtonFlags_MouseButtonMiddle);
    handle_mouse(panel, plot);
    show_legend(panel, plot, plot.bottom + panel.px(40), where.right);
}

}  // namespace tutti::viewer
