#include "viewer/action.hpp"

#include "engine/errors.hpp"
#include "host/text.hpp"

namespace tutti::viewer {

void perform(State& state, const Action& action) {
    TUTTI_CHECK(!action.empty());
    std::vector<std::string> names;
    for (const ActionKind& kind : action_kinds()) {
        names.emplace_back(kind.name);
        if (action.front() != kind.name) continue;
        const int count = static_cast<int>(action.size()) - 1;
        if (count < kind.fewest || count > kind.most) {
            throw InputError(action.front() + " takes " +
                             (kind.most == 0 ? std::string("no arguments") : std::string(kind.arguments)));
        }
        State changed = state;
        kind.apply(changed, action);
        state = std::move(changed);
        return;
    }
    const std::string near = nearest_word(action.front(), names);
    throw InputError("there is no action " + in_quotes(action.front()) +
                     (near.empty() ? std::string() : "; did you mean " + near + "?"));
}

}  // namespace tutti::viewer
