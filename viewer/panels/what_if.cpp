#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/masking_model.hpp"
#include "host/masking_sentences.hpp"
#include "host/text.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

void explain(const Panel& panel, const std::string& text) {
    if (!ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) return;
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(panel.px(420));
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

const std::string& track_name(const Panel& panel, int track) {
    return panel.state.report->tracks().view->objects[track].name;
}

void show_buttons(const Panel& panel) {
    const WhatIf& what_if = panel.state.what_if;
    ImGui::PushFont(panel.interface.bold_font());
    ImGui::TextUnformatted("What if");
    ImGui::PopFont();
    const auto button = [&](const char* label, bool is_lit, bool is_possible, const char* says) {
        ImGui::BeginDisabled(!is_possible);
        const bool is_clicked = show_choice(label, is_lit);
        ImGui::EndDisabled();
        explain(panel, says);
        return is_clicked;
    };
    if (button("Before", what_if.shows_before, true, "All panels as analysed.  b")) panel.ask({"before"});
    if (button("After", !what_if.shows_before, true, "All panels with the changes.  b")) panel.ask({"after"});
    if (button("Undo", false, !what_if.undoable.empty(), "Take the last change back.  Ctrl+Z"))
        panel.ask({"undo"});
    if (button("Redo", false, !what_if.redoable.empty(), "Do it again.  Ctrl+Shift+Z")) panel.ask({"redo"});
    if (button("Write session", false, !what_if.now.changes.empty(),
               "Write a session with these changes beside the original, which stays as it is: bells as "
               "inserts, faders and pans as their new settings. The playback level is not part of it."))
        panel.ask({"write-session"});
    if (button("Back", false, true, "To what the report says; changes are kept.  w"))
        panel.ask({"what-if", "off"});
}

/// A slider whose drag is one step to undo; true while it moves.
bool slide(const Panel& panel, const char* label, double& value, double low, double high, const char* format,
           ImGuiSliderFlags flags = 0) {
    auto moved = static_cast<float>(value);
    const bool has_moved =
        ImGui::SliderFloat(label, &moved, static_cast<float>(low), static_cast<float>(high), format,
                           flags | ImGuiSliderFlags_AlwaysClamp);
    if (ImGui::IsItemActivated()) panel.ask({"begin-drag"});
    value = std::clamp(static_cast<double>(moved), low, high);
    return has_moved;
}

/// After what the slider asked for.
void end_slide(const Panel& panel) {
    if (ImGui::IsItemDeactivated()) panel.ask({"end-drag"});
}

void show_bell_sliders(const Panel& panel, int track) {
    const MixChange* const change = change_of(panel.state.what_if.now, track, MixChange::Kind::bell);
    EqBand bell;
    bell.q = 1.0;
    if (panel.state.cursor)
        bell.freq_hz = std::clamp(cam_to_hz(panel.state.cursor->cam), lowest_shown_hz, highest_shown_hz);
    if (change != nullptr) bell = change->bell;
    const auto ask = [&] {
        panel.ask({"bell", track_name(panel, track), argument(bell.freq_hz), argument(bell.gain_db),
                   argument(bell.q)});
    };
    if (slide(panel, "Bell", bell.gain_db, -greatest_tried_db, greatest_tried_db, "%+.1f dB")) ask();
    end_slide(panel);
    explain(panel, "Or drag in the spectrum. It begins at the cursor's frequency.");
    ImGui::BeginDisabled(change == nullptr);
    const std::string note = note_text(bell.freq_hz);
    const std::string format = note.empty() ? "%.0f Hz" : "%.0f Hz (" + note + ")";
    if (slide(panel, "at", bell.freq_hz, lowest_shown_hz, highest_shown_hz, format.c_str(),
              ImGuiSliderFlags_Logarithmic))
        ask();
    end_slide(panel);
    if (slide(panel, "Q", bell.q, least_tried_q, greatest_tried_q, "%.2f", ImGuiSliderFlags_Logarithmic))
        ask();
    end_slide(panel);
    ImGui::EndDisabled();
}

void show_fader_and_pan(const Panel& panel, int track) {
    const Attempt& now = panel.state.what_if.now;
    const MixChange* const fader = change_of(now, track, MixChange::Kind::gain);
    double gain_db = fader != nullptr ? fader->gain_db : 0.0;
    if (slide(panel, "Fader", gain_db, -greatest_tried_db, greatest_tried_db, "%+.1f dB"))
        panel.ask({"gain", track_name(panel, track), argument(gain_db)});
    end_slide(panel);
    const MixChange* const place = change_of(now, track, MixChange::Kind::pan);
    const Session* const session = panel.state.what_if.session.get();
    const std::string& strip = panel.state.report->tracks().view->objects[track].strips.front();
    const Track* const found = session != nullptr ? find_track(*session, strip) : nullptr;
    double pan = place != nullptr ? place->pan : found != nullptr ? found->pan : 0.0;
    ImGui::BeginDisabled(found == nullptr);
    if (slide(panel, "Pan", pan, -1.0, 1.0, "%+.2f"))
        panel.ask({"pan", track_name(panel, track), argument(pan)});
    end_slide(panel);
    ImGui::EndDisabled();
    explain(panel, found != nullptr ? "-1: left, 1: right. A group of tracks, and what plays in mono, stays."
                   : session == nullptr ? "Needs the session: " + panel.state.what_if.session_problem
                                        : "Only tracks have a pan.");
}

/// The level that margins are worked out for.
void show_playback(const Panel& panel) {
    double playback_db = panel.state.what_if.now.playback_db;
    const MaskingCalibration& calibration = panel.state.report->results().calibration;
    char format[64];
    const double now_db = playback_db + calibration.playback_spl_db.value_or(calibration.full_scale_spl_db);
    std::snprintf(format, sizeof format, "%%+.1f dB: %s%.0f dB SPL",
                  calibration.playback_spl_db ? "" : "0 dBFS is ", now_db);
    if (slide(panel, "Playback", playback_db, -greatest_tried_db, greatest_tried_db, format))
        panel.ask({"playback", argument(playback_db)});
    end_slide(panel);
    explain(panel, calibration.playback_spl_db
                       ? "How loud the whole mix is played: its integrated loudness at the listener."
                       : "How loud all of it is played: what a sine at full scale has at the listener.");
}

void show_controls(const Panel& panel) {
    const State& state = panel.state;
    const int track = tried_track(state);
    ImGui::PushItemWidth(ImGui::GetContentRegionAvail().x - panel.px(66));
    if (ImGui::BeginCombo("##track", track < 0 ? "choose a track" : track_name(panel, track).c_str())) {
        const std::vector<MaskingObject>& objects = state.report->tracks().view->objects;
        for (int i = 0; i < static_cast<int>(objects.size()); ++i) {
            ImGui::PushID(i);
            if (ImGui::Selectable(objects[i].name.c_str(), i == track)) panel.ask({"try", objects[i].name});
            ImGui::PopID();
        }
        ImGui::EndCombo();
    }
    ImGui::PushID(track);
    ImGui::BeginDisabled(track < 0);
    show_bell_sliders(panel, std::max(track, 0));
    show_fader_and_pan(panel, std::max(track, 0));
    ImGui::EndDisabled();
    ImGui::PopID();
    show_playback(panel);
    ImGui::PopItemWidth();
}

double sum_of(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum;
}

std::string signed_text(double sone_s) {
    const bool is_nothing = std::abs(sone_s) < 0.005;
    return is_nothing ? "0" : (sone_s < 0.0 ? "-" : "+") + sone_text(std::abs(sone_s));
}

/// What is won and lost by the changes.
void show_win(const Panel& panel) {
    const State& state = panel.state;
    const WhatIf& what_if = state.what_if;
    if (!what_if.problem.empty()) return ImGui::TextWrapped("Not heard: %s", what_if.problem.c_str());
    if (what_if.shows_before) return ImGui::TextDisabled("Shown: as analysed.");
    const AfterView* const after = state.after();
    if (after == nullptr || what_if.heard_share == 0.0) return ImGui::TextDisabled("listening ...");
    const float room = ImGui::GetContentRegionAvail().x;
    const auto line = [&](int object) {
        const std::string amount = signed_text(what_if.gained_sone_s[object]) + " sone s";
        const float rest = room - ImGui::CalcTextSize(amount.c_str()).x - panel.px(12);
        ImGui::Text("%s  %s", fitted(panel.name_of(object), rest).c_str(), amount.c_str());
    };
    if (state.target >= 0) {
        ImGui::PushFont(panel.interface.bold_font());
        line(state.target);
        ImGui::PopFont();
        explain(panel, "What is heard more of the selected target, over all time: partial loudness.");
    }
    const std::vector<double>& gained = what_if.gained_sone_s;
    const int loser = static_cast<int>(std::min_element(gained.begin(), gained.end()) - gained.begin());
    if (!gained.empty() && gained[loser] < -0.005 && loser != state.target) {
        line(loser);
        explain(panel, "Who loses most.");
    }
    ImGui::Text("All clashes %s, then %s sone s", sone_text(sum_of(after->before.clash)).c_str(),
                sone_text(sum_of(after->view.clash)).c_str());
    if (what_if.heard_share < 1.0)
        ImGui::TextDisabled("from %s of the time", share_text(what_if.heard_share).c_str());
}

void show_changes(const Panel& panel) {
    const std::vector<MixChange>& changes = panel.state.what_if.now.changes;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        ImGui::PushID(static_cast<int>(i));
        if (ImGui::SmallButton("x")) panel.ask({"remove-change", std::to_string(i + 1)});
        explain(panel, "Forget this change.");
        ImGui::SameLine();
        const std::string text = change_text(changes[i]);
        const float room =
            ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(text.c_str()).x - panel.px(16);
        const std::string& name = track_name(panel, changes[i].object);
        const std::string label = fitted(name, room) + "  " + text;
        if (ImGui::Selectable(label.c_str(), changes[i].object == tried_track(panel.state)))
            panel.ask({"try", name});
        explain(panel, name + ": " + text);
        ImGui::PopID();
    }
    ImGui::PushTextWrapPos(0.0F);
    if (changes.empty()) ImGui::TextDisabled("No change yet. Move a slider, or drag a bell in the spectrum.");
    if (!panel.state.what_if.said.empty()) ImGui::TextUnformatted(panel.state.what_if.said.c_str());
    ImGui::TextDisabled(
        "An estimate from the analysed excitation. Margins are worked out for the selected target; "
        "other lanes, dimmed, stay as analysed. Space plays the mix with the changes, b goes to the mix "
        "without.");
    ImGui::PopTextWrapPos();
}

}  // namespace

void show_what_if(const Panel& panel, const Rect& where) {
    ImGui::SetNextWindowPos(where.corner());
    ImGui::SetNextWindowSize({where.width(), where.height()});
    ImGui::Begin("what if", nullptr, part_flags & ~ImGuiWindowFlags_NoScrollWithMouse);
    show_buttons(panel);
    const float room = ImGui::GetContentRegionAvail().x;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {panel.px(6), panel.px(3)});
    ImGui::BeginChild("controls", {std::clamp(0.5F * room, panel.px(150), panel.px(360)), 0.0F});
    show_controls(panel);
    ImGui::EndChild();
    ImGui::SameLine(0.0F, panel.px(12));
    ImGui::BeginChild("outcome");
    show_win(panel);
    show_changes(panel);
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::End();
}

}  // namespace tutti::viewer
