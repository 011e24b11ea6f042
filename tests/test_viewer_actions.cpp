#include <catch2/catch.hpp>

#include "engine/errors.hpp"
#include "engine/masking_model.hpp"
#include "tests/viewer_report.hpp"
#include "viewer/action.hpp"
#include "viewer/rows.hpp"
#include "viewer/state_text.hpp"

using namespace tutti;
using namespace tutti::viewer;
using Catch::Matchers::Contains;

namespace {

State opened() {
    State state;
    show_report(state, tests::small_report());
    return state;
}

void act(State& state, const std::string& line) { perform(state, parse_action(line)); }

/// Why the line cannot be done; the state has to stay as it was.
std::string refusal(const State& before, const std::string& line) {
    State state = before;
    try {
        act(state, line);
    } catch (const InputError& error) {
        CHECK(state_text(state) == state_text(before));
        return error.what();
    }
    return "it was done";
}

}  // namespace

TEST_CASE("a line of a script says the same when it is written and read again") {
    for (const Action& action : {Action{"select", "Lead Vox", "Gtr \"L\""}, Action{"search", ""},
                                 Action{"open", "a\\b c#d"}, Action{"quit"}, Action{"search", "Bläser"}}) {
        CAPTURE(action_text(action));
        CHECK(parse_action(action_text(action)) == action);
    }
    CHECK(parse_action("  select\t\"Lead Vox\"  # who").size() == 2);
    CHECK(parse_action("# nothing").empty());
    CHECK_THROWS_AS(parse_action("select \"Lead"), InputError);
}

TEST_CASE("a report begins with the target of its first sentence, all of it shown") {
    const State state = opened();
    const ReportView& view = *state.view();
    REQUIRE_FALSE(view.events.empty());
    CHECK(state.target == view.events.front().target);
    CHECK(state.masker == view.events.front().maskers.front().object);
    CHECK(state.shown.from_s == 0.0);
    CHECK(state.shown.to_s == Approx(40.0));
    CHECK(cam_to_hz(state.shown.low_cam) == Approx(20.0));
    CHECK(cam_to_hz(state.shown.high_cam) == Approx(20000.0));
    CHECK(view.sentences.size() == view.events.size());
}

TEST_CASE("selecting names a target and a masker, or nobody") {
    State state = opened();
    act(state, "select \"Lead Vox\" \"Pad 1\"");
    CHECK_THAT(state_text(state), Contains("target: Lead Vox\nmasker: Pad 1\n"));
    act(state, "select Kick");
    CHECK_THAT(state_text(state), Contains("target: Kick\nmasker: -\n"));
    CHECK_THAT(refusal(state, "select \"Lead Vx\""), Contains("did you mean \"Lead Vox\"?"));
    CHECK_THAT(refusal(state, "select"), Contains("TARGET [MASKER]"));
}

TEST_CASE("zooming keeps to what there is and to what can still be read") {
    State state = opened();
    act(state, "time 10 20");
    CHECK(state.shown.from_s == Approx(10.0));
    CHECK(state.shown.to_s == Approx(20.0));
    act(state, "time -50 5000");
    CHECK(state.shown.from_s == Approx(0.0));
    CHECK(state.shown.to_s == Approx(40.0));
    act(state, "time 39.9 39.9");
    CHECK(state.shown.to_s - state.shown.from_s == Approx(least_shown_s));
    CHECK(state.shown.to_s <= 40.0 + 1e-9);
    act(state, "time 45 55");  // beyond the end: moved, not cut
    CHECK(state.shown.from_s == Approx(30.0));
    act(state, "bands 1000 4000");
    CHECK(cam_to_hz(state.shown.low_cam) == Approx(1000.0));
    CHECK(cam_to_hz(state.shown.high_cam) == Approx(4000.0));
    act(state, "everything");
    CHECK(cam_to_hz(state.shown.high_cam) == Approx(20000.0));
    CHECK_THAT(refusal(state, "time 1 x"), Contains("\"x\" is no number"));
    CHECK_THAT(refusal(state, "time nan 3"), Contains("is no number"));
}

TEST_CASE("a sentence leads to its pair, its bands and its time") {
    State state = opened();
    for (std::size_t i = 0; i < state.view()->events.size(); ++i) {
        act(state, "jump " + std::to_string(i + 1));
        const ClashEvent& event = state.view()->events[i];
        CHECK(state.target == event.target);
        REQUIRE(state.region);
        CHECK(state.region->from_s == event.from_s);
        CHECK(state.region->to_s == event.to_s);
        CHECK(cam_to_hz(state.region->high_cam) == Approx(event.high_hz));
        CHECK(state.shown.from_s <= event.from_s);
        CHECK(state.shown.to_s >= event.to_s);
        REQUIRE(state.cursor);
        CHECK(state.cursor->time_s >= event.from_s);
        CHECK(state.cursor->time_s <= event.to_s);
    }
    CHECK_THAT(refusal(state, "jump 0"), Contains("there is no sentence number 0"));
    CHECK_THAT(refusal(state, "jump 100000"), Contains("there is no sentence"));
}

TEST_CASE("groups fold into one row each and unfold again") {
    State state = opened();
    const std::size_t all = arrange_rows(state).rows.size();
    CHECK(all == 16);
    act(state, "collapse Drums");
    const RowList folded = arrange_rows(state);
    CHECK(folded.rows.size() < all);
    const auto drums = std::find_if(folded.rows.begin(), folded.rows.end(),
                                    [](const Row& row) { return row.name == "Drums"; });
    REQUIRE(drums != folded.rows.end());
    CHECK(drums->is_group);
    CHECK(drums->objects.size() == all - folded.rows.size() + 1);
    act(state, "collapse-all");
    CHECK(arrange_rows(state).rows.size() == 8);
    act(state, "expand Drums");
    CHECK(arrange_rows(state).rows.size() == 8 + drums->objects.size() - 1);
    act(state, "expand-all");
    CHECK(arrange_rows(state).rows.size() == all);
    CHECK_THAT(refusal(state, "collapse Drum"), Contains("there is no group \"Drum\""));
}

TEST_CASE("clashes of folded rows are the sums of their tracks'") {
    State state = opened();
    const ReportView& view = *state.view();
    const auto sum = [&] {
        double total = 0.0;
        for (const double clash : row_clashes(view, arrange_rows(state).rows)) total += clash;
        return total;
    };
    const double unfolded = sum();
    CHECK(unfolded > 0.0);
    act(state, "collapse-all");
    CHECK(sum() == Approx(unfolded).epsilon(1e-12));
}

TEST_CASE("rows are ordered by group, by clashes or as in the session, and searched") {
    State state = opened();
    const ReportView& view = *state.view();
    std::string last_group;
    std::set<std::string> seen;
    for (const Row& row : arrange_rows(state).rows) {
        if (row.group != last_group) CHECK(seen.insert(row.group).second);  // each group in one piece
        last_group = row.group;
    }
    act(state, "order weight");
    double last = INFINITY;
    for (const Row& row : arrange_rows(state).rows) {
        const ObjectSummary& summary = view.summaries[row.objects.front()];
        CHECK(summary.clash_as_target + summary.clash_as_masker <= last);
        last = summary.clash_as_target + summary.clash_as_masker;
    }
    act(state, "order session");
    int next = 0;
    for (const Row& row : arrange_rows(state).rows) CHECK(row.objects.front() == next++);
    act(state, "search VOX");
    for (const Row& row : arrange_rows(state).rows) {
        CHECK((row.name.find("Vox") != std::string::npos || row.group == "Vocals"));
    }
    act(state, "search nobody");
    CHECK(arrange_rows(state).rows.empty());
    CHECK_THAT(refusal(state, "order loudness"), Contains("allowed are group, weight or session"));
}

TEST_CASE("a part of the matrix stays within it, and goes when the rows change") {
    State state = opened();
    act(state, "matrix 2 8 4 10");
    REQUIRE(state.matrix_part);
    CHECK(state.matrix_part->first_target == 2.0);
    CHECK(state.matrix_part->last_masker == 10.0);
    act(state, "matrix 14 20 -3 3");
    CHECK(state.matrix_part->last_target == 16.0);
    CHECK(state.matrix_part->first_masker == 0.0);
    CHECK(state.matrix_part->last_masker == 6.0);
    act(state, "collapse Drums");
    CHECK_FALSE(state.matrix_part);
    act(state, "matrix -10 100 -10 100");
    CHECK_FALSE(state.matrix_part);
}

TEST_CASE("between groups the selection begins anew") {
    State state = opened();
    act(state, "select Kick Bass");
    act(state, "list pair");
    act(state, "subject groups");
    CHECK(arrange_rows(state).rows.size() == 8);
    CHECK(state.listing == Listing::all);
    REQUIRE(state.target >= 0);
    CHECK(state.target == state.view()->events.front().target);
}

TEST_CASE("regions and cursors can be set and taken away") {
    State state = opened();
    act(state, "region 20 10 3100 1900");  // corners in any order
    REQUIRE(state.region);
    CHECK(state.region->from_s == Approx(10.0));
    CHECK(cam_to_hz(state.region->low_cam) == Approx(1900.0));
    act(state, "region none");
    CHECK_FALSE(state.region);
    act(state, "cursor 1000 5");
    CHECK(state.cursor->time_s == Approx(40.0));
    CHECK(cam_to_hz(state.cursor->cam) == Approx(20.0));
    act(state, "cursor none");
    CHECK_FALSE(state.cursor);
    CHECK_THAT(refusal(state, "region 1 2 3"), Contains("two times and two frequencies"));
}

TEST_CASE("without a report only what needs none can be done") {
    const State empty;
    for (const std::string line : {"select Kick", "time 1 2", "jump 1", "subject groups", "collapse-all",
                                   "everything", "region 1 2 300 400", "cursor 1 300", "matrix all"}) {
        CAPTURE(line);
        CHECK_THAT(refusal(empty, line), Contains("no report is open"));
    }
    State state;
    act(state, "theme light");
    act(state, "keys on");
    act(state, "open somewhere");
    CHECK(state.opening == "somewhere");
    CHECK_THAT(refusal(state, "serch x"), Contains("did you mean search?"));
}
