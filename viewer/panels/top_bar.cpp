#include <imgui.h>
// After imgui.h, which it does not include.
#include <imgui_stdlib.h>

#include <cstdio>

#include "host/masking_sentences.hpp"
#include "host/text.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

std::string decibels(double db, const char* unit) {
    char text[48];
    std::snprintf(text, sizeof text, "%.0f %s", db, unit);
    return text;
}

/// At what level the model heard the mix.
std::string calibration_text(const MaskingCalibration& calibration) {
    if (calibration.playback_spl_db) {
        std::string text = "heard at " + decibels(*calibration.playback_spl_db, "dB SPL");
        if (calibration.mix_lufs) text += " (the mix has " + decibels(*calibration.mix_lufs, "LUFS") + ")";
        return text;
    }
    return "a 0 dBFS sine is " + decibels(calibration.full_scale_spl_db, "dB SPL");
}

void show_notes(const Panel& panel) {
    const MaskingResults& results = panel.state.report->results();
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(panel.px(520));
    ImGui::Text("%s", printable(panel.state.report->folder().string()).c_str());
    ImGui::Text("of %s, analysed on %s", results.session_file.c_str(), results.device.c_str());
    for (const std::string& note : results.notes) ImGui::BulletText("%s", note.c_str());
    for (const MaskingResults::Merge& merge : results.merges) {
        std::string names;
        for (const std::string& strip : merge.strips) names += (names.empty() ? "" : ", ") + strip;
        ImGui::BulletText("one and the same: %s", names.c_str());
    }
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

void show_session(const Panel& panel) {
    const MaskingResults& results = panel.state.report->results();
    ImGui::PushFont(panel.interface.bold_font());
    ImGui::TextUnformatted(fitted(results.session_name, panel.px(240), panel.interface.bold_font()).c_str());
    ImGui::PopFont();
    ImGui::SameLine();
    const double end_s = panel.state.report->end_s();
    const std::string bars = bar_range_text(results, results.from_s, end_s);
    ImGui::TextDisabled("%zu tracks, %s%s%s, %s", results.tracks.objects.size(),
                        moment_text(end_s - results.from_s).c_str(), bars.empty() ? "" : ", ", bars.c_str(),
                        calibration_text(results.calibration).c_str());
    if (ImGui::IsItemHovered()) show_notes(panel);
}

}  // namespace

void show_top_bar(const Panel& panel, const Rect& where) {
    ImGui::SetNextWindowPos(where.corner());
    ImGui::SetNextWindowSize({where.width(), where.height()});
    ImGui::Begin("top", nullptr, part_flags);
    ImGui::AlignTextToFramePadding();
    if (panel.state.report) {
        show_session(panel);
    } else {
        ImGui::TextUnformatted("Tutti");
    }
    const bool is_dark = panel.state.theme == Theme::dark;
    const char* const theme = is_dark ? "Light" : "Dark";
    const float buttons = ImGui::CalcTextSize("Open").x + ImGui::CalcTextSize(theme).x +
                          ImGui::CalcTextSize("Keys ?").x + 6 * ImGui::GetStyle().FramePadding.x +
                          3 * ImGui::GetStyle().ItemSpacing.x;
    const float right = where.width() - buttons - panel.px(10);
    if (panel.state.report) {
        const float box = panel.px(220);
        ImGui::SameLine(right - box);
        ImGui::SetNextItemWidth(box - panel.px(6));
        if (panel.search_is_wanted) ImGui::SetKeyboardFocusHere();
        panel.search_is_wanted = false;
        std::string search = panel.state.search;
        if (ImGui::InputTextWithHint("##search", "Find a track or group  /", &search)) {
            panel.ask({"search", search});
        }
        const std::vector<Row>& rows = panel.scene.rows.rows;
        if (ImGui::IsItemDeactivated() && ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Enter), false) &&
            !panel.state.search.empty() && !rows.empty()) {
            panel.ask({"select", panel.name_of(rows.front().objects.front())});
            panel.ask({"list", "target"});
            panel.ask({"search", ""});
        }
    }
    ImGui::SameLine(right);
    if (ImGui::Button("Open")) panel.ask({"opener", "on"});
    ImGui::SameLine();
    if (ImGui::Button(theme)) panel.ask({"theme", is_dark ? "light" : "dark"});
    ImGui::SameLine();
    if (ImGui::Button("Keys ?")) panel.ask({"keys", "on"});
    ImGui::End();
}

}  // namespace tutti::viewer
