#include <algorithm>
#include <cmath>

#include "engine/masking_model.hpp"
#include "viewer/action.hpp"
#include "viewer/action_arguments.hpp"

namespace tutti::viewer {

namespace {

using Kind = MixChange::Kind;

void find_session(State& state) {
    WhatIf& what_if = state.what_if;
    if (what_if.session) return;
    what_if.session_problem.clear();
    try {
        const std::filesystem::path file = session_of(state);
        what_if.session =
            std::make_shared<const Session>(parse_session(read_session_text(file), file, false));
    } catch (const InputError& error) {
        what_if.session_problem = error.what();
    }
}

void open_what_if(State& state) {
    shown_view(state);
    state.what_if.is_open = true;
    find_session(state);
}

int track_of(const State& state, const std::string& name) {
    shown_view(state);
    const int object = object_of(state.report->tracks(), name);
    if (object < 0) throw InputError("nobody cannot be changed: name a track");
    return object;
}

double within(const std::string& word, double low, double high, const char* what) {
    const double number = number_of(word);
    if (number < low || number > high) {
        throw InputError(word + ": " + what + " is from " + argument(low) + " to " + argument(high));
    }
    return number;
}

bool does_nothing(const MixChange& change) {
    if (change.kind == Kind::bell) return change.bell.gain_db == 0.0;
    return change.kind == Kind::gain ? change.gain_db == 0.0 : change.pan == change.pan_from;
}

/// What does nothing stays while it is held: a drag may lead through it.
void tidy(Attempt& attempt) { std::erase_if(attempt.changes, does_nothing); }

void become(State& state, Attempt attempt) {
    WhatIf& what_if = state.what_if;
    if (!what_if.held) tidy(attempt);
    open_what_if(state);
    what_if.shows_before = false;
    what_if.said.clear();
    if (attempt == what_if.now) return;
    if (!what_if.held) {
        what_if.undoable.push_back(what_if.now);
        what_if.redoable.clear();
    }
    what_if.now = std::move(attempt);
}

void set_change(State& state, const MixChange& change) {
    Attempt attempt = state.what_if.now;
    const auto found = std::find_if(attempt.changes.begin(), attempt.changes.end(), [&](const MixChange& c) {
        return c.object == change.object && c.kind == change.kind;
    });
    if (found != attempt.changes.end()) {
        *found = change;
    } else {
        attempt.changes.push_back(change);
    }
    become(state, std::move(attempt));
    state.what_if.object = change.object;
}

void set_bell(State& state, const Action& action) {
    MixChange change;
    change.object = track_of(state, action[1]);
    change.bell.freq_hz = within(action[2], lowest_shown_hz, highest_shown_hz, "a bell's frequency in Hz");
    change.bell.gain_db = within(action[3], -greatest_tried_db, greatest_tried_db, "a bell's gain in dB");
    change.bell.q = within(action[4], least_tried_q, greatest_tried_q, "a bell's Q");
    set_change(state, change);
}

void set_gain(State& state, const Action& action) {
    MixChange change;
    change.kind = Kind::gain;
    change.object = track_of(state, action[1]);
    change.gain_db = within(action[2], -greatest_tried_db, greatest_tried_db, "a fader's change in dB");
    set_change(state, change);
}

void set_pan(State& state, const Action& action) {
    const int object = track_of(state, action[1]);
    const double pan = within(action[2], -1.0, 1.0, "a pan");
    MixChange change;
    if (const MixChange* const before = change_of(state.what_if.now, object, Kind::pan)) {
        change = *before;
    } else {
        find_session(state);
        if (!state.what_if.session) throw InputError(state.what_if.session_problem);
        change = pan_of(state.report->results(), *state.what_if.session, object);
    }
    change.pan = pan;
    set_change(state, change);
}

/// The number of something of which there are so many, from 0.
std::size_t index_of(const std::string& word, std::size_t count, const char* what) {
    const double number = number_of(word);
    if (!(number >= 1.0 && number <= static_cast<double>(count) && number == std::floor(number))) {
        throw InputError(std::string("there is no ") + what + " number " + word + "; there are " +
                         std::to_string(count));
    }
    return static_cast<std::size_t>(number) - 1;
}

/// The sentence is jumped to, and the first who hides the target is cut there.
void try_sentence(State& state, const Action& action) {
    const ReportView& view = shown_view(state);
    if (!view.is_of_tracks) throw InputError("only tracks can be changed: show the clashes between tracks");
    const ClashEvent& event = view.events[index_of(action[1], view.events.size(), "sentence")];
    if (event.maskers.empty()) throw InputError("nobody is to blame for that");
    show_marked(state, event.target, event.maskers.front().object,
                {event.from_s, event.to_s, hz_to_cam(event.low_hz), hz_to_cam(event.high_hz)});
    set_change(state, first_cut(event));
}

/// What the report suggests is done, and whom it helps is shown.
void try_suggestion(State& state, const Action& action) {
    shown_view(state);
    const std::vector<Suggestion>& all = state.report->suggestions();
    const Suggestion& suggestion = all[index_of(action[1], all.size(), "suggestion")];
    find_session(state);
    const MixChange change =
        change_of_suggestion(state.report->results(), state.what_if.session.get(), suggestion);
    state.subject = Subject::tracks;
    state.matrix_part.reset();
    show_marked(
        state, suggestion.other, suggestion.object,
        {suggestion.from_s, suggestion.to_s, hz_to_cam(suggestion.low_hz), hz_to_cam(suggestion.high_hz)});
    set_change(state, change);
}

void set_playback(State& state, const Action& action) {
    Attempt attempt = state.what_if.now;
    attempt.playback_db =
        within(action[1], -greatest_tried_db, greatest_tried_db, "a change of playback in dB");
    shown_view(state);
    become(state, std::move(attempt));
}

void remove_change(State& state, const Action& action) {
    shown_view(state);
    Attempt attempt = state.what_if.now;
    const std::size_t index = index_of(action[1], attempt.changes.size(), "change");
    attempt.changes.erase(attempt.changes.begin() + static_cast<std::ptrdiff_t>(index));
    become(state, std::move(attempt));
}

void end_drag(State& state) {
    WhatIf& what_if = state.what_if;
    if (!what_if.held) return;
    const Attempt before = *what_if.held;
    what_if.held.reset();
    tidy(what_if.now);
    if (what_if.now == before) return;
    what_if.undoable.push_back(before);
    what_if.redoable.clear();
}

/// Takes the last of one stack; what is now goes onto the other.
void step(State& state, std::vector<Attempt> WhatIf::*from, std::vector<Attempt> WhatIf::*to,
          const char* what) {
    shown_view(state);
    WhatIf& what_if = state.what_if;
    end_drag(state);
    if ((what_if.*from).empty()) throw InputError(std::string("there is nothing to ") + what);
    open_what_if(state);
    (what_if.*to).push_back(std::move(what_if.now));
    what_if.now = std::move((what_if.*from).back());
    (what_if.*from).pop_back();
    what_if.shows_before = false;
    what_if.said.clear();
}

void compare(State& state, bool shows_before) {
    open_what_if(state);
    state.what_if.shows_before = shows_before;
}

/// Beside the session, under a name that is not taken.
std::filesystem::path free_name(const std::filesystem::path& session) {
    std::error_code ignored;
    for (int i = 1;; ++i) {
        const std::string more = i == 1 ? "" : "-" + std::to_string(i);
        std::filesystem::path file =
            session.parent_path() / (session.stem().string() + "-what-if" + more + ".toml");
        if (!std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) return file;
    }
}

void write_session(State& state, const Action& action) {
    shown_view(state);
    const MaskingResults& results = state.report->results();
    const std::filesystem::path file =
        action.size() > 1 ? std::filesystem::path(action[1]) : free_name(results.session_file);
    write_changed_session(results, state.what_if.now.changes, file);
    state.what_if.said = "Written: " + printable(file.string());
}

}  // namespace

const MixChange* change_of(const Attempt& attempt, int object, MixChange::Kind kind) {
    for (const MixChange& change : attempt.changes) {
        if (change.object == object && change.kind == kind) return &change;
    }
    return nullptr;
}

int tried_track(const State& state) {
    if (!state.report) return -1;
    if (state.what_if.object >= 0) return state.what_if.object;
    if (state.subject != Subject::tracks) return -1;
    return state.masker >= 0 ? state.masker : state.target;
}

std::vector<ActionKind> what_if_actions() {
    return {
        {"what-if", "on|off", "try changes; off: show the report as it was, and keep them", 1, 1,
         [](State& s, const Action& a) {
             if (on_or_off(a[1])) return open_what_if(s);
             end_drag(s);
             s.what_if.is_open = false;
         }},
        {"try", "TRACK", "whose controls are shown", 1, 1,
         [](State& s, const Action& a) {
             const int object = track_of(s, a[1]);
             open_what_if(s);
             s.what_if.object = object;
         }},
        {"bell", "TRACK HZ DB Q", "try a bell; one per track, 0 dB: none", 4, 4, set_bell},
        {"gain", "TRACK DB", "try another fader, so much higher; 0: as it is", 2, 2, set_gain},
        {"pan", "TRACK PAN", "try another pan, from -1 to 1", 2, 2, set_pan},
        {"try-sentence", "NUMBER", "cut whoever a sentence says hides most, where it says", 1, 1,
         try_sentence},
        {"try-suggestion", "NUMBER", "try what the report suggests", 1, 1, try_suggestion},
        {"playback", "DB", "hear all of it so much louder", 1, 1, set_playback},
        {"remove-change", "NUMBER", "forget one of the changes", 1, 1, remove_change},
        {"begin-drag", "", "changes until end-drag are one to undo", 0, 0,
         [](State& s, const Action&) {
             end_drag(s);
             s.what_if.held = std::make_shared<const Attempt>(s.what_if.now);
         }},
        {"end-drag", "", "see begin-drag", 0, 0, [](State& s, const Action&) { end_drag(s); }},
        {"undo", "", "take the last change back", 0, 0,
         [](State& s, const Action&) { step(s, &WhatIf::undoable, &WhatIf::redoable, "undo"); }},
        {"redo", "", "do it again", 0, 0,
         [](State& s, const Action&) { step(s, &WhatIf::redoable, &WhatIf::undoable, "redo"); }},
        {"before", "", "show what was, while changes are tried", 0, 0,
         [](State& s, const Action&) { compare(s, true); }},
        {"after", "", "show what the changes do", 0, 0, [](State& s, const Action&) { compare(s, false); }},
        {"write-session", "[FILE]", "write a session with the changes, beside the original", 0, 1,
         write_session},
    };
}

}  // namespace tutti::viewer
