#include "viewer/panels/paint.hpp"

#include <algorithm>
#include <cmath>

#include "engine/masking_model.hpp"

namespace tutti::viewer {

namespace {

ImVec2 size_of(ImFont* font, const std::string& text) {
    return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0.0F, text.c_str(), text.c_str() + text.size());
}

/// Begins of the characters of a UTF-8 text, and its end.
std::vector<std::size_t> character_begins(const std::string& text) {
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) begins.push_back(i);
    }
    begins.push_back(text.size());
    return begins;
}

}  // namespace

std::string fitted(const std::string& name, float width_px, ImFont* font, int fewest) {
    if (font == nullptr) font = ImGui::GetFont();
    if (size_of(font, name).x <= width_px) return name;
    const std::vector<std::size_t> begins = character_begins(name);
    const std::size_t count = begins.size() - 1;
    for (std::size_t kept = count - 1; kept >= static_cast<std::size_t>(fewest); --kept) {
        const std::size_t front = (kept + 1) / 2;
        const std::string text =
            name.substr(0, begins[front]) + ".." + name.substr(begins[count - (kept - front)]);
        if (size_of(font, text).x <= width_px) return text;
    }
    return {};
}

void draw_text(ImDrawList& list, ImFont* font, float x, float y, ImU32 colour, const std::string& text,
               Anchor anchor) {
    const ImVec2 size = size_of(font, text);
    const float shift = anchor == Anchor::start ? 0.0F : anchor == Anchor::middle ? 0.5F * size.x : size.x;
    list.AddText(font, font->FontSize, {std::round(x - shift), std::round(y - 0.5F * size.y)}, colour,
                 text.c_str(), text.c_str() + text.size());
}

void draw_upright_text(ImDrawList& list, ImFont* font, float x, float y, ImU32 colour,
                       const std::string& text) {
    // Written where nothing is clipped, then turned about its start: Dear ImGui has no other way.
    const ImVec2 size = size_of(font, text);
    const float left = std::round(x - 0.5F * size.y);
    const float bottom = std::round(y);
    const int first = list.VtxBuffer.Size;
    list.PushClipRectFullScreen();
    list.AddText(font, font->FontSize, {0.0F, 0.0F}, colour, text.c_str(), text.c_str() + text.size());
    list.PopClipRect();
    for (int i = first; i < list.VtxBuffer.Size; ++i) {
        const ImVec2 at = list.VtxBuffer[i].pos;
        list.VtxBuffer[i].pos = {left + at.y, bottom - at.x};
    }
}

void draw_label(ImDrawList& list, ImFont* font, float x, float y, const std::string& text) {
    const ImVec2 size = size_of(font, text);
    const ImVec2 half{0.5F * size.x + 0.3F * size.y, 0.55F * size.y};
    list.AddRectFilled({x - half.x, y - half.y}, {x + half.x, y + half.y}, IM_COL32(16, 17, 20, 190),
                       0.25F * size.y);
    draw_text(list, font, x, y, IM_COL32(255, 255, 255, 255), text, Anchor::middle);
}

void draw_hatch(ImDrawList& list, const Rect& where, ImU32 colour, float step_px) {
    if (where.width() <= 0.0F || where.height() <= 0.0F) return;
    list.PushClipRect(where.corner(), where.far_corner(), true);
    for (float x = where.left - where.height(); x < where.right; x += step_px) {
        list.AddLine({x, where.bottom}, {x + where.height(), where.top}, colour);
    }
    list.PopClipRect();
}

float time_to_x(const Stretch& shown, const Rect& plot, double time_s) {
    const double share = (time_s - shown.from_s) / (shown.to_s - shown.from_s);
    return plot.left + static_cast<float>(share * plot.width());
}

double x_to_time(const Stretch& shown, const Rect& plot, float x) {
    return shown.from_s + (x - plot.left) / plot.width() * (shown.to_s - shown.from_s);
}

float cam_to_y(const Stretch& shown, const Rect& plot, double cam) {
    const double share = (cam - shown.low_cam) / (shown.high_cam - shown.low_cam);
    return plot.bottom - static_cast<float>(share * plot.height());
}

double y_to_cam(const Stretch& shown, const Rect& plot, float y) {
    return shown.low_cam + (plot.bottom - y) / plot.height() * (shown.high_cam - shown.low_cam);
}

void zoom_and_pan(const Panel& panel, const Rect& plot, bool left_button_pans) {
    const ImGuiIO& io = ImGui::GetIO();
    Stretch shown = panel.state.shown;
    if (ImGui::IsItemHovered() && io.MouseWheel != 0.0F) {
        const double factor = std::pow(0.8, io.MouseWheel);
        if (io.KeyShift) {
            const double at = y_to_cam(shown, plot, io.MousePos.y);
            shown.low_cam = at + (shown.low_cam - at) * factor;
            shown.high_cam = at + (shown.high_cam - at) * factor;
            panel.ask(bands_action(shown));
        } else {
            const double at = x_to_time(shown, plot, io.MousePos.x);
            shown.from_s = at + (shown.from_s - at) * factor;
            shown.to_s = at + (shown.to_s - at) * factor;
            panel.ask(time_action(shown));
        }
    }
    const bool pans = ImGui::IsMouseDragging(ImGuiMouseButton_Right, 0.0F) ||
                      ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 0.0F) ||
                      (left_button_pans && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2.0F));
    if (!ImGui::IsItemActive() || !pans) return;
    if (io.MouseDelta.x != 0.0F) {
        const double moved_s = -io.MouseDelta.x / plot.width() * (shown.to_s - shown.from_s);
        Stretch moved = shown;
        moved.from_s += moved_s;
        moved.to_s += moved_s;
        panel.ask(time_action(moved));
    }
    if (io.MouseDelta.y != 0.0F && !left_button_pans) {
        const double moved_cam = io.MouseDelta.y / plot.height() * (shown.high_cam - shown.low_cam);
        Stretch moved = shown;
        moved.low_cam += moved_cam;
        moved.high_cam += moved_cam;
        panel.ask(bands_action(moved));
    }
}

void draw_playhead(const Panel& panel, const Rect& plot) {
    if (!panel.state.listening.playhead_s) return;
    const float x = time_to_x(panel.state.shown, plot, *panel.state.listening.playhead_s);
    if (x < plot.left || x > plot.right) return;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 colour = panel.colours().playhead;
    const float half = panel.px(5);
    list.AddLine({x, plot.top}, {x, plot.bottom}, colour, panel.px(1.5F));
    list.AddTriangleFilled({x - half, plot.top}, {x + half, plot.top}, {x, plot.top + 1.6F * half}, colour);
}

void draw_legend(const Panel& panel, const Rect& strip, const ColourTable& colours, const std::string& low,
                 const std::string& middle, const std::string& high) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    constexpr int steps = 64;
    for (int i = 0; i < steps; ++i) {
        const float left = strip.left + strip.width() * static_cast<float>(i) / steps;
        const float right = strip.left + strip.width() * static_cast<float>(i + 1) / steps;
        list.AddRectFilled({left, strip.top}, {right, strip.bottom}, colours[i * 255 / (steps - 1)]);
    }
    ImFont* const font = panel.interface.small_font();
    const float y = strip.bottom + 0.6F * font->FontSize;
    draw_text(list, font, strip.left, y, panel.colours().faint_ink, low);
    draw_text(list, font, 0.5F * (strip.left + strip.right), y, panel.colours().faint_ink, middle,
              Anchor::middle);
    draw_text(list, font, strip.right, y, panel.colours().faint_ink, high, Anchor::end);
}

Action time_action(const Stretch& stretch) {
    return {"time", argument(stretch.from_s), argument(stretch.to_s)};
}

Action bands_action(const Stretch& stretch) {
    return {"bands", argument(cam_to_hz(stretch.low_cam)), argument(cam_to_hz(stretch.high_cam))};
}

bool show_choice(const std::string& label, bool is_chosen) {
    const float width =
        ImGui::CalcTextSize(label.c_str(), nullptr, true).x + 2.0F * ImGui::GetStyle().FramePadding.x;
    const float room = ImGui::GetWindowPos().x + ImGui::GetContentRegionMax().x;
    if (ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x + width <= room) ImGui::SameLine();
    if (is_chosen) ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetColorU32(ImGuiCol_ButtonActive));
    const bool is_clicked = ImGui::SmallButton(label.c_str());
    if (is_chosen) ImGui::PopStyleColor();
    return is_clicked;
}

std::string share_text(double share) {
    const long whole = std::lround(100.0 * share);
    return whole == 0 && share > 0.0 ? "< 1 %" : std::to_string(whole) + " %";
}

}  // namespace tutti::viewer
