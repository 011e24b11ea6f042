#include <imgui.h>
// After imgui.h, which it does not include.
#include <imgui_stdlib.h>

#include "host/masking_sentences.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

void show_controls(const Panel& panel) {
    const State& state = panel.state;
    const auto choice = [&](const std::string& label, Listing listing, const char* word, bool is_possible) {
        ImGui::BeginDisabled(!is_possible);
        if (show_choice(label + "##" + word, state.listing == listing)) panel.ask({"list", word});
        ImGui::EndDisabled();
    };
    ImGui::PushFont(panel.interface.bold_font());
    ImGui::TextUnformatted("What to attend to");
    ImGui::PopFont();
    const float room = panel.px(120);
    choice("All", Listing::all, "all", true);
    choice(state.target < 0 ? "Target" : fitted(panel.name_of(state.target), room), Listing::target, "target",
           state.target >= 0);
    choice(state.masker < 0 ? "Pair" : "by " + fitted(panel.name_of(state.masker), room), Listing::pair,
           "pair", state.target >= 0 && state.masker >= 0);
    const std::string count =
        std::to_string(panel.scene.listed.size()) + " of " + std::to_string(panel.view().events.size());
    ImGui::SameLine();
    if (ImGui::CalcTextSize(count.c_str()).x <= ImGui::GetContentRegionAvail().x) {
        ImGui::TextDisabled("%s", count.c_str());
    } else {
        ImGui::NewLine();
    }
    const char* const what_if = "What if";
    const float width = ImGui::CalcTextSize(what_if).x + 2 * ImGui::GetStyle().FramePadding.x;
    ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - width);
    if (ImGui::SmallButton(what_if)) panel.ask({"what-if", "on"});
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("Try a bell, a fader, a pan, and see what they do.  w");
}

/// What is typed is the filter as soon as it is one; until then, why not is said.
void show_filter(const Panel& panel) {
    const State& state = panel.state;
    const bool is_empty = state.filter_text.empty();
    const float clear = ImGui::CalcTextSize("Clear").x + 2 * ImGui::GetStyle().FramePadding.x;
    ImGui::SetNextItemWidth(
        is_empty ? -1.0F : ImGui::GetContentRegionAvail().x - clear - ImGui::GetStyle().ItemSpacing.x);
    if (panel.filter_is_wanted) ImGui::SetKeyboardFocusHere();
    panel.filter_is_wanted = false;
    std::string text = state.filter_text;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ImGui::GetStyle().FramePadding.x, panel.px(2)});
    if (ImGui::InputTextWithHint("##filter", "Filter: 0:48-1:12, 1-4 kHz, 50 %  c", &text))
        panel.ask({"filter", text});
    const bool is_typed = ImGui::IsItemActive();
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip(
            "Keep to clashes that touch a time (0:48-1:12, 12-20 s, bars 9-16) and frequencies (1-4 "
            "kHz),\nand "
            "of which at least so much is inaudible or heavily masked (50 %%).");
    if (!is_empty) {
        ImGui::SameLine();
        if (ImGui::Button("Clear")) panel.ask({"filter", ""});
    }
    ImGui::PopStyleVar();
    if (state.filter_problem.empty()) return;
    ImGui::PushStyleColor(ImGuiCol_Text, is_typed ? panel.colours().faint_ink : panel.colours().masker);
    ImGui::TextWrapped("%s", state.filter_problem.c_str());
    ImGui::PopStyleColor();
}

/// A sentence in as many lines as it needs; true when it was clicked.
bool show_sentence(const Panel& panel, int number, bool is_marked) {
    const std::string& sentence = panel.view().sentences[number];
    const float indent = panel.px(30);
    const float width = ImGui::GetContentRegionAvail().x - indent - panel.px(4);
    const ImVec2 size =
        ImGui::CalcTextSize(sentence.c_str(), sentence.c_str() + sentence.size(), false, width);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushID(number);
    const bool is_clicked = ImGui::Selectable("", is_marked, 0, {0.0F, size.y});
    ImGui::PopID();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 ink = panel.colours().ink;
    const ClashEvent& event = panel.view().events[number];
    const std::optional<double>& now_s = panel.state.listening.playhead_s;
    if (now_s && *now_s >= event.from_s && *now_s < event.to_s) {
        list.AddRectFilled({at.x, at.y}, {at.x + panel.px(3), at.y + size.y}, panel.colours().playhead);
    }
    draw_text(list, ImGui::GetFont(), at.x + indent - panel.px(8), at.y + 0.5F * ImGui::GetFontSize(),
              panel.colours().faint_ink, std::to_string(number + 1), Anchor::end);
    list.AddText(ImGui::GetFont(), ImGui::GetFontSize(), {at.x + indent, at.y}, ink, sentence.c_str(),
                 sentence.c_str() + sentence.size(), width);
    return is_clicked;
}

bool is_marked(const Panel& panel, const ClashEvent& event) {
    const std::optional<Stretch>& region = panel.state.region;
    return region && event.target == panel.state.target && region->from_s == event.from_s &&
           region->to_s == event.to_s;
}

}  // namespace

void show_clash_list(const Panel& panel, const Rect& where) {
    ImGui::SetNextWindowPos(where.corner());
    ImGui::SetNextWindowSize({where.width(), where.height()});
    ImGui::Begin("clashes", nullptr, part_flags);
    show_controls(panel);
    show_filter(panel);
    ImGui::BeginChild("sentences");
    for (const int number : panel.scene.listed) {
        if (show_sentence(panel, number, is_marked(panel, panel.view().events[number]))) {
            panel.ask({"jump", std::to_string(number + 1)});
        }
    }
    if (panel.scene.listed.empty()) {
        const bool is_filtered = !panel.view().events.empty();
        ImGui::PushTextWrapPos(0.0F);
        ImGui::TextDisabled(
            "%s", is_filtered ? "No sentence is about that: clear the filter or the search, or list All."
                              : nothing_to_attend_to().c_str());
        ImGui::PopTextWrapPos();
    }
    ImGui::EndChild();
    ImGui::End();
}

}  // namespace tutti::viewer
