#include <algorithm>

#include "engine/masking_model.hpp"
#include "viewer/action.hpp"
#include "viewer/action_arguments.hpp"
#include "viewer/rows.hpp"

namespace tutti::viewer {

namespace {

constexpr double least_shown_rows = 3.0;

/// A range of at least `least`, moved into the limits where it can be.
void fit(double& from, double& to, double least, double low, double high) {
    if (from > to) std::swap(from, to);
    const double length = std::clamp(to - from, std::min(least, high - low), high - low);
    const double middle = 0.5 * (from + to);
    from = std::clamp(middle - 0.5 * length, low, high - length);
    to = from + length;
}

void show(State& state, const Stretch& wanted) {
    const Stretch all = everything(*state.report);
    Stretch shown = wanted;
    fit(shown.from_s, shown.to_s, least_shown_s, all.from_s, all.to_s);
    fit(shown.low_cam, shown.high_cam, least_shown_cam, all.low_cam, all.high_cam);
    state.shown = shown;
}

/// After a change of what the rows are.
void forget_matrix_part(State& state) { state.matrix_part.reset(); }

void select(State& state, const Action& action) {
    const ReportView& view = shown_view(state);
    const int target = object_of(view, action[1]);
    const int masker = action.size() > 2 ? object_of(view, action[2]) : -1;
    state.target = target;
    state.masker = masker;
    state.what_if.object = -1;
}

/// The target of the first sentence, where most people want to begin, and who hides it most.
void select_first(State& state) {
    const std::vector<ClashEvent>& events = state.view()->events;
    state.target = events.empty() ? -1 : events.front().target;
    state.masker =
        events.empty() || events.front().maskers.empty() ? -1 : events.front().maskers.front().object;
    state.cursor.reset();
    state.region.reset();
    if (events.empty()) return;
    const ClashEvent& event = events.front();
    state.cursor =
        Cursor{0.5 * (event.from_s + event.to_s), 0.5 * (hz_to_cam(event.low_hz) + hz_to_cam(event.high_hz))};
}

void set_subject(State& state, const Action& action) {
    const auto subject =
        choice_of<Subject>(action[1], {{"tracks", Subject::tracks}, {"groups", Subject::groups}});
    shown_view(state);
    if (subject == state.subject) return;
    state.what_if.object = -1;
    state.subject = subject;
    select_first(state);
    state.listing = Listing::all;
    forget_matrix_part(state);
}

void zoom_time(State& state, const Action& action) {
    shown_view(state);
    Stretch wanted = state.shown;
    wanted.from_s = number_of(action[1]);
    wanted.to_s = number_of(action[2]);
    show(state, wanted);
}

void zoom_bands(State& state, const Action& action) {
    shown_view(state);
    Stretch wanted = state.shown;
    wanted.low_cam = cam_of(action[1]);
    wanted.high_cam = cam_of(action[2]);
    show(state, wanted);
}

void set_cursor(State& state, const Action& action) {
    shown_view(state);
    if (action.size() == 2) {
        if (action[1] != "none") throw InputError("cursor takes a time and a frequency, or none");
        state.cursor.reset();
        return;
    }
    const Stretch all = everything(*state.report);
    state.cursor = Cursor{std::clamp(number_of(action[1]), all.from_s, all.to_s), cam_of(action[2])};
}

void set_region(State& state, const Action& action) {
    shown_view(state);
    if (action.size() == 2) {
        if (action[1] != "none") throw InputError("region takes two times and two frequencies, or none");
        state.region.reset();
        return;
    }
    if (action.size() != 5) throw InputError("region takes two times and two frequencies, or none");
    const Stretch all = everything(*state.report);
    const auto [from, to] = std::minmax({number_of(action[1]), number_of(action[2])});
    const auto [low, high] = std::minmax({cam_of(action[3]), cam_of(action[4])});
    state.region =
        Stretch{std::clamp(from, all.from_s, all.to_s), std::clamp(to, all.from_s, all.to_s), low, high};
}

/// A part of the matrix, at least three rows each way; all of it where that is no part.
void show_matrix(State& state, const Action& action) {
    shown_view(state);
    if (action.size() == 2 && action[1] == "all") {
        state.matrix_part.reset();
        return;
    }
    if (action.size() != 5) throw InputError("matrix takes four row numbers, or all");
    const auto count = static_cast<double>(arrange_rows(state).rows.size());
    MatrixPart part{number_of(action[1]), number_of(action[2]), number_of(action[3]), number_of(action[4])};
    fit(part.first_target, part.last_target, least_shown_rows, 0.0, count);
    fit(part.first_masker, part.last_masker, least_shown_rows, 0.0, count);
    const double least = std::min(part.last_target - part.first_target, part.last_masker - part.first_masker);
    state.matrix_part = part;
    if (least >= count) state.matrix_part.reset();
}

/// Shows the event with something around it, and marks it.
void jump(State& state, const Action& action) {
    const ReportView& view = shown_view(state);
    const double number = number_of(action[1]);
    if (!(number >= 1.0 && number <= static_cast<double>(view.events.size()))) {
        throw InputError("there is no sentence number " + action[1] + "; there are " +
                         std::to_string(view.events.size()));
    }
    const ClashEvent& event = view.events[static_cast<std::size_t>(number) - 1];
    show_marked(state, event.target, event.maskers.empty() ? -1 : event.maskers.front().object,
                {event.from_s, event.to_s, hz_to_cam(event.low_hz), hz_to_cam(event.high_hz)});
}

void set_filter(State& state, const ClashFilter& filter, const std::string& text) {
    state.filter = filter;
    state.filter_text = text;
    state.filter_problem.clear();
}

void filter_by_text(State& state, const Action& action) {
    shown_view(state);
    set_filter(state, parse_clash_filter(action[1], state.report->results()), action[1]);
}

/// The box in the heatmap becomes the filter's time and frequencies.
void filter_by_region(State& state, const Action& /*action*/) {
    shown_view(state);
    if (!state.region) throw InputError("filter-region needs a region: drag a box in the heatmap");
    const ClashFilter filter = clash_filter_of(*state.region, state.filter.least_hidden);
    set_filter(state, filter, clash_filter_text(filter));
}

void set_split(State& state, const Action& action) {
    using Split = std::optional<double> Splits::*;
    const Split split = choice_of<Split>(
        action[1], {{"middle", &Splits::middle}, {"list", &Splits::list}, {"lanes", &Splits::lanes}});
    if (action[2] == "auto") {
        state.splits.*split = std::nullopt;
    } else {
        state.splits.*split = std::clamp(number_of(action[2]), least_split, 1.0 - least_split);
    }
}

void collapse(State& state, const Action& action) {
    const ReportView& view = shown_view(state);
    const auto is_member = [&](const MaskingObject& object) { return object.group == action[1]; };
    if (!std::any_of(view.view->objects.begin(), view.view->objects.end(), is_member)) {
        throw InputError("there is no group " + in_quotes(action[1]));
    }
    state.collapsed.insert(action[1]);
    forget_matrix_part(state);
}

void collapse_all(State& state, const Action& /*action*/) {
    for (const MaskingObject& object : shown_view(state).view->objects) {
        state.collapsed.insert(object.group);
    }
    forget_matrix_part(state);
}

std::vector<ActionKind> with_more(std::vector<ActionKind> kinds) {
    for (const std::vector<ActionKind>& more : {opening_actions(), listening_actions(), what_if_actions()})
        kinds.insert(kinds.end(), more.begin(), more.end());
    return kinds;
}

}  // namespace

Stretch everything(const Report& report) {
    return {report.results().from_s, report.end_s(), hz_to_cam(lowest_shown_hz), hz_to_cam(highest_shown_hz)};
}

void show_report(State& state, std::shared_ptr<const Report> report) {
    State fresh;
    fresh.theme = state.theme;
    fresh.recent = state.recent;
    fresh.splits = state.splits;
    fresh.order = state.order;
    fresh.listening.sound = state.listening.sound;
    fresh.listening.loops = state.listening.loops;
    fresh.listening.session = state.opening_session;
    fresh.note = state.note;
    fresh.shown = everything(*report);
    fresh.report = std::move(report);
    state = std::move(fresh);
    select_first(state);
}

void show_marked(State& state, int target, int masker, const Stretch& marked) {
    state.target = target;
    state.masker = masker;
    state.shade = Shade::margin;
    state.region = marked;
    state.cursor = Cursor{0.5 * (marked.from_s + marked.to_s), 0.5 * (marked.low_cam + marked.high_cam)};
    const double around_s = std::max(5.0, marked.to_s - marked.from_s);
    const double around_cam = std::max(4.0, marked.high_cam - marked.low_cam);
    show(state, {marked.from_s - around_s, marked.to_s + around_s, marked.low_cam - around_cam,
                 marked.high_cam + around_cam});
}

void refuse_filter(State& state, const std::string& text, const std::string& why) {
    set_filter(state, {}, text);
    state.filter_problem = why;
}

const std::vector<ActionKind>& action_kinds() {
    static const std::vector<ActionKind> kinds = with_more({
        {"select", "TARGET [MASKER]", "who is hidden, and by whom; - is nobody", 1, 2, select},
        {"subject", "tracks|groups", "what clashes are shown between", 1, 1, set_subject},
        {"shade", "margin|loudness|harm", "what the heatmap's colours mean", 1, 1,
         [](State& s, const Action& a) {
             s.shade = choice_of<Shade>(
                 a[1], {{"margin", Shade::margin}, {"loudness", Shade::loudness}, {"harm", Shade::harm}});
         }},
        {"time", "FROM_S TO_S", "the time that is shown", 2, 2, zoom_time},
        {"bands", "LOW_HZ HIGH_HZ", "the frequencies that are shown", 2, 2, zoom_bands},
        {"everything", "", "all time and all frequencies", 0, 0,
         [](State& s, const Action&) {
             shown_view(s);
             s.shown = everything(*s.report);
         }},
        {"cursor", "TIME_S HZ | none", "where the spectrum is taken", 1, 2, set_cursor},
        {"region", "FROM_S TO_S LOW_HZ HIGH_HZ | none", "of which numbers are shown", 1, 4, set_region},
        {"jump", "NUMBER", "to the clash that a sentence is about", 1, 1, jump},
        {"order", "group|weight|session", "of rows and lanes", 1, 1,
         [](State& s, const Action& a) {
             s.order = choice_of<Order>(
                 a[1], {{"group", Order::group}, {"weight", Order::weight}, {"session", Order::session}});
             forget_matrix_part(s);
         }},
        {"matrix", "FIRST_TARGET LAST_TARGET FIRST_MASKER LAST_MASKER | all", "the rows that are shown", 1, 4,
         show_matrix},
        {"collapse", "GROUP", "show a group as one row", 1, 1, collapse},
        {"expand", "GROUP", "show a group's tracks again", 1, 1,
         [](State& s, const Action& a) {
             s.collapsed.erase(a[1]);
             forget_matrix_part(s);
         }},
        {"collapse-all", "", "show every group as one row", 0, 0, collapse_all},
        {"expand-all", "", "show all tracks", 0, 0,
         [](State& s, const Action&) {
             s.collapsed.clear();
             forget_matrix_part(s);
         }},
        {"search", "TEXT", "keep to tracks and groups whose names hold a text", 1, 1,
         [](State& s, const Action& a) {
             s.search = a[1];
             forget_matrix_part(s);
         }},
        {"list", "all|target|pair|suggestions", "which sentences are listed", 1, 1,
         [](State& s, const Action& a) {
             s.listing = choice_of<Listing>(a[1], {{"all", Listing::all},
                                                   {"target", Listing::target},
                                                   {"pair", Listing::pair},
                                                   {"suggestions", Listing::suggestions}});
         }},
        {"filter", "TEXT", "keep to sentences that touch a time and frequencies: 0:48-1:12, 1-4 kHz, 50 %", 1,
         1, filter_by_text},
        {"filter-region", "", "keep to sentences that touch the region", 0, 0, filter_by_region},
        {"theme", "dark|light", "colours", 1, 1,
         [](State& s, const Action& a) {
             s.theme = choice_of<Theme>(a[1], {{"dark", Theme::dark}, {"light", Theme::light}});
         }},
        {"split", "middle|list|lanes SHARE | auto", "where panels meet", 2, 2, set_split},
        {"keys", "on|off", "the list of keys", 1, 1,
         [](State& s, const Action& a) { s.keys_shown = on_or_off(a[1]); }},
        {"opener", "on|off", "the box that asks for a report", 1, 1,
         [](State& s, const Action& a) { s.opener_shown = on_or_off(a[1]); }},
        {"quit", "", "close the viewer", 0, 0, [](State& s, const Action&) { s.wants_to_quit = true; }},
    });
    return kinds;
}

}  // namespace tutti::viewer
