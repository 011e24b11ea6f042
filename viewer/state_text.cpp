#include "viewer/state_text.hpp"

#include <array>
#include <cstdio>
#include <numeric>

#include "engine/masking_model.hpp"
#include "viewer/blame.hpp"
#include "viewer/listed_sentences.hpp"
#include "viewer/rows.hpp"

namespace tutti::viewer {

namespace {

template <typename... Values>
std::string format(const char* pattern, Values... values) {
    char text[200];
    std::snprintf(text, sizeof text, pattern, values...);
    return text;
}

std::string stretch_text(const Stretch& stretch) {
    return format("%.2f-%.2f s, %.0f-%.0f Hz", stretch.from_s, stretch.to_s, cam_to_hz(stretch.low_cam),
                  cam_to_hz(stretch.high_cam));
}

std::string numbers_text(const State& state) {
    const RegionNumbers numbers = region_numbers(*state.report, *state.view(), state.target, *state.region);
    std::string text = format(
        "plays %.1f s; %.0f %% inaudible, %.0f %% heavily masked, %.0f %% partly masked", numbers.active_s,
        100.0 * numbers.audibility[0], 100.0 * numbers.audibility[1], 100.0 * numbers.audibility[2]);
    for (std::size_t i = 0; i < numbers.maskers.size() && i < 3; ++i) {
        text += "; " + state.view()->view->objects[numbers.maskers[i].object].name +
                format(" %.0f %%", 100.0 * numbers.maskers[i].share);
    }
    return text;
}

std::string name_of(const State& state, int object) {
    return object < 0 ? "-" : state.view()->view->objects[object].name;
}

std::string report_text(const State& state) {
    constexpr std::array subjects = {"tracks", "groups"};
    constexpr std::array shades = {"margin", "loudness", "harm"};
    constexpr std::array orders = {"group", "weight", "session"};
    constexpr std::array listings = {"all", "target", "pair", "suggestions"};
    const RowList rows = arrange_rows(state);
    std::string text;
    const auto line = [&](const char* key, const std::string& value) { text += key + (": " + value) + "\n"; };
    line("report", state.report->folder().string());
    line("session", state.report->results().session_name);
    line("subject", subjects[static_cast<std::size_t>(state.subject)]);
    line("target", name_of(state, state.target));
    line("masker", name_of(state, state.masker));
    line("shade", shades[static_cast<std::size_t>(state.shade)]);
    line("shown", stretch_text(state.shown));
    line("cursor", state.cursor
                       ? format("%.2f s, %.0f Hz", state.cursor->time_s, cam_to_hz(state.cursor->cam))
                       : "none");
    line("region", state.region ? stretch_text(*state.region) : "none");
    if (state.region && state.target >= 0) line("numbers", numbers_text(state));
    line("order", orders[static_cast<std::size_t>(state.order)]);
    line("rows", std::to_string(rows.rows.size()) +
                     (rows.rows.empty() ? std::string() : " from " + rows.rows.front().name));
    line("matrix", state.matrix_part ? format("%.1f-%.1f, %.1f-%.1f", state.matrix_part->first_target,
                                              state.matrix_part->last_target, state.matrix_part->first_masker,
                                              state.matrix_part->last_masker)
                                     : "all");
    line("search", state.search);
    line("list", listings[static_cast<std::size_t>(state.listing)]);
    const std::size_t listed = listed_sentences(state, rows).size();
    line("filter", state.filter.is_empty() ? "none" : clash_filter_text(state.filter));
    if (!state.filter_problem.empty()) line("not taken", state.filter_problem);
    line("sentences", std::to_string(listed) + " of " + std::to_string(state.view()->events.size()));
    return text;
}

std::string listening_text(const State& state) {
    constexpr std::array sounds = {"mix", "target", "pair", "difference"};
    const Listening& listening = state.listening;
    std::string text = std::string("playing: ") + (listening.is_playing ? "on" : "off") + "\n";
    text += std::string("sound: ") + sounds[static_cast<std::size_t>(listening.sound)] + "\n";
    text += std::string("loop: ") + (listening.loops ? "on" : "off") + "\n";
    text += listening.playhead_s ? format("playhead: %.3f s\n", *listening.playhead_s) : "playhead: none\n";
    text += listening.playhead_s ? format("level: %.1f dB\n", listening.level_db) : "";
    if (listening.plays_changes) text += "heard with the changes\n";
    if (!listening.problem.empty()) text += "not played: " + listening.problem + "\n";
    if (listening.is_problem_shown) text += "trouble: on\n";
    return text;
}

double sum_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

std::string what_if_text(const State& state) {
    const WhatIf& what_if = state.what_if;
    std::string text = std::string("what-if: ") + (what_if.is_open ? "on" : "off") + "\n";
    for (const MixChange& change : what_if.now.changes) {
        text += "change: " + state.report->tracks().view->objects[change.object].name + ": " +
                change_text(change) + "\n";
    }
    if (!what_if.is_open) return text;
    text += format("playback: %+.1f dB\n", what_if.now.playback_db);
    text += std::string("compared: ") + (what_if.shows_before ? "before" : "after") + "\n";
    text += "undo: " + std::to_string(what_if.undoable.size()) +
            ", redo: " + std::to_string(what_if.redoable.size()) + "\n";
    if (const AfterView* const after = state.after()) {
        text += format("heard: %.0f %%\n", 100.0 * what_if.heard_share);
        text += format("clashes: %.4g sone s, then %.4g\n", sum_of(after->before.clash),
                       sum_of(after->view.clash));
        if (state.target >= 0) text += format("gained: %+.4g sone s\n", what_if.gained_sone_s[state.target]);
    }
    if (!what_if.said.empty()) text += what_if.said + "\n";
    if (!what_if.problem.empty()) text += "not heard: " + what_if.problem + "\n";
    return text;
}

}  // namespace

std::string state_text(const State& state) {
    std::string text;
    if (!state.problem.empty()) text += "problem: " + state.problem + "\n";
    if (!state.problem_session.empty() && !state.problem.empty())
        text += "would help: " + state.problem_session.string() + "\n";
    if (!state.note.empty()) text += "note: " + state.note + "\n";
    if (state.analysing) text += "analysing: " + state.analysing->session.string() + "\n";
    if (!state.opening.empty()) text += "opening: " + state.opening.string() + "\n";
    text +=
        state.report ? report_text(state) + listening_text(state) + what_if_text(state) : "report: none\n";
    for (const std::filesystem::path& recent : state.recent) text += "recent: " + recent.string() + "\n";
    const auto split = [](const std::optional<double>& share) {
        return share ? format("%.2f", *share) : std::string("auto");
    };
    text += "splits: middle " + split(state.splits.middle) + ", list " + split(state.splits.list) +
            ", lanes " + split(state.splits.lanes) + "\n";
    text += std::string("theme: ") + (state.theme == Theme::dark ? "dark" : "light") + "\n";
    text += std::string("keys: ") + (state.keys_shown ? "on" : "off") + "\n";
    text += std::string("opener: ") + (state.opener_shown ? "on" : "off") + "\n";
    return text;
}

}  // namespace tutti::viewer
