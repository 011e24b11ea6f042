#include <algorithm>
#include <cstdio>

#include "engine/masking_model.hpp"
#include "host/masking_sentences.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

std::string maskers_text(const Panel& panel, const RegionNumbers& numbers) {
    constexpr std::size_t most = 4;
    const std::size_t named = std::min(most, numbers.maskers.size());
    std::string text;
    for (std::size_t i = 0; i < named; ++i) {
        const Share& share = numbers.maskers[i];
        text += (i == 0 ? "" : ", ") + panel.name_of(share.object) + " (" + share_text(share.share) + ")";
    }
    const auto others = std::count_if(numbers.maskers.begin() + static_cast<std::ptrdiff_t>(named),
                                      numbers.maskers.end(), [](const Share& s) { return s.share >= 0.005; });
    if (others > 0) text += " and " + std::to_string(others) + (others == 1 ? " other" : " others");
    return text;
}

std::string seconds_text(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, seconds < 10.0 ? "%.1f s" : "%.0f s", seconds);
    return text;
}

}  // namespace

void show_region(const Panel& panel, const Rect& where) {
    ImGui::SetCursorScreenPos({where.left + panel.px(10), where.top});
    ImGui::BeginChild("region", {where.width() - panel.px(20), where.height()}, false,
                      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    if (!panel.scene.numbers) {
        ImGui::PushTextWrapPos(0.0F);
        ImGui::TextDisabled(
            "Drag a box in the heatmap for the numbers of that region. Wheel: zoom in time, with Shift in "
            "frequency. Right or middle button: move. ?: all keys.");
        ImGui::PopTextWrapPos();
        ImGui::EndChild();
        return;
    }
    const RegionNumbers& numbers = *panel.scene.numbers;
    const Stretch& region = *panel.state.region;
    const MaskingResults& results = panel.state.report->results();
    const std::string low_note = note_text(cam_to_hz(region.low_cam));
    const std::string high_note = note_text(cam_to_hz(region.high_cam));
    const std::string bars = bar_range_text(results, region.from_s, region.to_s);
    ImGui::PushFont(panel.interface.bold_font());
    ImGui::Text("%s, %s (%s-%s), %s-%s%s%s", panel.name_of(panel.state.target).c_str(),
                frequency_range_text(cam_to_hz(region.low_cam), cam_to_hz(region.high_cam)).c_str(),
                low_note.c_str(), high_note.c_str(), moment_text(region.from_s).c_str(),
                moment_text(region.to_s).c_str(), bars.empty() ? "" : ", ", bars.c_str());
    ImGui::PopFont();
    ImGui::SameLine();
    if (ImGui::SmallButton("Close")) panel.ask({"region", "none"});
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("Esc");
    ImGui::SameLine();
    if (ImGui::SmallButton("Filter")) panel.ask({"filter-region"});
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("List only sentences that touch this box.  F");
    if (numbers.active_s == 0.0) {
        ImGui::TextDisabled("It does not play here.");
        ImGui::EndChild();
        return;
    }
    const auto share = [&](Audibility which) {
        return share_text(numbers.audibility[static_cast<std::size_t>(which)]);
    };
    ImGui::Text("plays %s:  %s inaudible,  %s heavily masked,  %s partly masked,  %s clear",
                seconds_text(numbers.active_s).c_str(), share(Audibility::inaudible).c_str(),
                share(Audibility::heavily_masked).c_str(), share(Audibility::partly_masked).c_str(),
                share(Audibility::clear).c_str());
    const std::string maskers = maskers_text(panel, numbers);
    if (!maskers.empty()) {
        ImGui::PushTextWrapPos(0.0F);
        ImGui::Text("hidden by %s", maskers.c_str());
        ImGui::PopTextWrapPos();
    }
    ImGui::EndChild();
}

}  // namespace tutti::viewer
