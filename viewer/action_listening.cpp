#include "viewer/action.hpp"
#include "viewer/action_arguments.hpp"

namespace tutti::viewer {

namespace {

void hear(State& state, const std::string& word) {
    shown_view(state);
    const auto sound = choice_of<Sound>(word, {{"mix", Sound::mix},
                                               {"target", Sound::target},
                                               {"pair", Sound::pair},
                                               {"difference", Sound::difference}});
    if (sound != Sound::mix && state.target < 0) throw InputError(word + " needs a target: select one");
    const bool needs_masker = sound == Sound::pair || sound == Sound::difference;
    if (needs_masker && state.masker < 0) throw InputError(word + " needs a masker: select a pair");
    state.listening.sound = sound;
}

void play(State& state, const Action& action) {
    shown_view(state);
    if (action.size() > 1) hear(state, action[1]);
    state.listening.is_playing = true;
}

}  // namespace

std::filesystem::path session_of(const State& state) {
    return state.listening.session.empty() ? std::filesystem::path(state.report->results().session_file)
                                           : state.listening.session;
}

std::vector<ActionKind> listening_actions() {
    return {
        {"play", "[mix|target|pair|difference]", "what is heard, from the cursor or the loop's begin", 0, 1,
         play},
        {"stop", "", "stop playing", 0, 0, [](State& s, const Action&) { s.listening.is_playing = false; }},
        {"hear", "mix|target|pair|difference",
         "the mix, the target alone, with the masker, or the mix without the masker", 1, 1,
         [](State& s, const Action& a) { hear(s, a[1]); }},
        {"loop", "on|off", "play the region, or what is shown of the time, over and over", 1, 1,
         [](State& s, const Action& a) { s.listening.loops = on_or_off(a[1]); }},
        {"session", "FILE", "where the session of the report is now, to be played", 1, 1,
         [](State& s, const Action& a) {
             shown_view(s);
             s.listening.session = a[1];
             s.listening.problem.clear();
             s.listening.is_problem_shown = false;
         }},
        {"trouble", "on|off", "why nothing can be played", 1, 1,
         [](State& s, const Action& a) { s.listening.is_problem_shown = on_or_off(a[1]); }},
    };
}

}  // namespace tutti::viewer
