#include <imgui.h>
// After imgui.h, which it does not include.
#include <imgui_stdlib.h>

#include <algorithm>
#include <numeric>

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
    const std::size_t suggested = state.report->suggestions().size();
    choice("Suggestions", Listing::suggestions, "suggestions", suggested > 0);
    const std::string count =
        state.listing == Listing::suggestions
            ? std::to_string(suggested)
            : std::to_string(panel.scene.listed.size()) + " of " + std::to_string(panel.view().events.size());
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

/// A sentence in as many lines as it needs; true when it was clicked. `from_s` and `to_s`: what it is about.
bool show_sentence(const Panel& panel, int number, const std::string& sentence, bool is_marked, double from_s,
                   double to_s) {
    const float indent = panel.px(30);
    const float width = ImGui::GetContentRegionAvail().x - indent - panel.px(4);
    const ImVec2 size =
        ImGui::CalcTextSize(sentence.c_str(), sentence.c_str() + sentence.size(), false, width);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const bool is_clicked = ImGui::Selectable("", is_marked, 0, {0.0F, size.y});
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 ink = panel.colours().ink;
    const std::optional<double>& now_s = panel.state.listening.playhead_s;
    if (now_s && *now_s >= from_s && *now_s < to_s) {
        list.AddRectFilled({at.x, at.y}, {at.x + panel.px(3), at.y + size.y}, panel.colours().playhead);
    }
    draw_text(list, ImGui::GetFont(), at.x + indent - panel.px(8), at.y + 0.5F * ImGui::GetFontSize(),
              panel.colours().faint_ink, std::to_string(number), Anchor::end);
    list.AddText(ImGui::GetFont(), ImGui::GetFontSize(), {at.x + indent, at.y}, ink, sentence.c_str(),
                 sentence.c_str() + sentence.size(), width);
    return is_clicked;
}

bool is_marked(const Panel& panel, const ClashEvent& event) {
    const std::optional<Stretch>& region = panel.state.region;
    return region && event.target == panel.state.target && region->from_s == event.from_s &&
           region->to_s == event.to_s;
}

/// What to do next about a sentence, below it.
void show_next_steps(const Panel& panel, int number) {
    const ClashEvent& event = panel.view().events[number];
    if (event.maskers.empty()) return;
    const std::string& masker = panel.name_of(event.maskers.front().object);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + panel.px(30));
    if (ImGui::SmallButton("Listen to both")) {
        panel.ask({"jump", std::to_string(number + 1)});
        panel.ask({"loop", "on"});
        panel.ask({"play", "pair"});
    }
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip("Who is hidden and who hides, over and over; m goes on to the mix.");
    if (!panel.view().is_of_tracks) return;
    ImGui::SameLine();
    const float room =
        ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize("Try: cut  here").x - panel.px(12);
    if (ImGui::SmallButton(("Try: cut " + fitted(masker, room) + " here").c_str()))
        panel.ask({"try-sentence", std::to_string(number + 1)});
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip(
            "A bell on %s, to begin from: what would be won is shown at once, and can be played.",
            masker.c_str());
}

/// Nothing is listed: who hides the target most all the same.
void show_most_hiding(const Panel& panel) {
    const int target = panel.state.target;
    const ReportView& view = panel.view();
    const int count = static_cast<int>(view.summaries.size());
    std::vector<int> maskers(static_cast<std::size_t>(count));
    std::iota(maskers.begin(), maskers.end(), 0);
    std::stable_sort(maskers.begin(), maskers.end(),
                     [&](int a, int b) { return view.clash_of(target, a) > view.clash_of(target, b); });
    ImGui::TextWrapped("No clash hides %s enough for a sentence. Of what is hidden, most is by:",
                       panel.name_of(target).c_str());
    for (int i = 0; i < std::min(3, count); ++i) {
        const double clash = view.clash_of(target, maskers[i]);
        if (clash <= 0.0) break;
        ImGui::PushID(i);
        const std::string& name = panel.name_of(maskers[i]);
        if (ImGui::SmallButton((name + "  (" + sone_text(clash) + " sone s)").c_str()))
            panel.ask({"select", panel.name_of(target), name});
        ImGui::PopID();
    }
    if (!view.is_of_tracks) return;
    const std::vector<Suggestion>& suggestions = panel.state.report->suggestions();
    for (int i = 0; i < static_cast<int>(suggestions.size()); ++i) {
        const std::vector<Suggestion::Gain>& gains = suggestions[i].gains;
        if (std::none_of(gains.begin(), gains.end(), [&](const auto& gain) { return gain.object == target; }))
            continue;
        ImGui::PushID(100 + i);
        const std::string text =
            "Try: " + panel.name_of(suggestions[i].object) + ": " + suggestion_deed(suggestions[i]);
        if (ImGui::SmallButton(fitted(text, ImGui::GetContentRegionAvail().x - panel.px(12)).c_str()))
            panel.ask({"try-suggestion", std::to_string(i + 1)});
        if (ImGui::IsItemHovered())
            ImGui::SetTooltip("%s",
                              suggestion_sentence(panel.state.report->results(), suggestions[i]).c_str());
        ImGui::PopID();
    }
}

void show_clashes(const Panel& panel) {
    const State& state = panel.state;
    const std::vector<ClashEvent>& events = panel.view().events;
    // Of the one that is shown, or, when a report has just been opened, of the pair that is selected.
    bool has_steps = false;
    for (const int number : panel.scene.listed) {
        const ClashEvent& event = events[number];
        const bool is_shown = is_marked(panel, event);
        ImGui::PushID(number);
        if (show_sentence(panel, number + 1, panel.view().sentences[number], is_shown, event.from_s,
                          event.to_s))
            panel.ask({"jump", std::to_string(number + 1)});
        const bool is_of_pair = !state.region && event.target == state.target && !event.maskers.empty() &&
                                event.maskers.front().object == state.masker;
        if ((is_shown || is_of_pair) && !has_steps) {
            has_steps = true;
            show_next_steps(panel, number);
        }
        ImGui::PopID();
    }
    if (!panel.scene.listed.empty()) return;
    ImGui::PushTextWrapPos(0.0F);
    if (events.empty()) {
        ImGui::TextDisabled("%s", nothing_to_attend_to().c_str());
    } else if (!state.filter.is_empty() || !state.search.empty() || state.listing == Listing::all) {
        ImGui::TextDisabled("No sentence is about that: clear the filter or the search.");
    } else if (state.listing == Listing::target && state.target >= 0) {
        show_most_hiding(panel);
    } else {
        ImGui::TextDisabled("No sentence is about that pair: list All.");
    }
    ImGui::PopTextWrapPos();
}

void show_suggestions(const Panel& panel) {
    const Report& report = *panel.state.report;
    for (int i = 0; i < static_cast<int>(report.suggestions().size()); ++i) {
        const Suggestion& suggestion = report.suggestions()[i];
        ImGui::PushID(i);
        const auto ask = [&] { panel.ask({"try-suggestion", std::to_string(i + 1)}); };
        const std::string sentence = suggestion_sentence(report.results(), suggestion);
        if (show_sentence(panel, i + 1, sentence, false, suggestion.from_s, suggestion.to_s)) ask();
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + panel.px(30));
        if (ImGui::SmallButton("Try it")) ask();
        if (ImGui::IsItemHovered())
            ImGui::SetTooltip("What would be won is shown at once, and can be played.");
        ImGui::PopID();
    }
}

}  // namespace

void show_clash_list(const Panel& panel, const Rect& where) {
    ImGui::SetNextWindowPos(where.corner());
    ImGui::SetNextWindowSize({where.width(), where.height()});
    ImGui::Begin("clashes", nullptr, part_flags);
    show_controls(panel);
    const bool lists_suggestions = panel.state.listing == Listing::suggestions;
    if (!lists_suggestions) show_filter(panel);
    ImGui::BeginChild("sentences");
    if (lists_suggestions) {
        show_suggestions(panel);
    } else {
        show_clashes(panel);
    }
    ImGui::EndChild();
    ImGui::End();
}

}  // namespace tutti::viewer
