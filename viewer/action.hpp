#pragma once

#include <string>
#include <vector>

#include "viewer/state.hpp"

namespace tutti::viewer {

/// One change of the state, as a line of a script says it: its name and its arguments. A mouse and a script
/// do the same.
using Action = std::vector<std::string>;

/// An action that can be named, for scripts and for the list of keys.
struct ActionKind {
    const char* name;
    const char* arguments;  ///< "TARGET [MASKER]"
    const char* what;
    int fewest;
    int most;
    void (*apply)(State& state, const Action& action);
};

const std::vector<ActionKind>& action_kinds();

/// Some of them: of what is opened and analysed, of what is played, and of what is tried.
std::vector<ActionKind> opening_actions();
std::vector<ActionKind> listening_actions();
std::vector<ActionKind> what_if_actions();

/// Changes the state. Throws InputError with what is wrong and what is allowed: an unknown action, a name
/// that no track has, a number that is none. The state is then as it was.
void perform(State& state, const Action& action);

/// A line of a script: words, those with spaces or empty ones in double quotes. Throws InputError.
Action parse_action(const std::string& line);
std::string action_text(const Action& action);

/// Shows a report that has been read, from the start.
void show_report(State& state, std::shared_ptr<const Report> report);

/// Shows a stretch with something around it, and marks it: margins of the target, who is hidden.
void show_marked(State& state, int target, int masker, const Stretch& marked);

/// What has been typed so far is no filter: all is kept, and why is said beside it.
void refuse_filter(State& state, const std::string& text, const std::string& why);

/// A number as actions carry it.
std::string argument(double number);

}  // namespace tutti::viewer
