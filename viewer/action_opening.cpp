#include "viewer/action.hpp"
#include "viewer/action_arguments.hpp"
#include "viewer/analysis.hpp"

namespace tutti::viewer {

namespace {

void open(State& state, const Action& action) {
    state.opener_shown = false;
    state.problem.clear();
    state.note.clear();
    std::error_code error;
    if (action.size() == 2 && std::filesystem::is_regular_file(action[1], error)) {
        state.analysing = Analysing{action[1], report_folder_for(action[1]), true};
        return;
    }
    state.opening = action[1];
    state.opening_session = action.size() > 2 ? action[2] : "";
}

void analyse(State& state, const Action& action) {
    if (state.analysing) throw InputError("an analysis is under way; cancel it first");
    state.opener_shown = false;
    state.problem.clear();
    state.note.clear();
    state.listening.is_playing = false;
    const std::filesystem::path folder =
        action.size() > 2 ? std::filesystem::path(action[2]) : report_folder_for(action[1]);
    state.analysing = Analysing{action[1], folder, false};
}

}  // namespace

std::vector<ActionKind> opening_actions() {
    return {
        {"open", "REPORT [SESSION] | SESSION",
         "show a masking report, whose session may have moved; or a session, by the report beside it", 1, 2,
         open},
        {"analyse", "SESSION [FOLDER]", "listen to a session, write its report and show it", 1, 2, analyse},
        {"cancel", "", "stop the analysis", 0, 0,
         [](State& s, const Action&) {
             if (s.analysing) s.analysing->is_cancelled = true;
         }},
        {"back", "", "from what went wrong to the report that is open", 0, 0,
         [](State& s, const Action&) { s.problem.clear(); }},
    };
}

}  // namespace tutti::viewer
