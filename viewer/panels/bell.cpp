#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "engine/masking_model.hpp"
#include "host/eq.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

/// Of the wheel, on the Q.
constexpr double q_step = 1.15;

/// 0 dB in the middle, louder to the right.
float gain_to_x(const Rect& plot, double gain_db) {
    return plot.left + plot.width() * static_cast<float>(0.5 + 0.5 * gain_db / greatest_tried_db);
}

double x_to_gain(const Rect& plot, float x) {
    const double share = 2.0 * (x - plot.left) / plot.width() - 1.0;
    return std::clamp(share, -1.0, 1.0) * greatest_tried_db;
}

void draw_bell(const Panel& panel, const Rect& plot, const EqBand& bell) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float middle = gain_to_x(plot, 0.0);
    list.AddLine({middle, plot.top}, {middle, plot.bottom}, panel.colours().faint_ink);
    const float step = panel.px(2);
    for (float y = plot.top; y <= plot.bottom; y += step) {
        const double hz = cam_to_hz(y_to_cam(panel.state.shown, plot, y));
        const double gain_db = 20.0 * std::log10(std::abs(analogue_response(bell, hz)));
        list.PathLineTo({gain_to_x(plot, gain_db), y});
    }
    list.PathStroke(panel.colours().ink, 0, 1.6F * panel.interface.scale());
    const ImVec2 handle{gain_to_x(plot, bell.gain_db),
                        cam_to_y(panel.state.shown, plot, hz_to_cam(bell.freq_hz))};
    list.AddCircleFilled(handle, panel.px(6), panel.colours().ink);
    list.AddCircle(handle, panel.px(6), panel.colours().plot);
    const std::string where = frequency_and_note(bell.freq_hz);
    std::array<char, 64> what{};
    std::snprintf(what.data(), what.size(), "%+.1f dB, Q %.1f", bell.gain_db, bell.q);
    ImFont* const font = panel.interface.small_font();
    const float line = 1.15F * font->FontSize;
    const float y = handle.y + (handle.y < plot.top + 4.0F * line ? 1.5F : -2.5F) * line;
    const float half = panel.px(52);
    const float x = std::clamp(handle.x, plot.left + half, std::max(plot.left + half, plot.right - half));
    draw_label(list, font, x, y, where);
    draw_label(list, font, x, y + line, what.data());
}

Action bell_action(const std::string& name, const EqBand& bell) {
    return {"bell", name, argument(bell.freq_hz), argument(bell.gain_db), argument(bell.q)};
}

}  // namespace

void show_bell(const Panel& panel, const Rect& plot) {
    const int track = tried_track(panel.state);
    if (!panel.state.what_if.is_open || track < 0 || plot.width() < 1.0F || plot.height() < 1.0F) return;
    const std::string& name = panel.state.report->tracks().view->objects[track].name;
    const MixChange* const change = change_of(panel.state.what_if.now, track, MixChange::Kind::bell);
    EqBand bell = change != nullptr ? change->bell : EqBand{.q = 1.0};
    ImGui::SetCursorScreenPos(plot.corner());
    ImGui::InvisibleButton("bell", {plot.width(), plot.height()});
    const ImGuiIO& io = ImGui::GetIO();
    if (ImGui::IsItemActivated()) panel.ask({"begin-drag"});
    if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, panel.px(2))) {
        bell.gain_db = x_to_gain(plot, io.MousePos.x);
        const double hz = cam_to_hz(y_to_cam(panel.state.shown, plot, io.MousePos.y));
        bell.freq_hz = std::clamp(hz, lowest_shown_hz, highest_shown_hz);
        panel.ask(bell_action(name, bell));
    }
    if (ImGui::IsItemDeactivated()) panel.ask({"end-drag"});
    if (change != nullptr && ImGui::IsItemHovered() && io.MouseWheel != 0.0F) {
        bell.q = std::clamp(bell.q * std::pow(q_step, io.MouseWheel), least_tried_q, greatest_tried_q);
        panel.ask(bell_action(name, bell));
    }
    ImGui::GetWindowDrawList()->PushClipRect(plot.corner(), plot.far_corner(), true);
    if (change != nullptr) {
        draw_bell(panel, plot, bell);
    } else {
        ImFont* const font = panel.interface.small_font();
        draw_text(*ImGui::GetWindowDrawList(), font, 0.5F * (plot.left + plot.right),
                  plot.top + font->FontSize, panel.colours().faint_ink,
                  fitted("drag: a bell on " + name, plot.width() - panel.px(8), font, 12), Anchor::middle);
    }
    ImGui::GetWindowDrawList()->PopClipRect();
}

}  // namespace tutti::viewer
