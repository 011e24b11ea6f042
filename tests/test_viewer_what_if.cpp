#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "engine/errors.hpp"
#include "host/half_float.hpp"
#include "host/masking_report.hpp"
#include "tests/audio_files.hpp"
#include "tests/heard_scene.hpp"
#include "tests/masking_session.hpp"
#include "tests/program.hpp"
#include "tests/viewer_report.hpp"
#include "viewer/action.hpp"
#include "viewer/state_text.hpp"
#include "viewer/what_if_worker.hpp"

using namespace tutti;
using namespace tutti::tests;
using namespace tutti::viewer;
using Catch::Matchers::Contains;

namespace {

State opened() {
    State state;
    show_report(state, tests::small_report());
    perform(state, {"select", "Lead Vox", "Pad 1"});
    return state;
}

void act(State& state, const std::string& line) { perform(state, parse_action(line)); }

/// What the worker says of the state's attempt, all of it, in the view it made.
std::shared_ptr<AfterView> heard(const State& state) {
    WhatIfWorker worker;
    worker.want({state.report, nullptr, state.subject, state.target, state.what_if.now});
    worker.wait();
    std::optional<WhatIfWorker::Heard> said = worker.take();
    REQUIRE(said);
    REQUIRE(said->problem.empty());
    REQUIRE(said->view);
    REQUIRE(said->target);
    REQUIRE(said->pairs);
    CHECK(said->pairs->heard_share == 1.0);
    put(std::move(*said->target), *said->view);
    put(std::move(*said->pairs), *said->view);
    return said->view;
}

double mean_margin(const ReportView& view, int target) {
    double sum = 0.0;
    int count = 0;
    for (int hop = 110; hop < 190; ++hop) {
        for (int band = 0; band < view.shape.bands; ++band) {
            const float margin = from_half(view.view->margin_db[view.shape.cell(target, hop, band)]);
            if (std::isnan(margin)) continue;
            sum += margin;
            ++count;
        }
    }
    return sum / count;
}

}  // namespace

TEST_CASE("what is tried is undone step by step, and a drag is one step") {
    State state = opened();
    act(state, "bell \"Pad 1\" 2400 -6 1");
    act(state, "gain Kick 2");
    act(state, "begin-drag");
    for (const char* line : {"gain Kick 1", "gain Kick 0", "gain Kick -1"}) act(state, line);
    act(state, "end-drag");
    const std::string all = state_text(state);
    CHECK_THAT(all,
               Contains("what-if: on\nchange: Pad 1: -6.0 dB at 2.4 kHz, Q 1.0\nchange: Kick: fader -1.0 "
                        "dB\nplayback: +0.0 dB\ncompared: after\nundo: 3, redo: 0\n"));
    act(state, "undo");
    CHECK_THAT(state_text(state), Contains("change: Kick: fader +2.0 dB\n") && Contains("undo: 2, redo: 1"));
    act(state, "undo");
    act(state, "undo");
    CHECK(state.what_if.now == Attempt{});
    CHECK_THROWS_AS(act(state, "undo"), InputError);
    for (int i = 0; i < 3; ++i) act(state, "redo");
    CHECK(state_text(state) == all);
    CHECK_THROWS_AS(act(state, "redo"), InputError);
    act(state, "undo");
    act(state, "gain Kick 3");
    CHECK(state.what_if.redoable.empty());
}

TEST_CASE("a change to nothing is no change, and one that is the same is no step") {
    State state = opened();
    act(state, "gain Kick 2");
    act(state, "gain Kick 2");
    CHECK(state.what_if.undoable.size() == 1);
    act(state, "gain Kick 0");
    CHECK(state.what_if.now.changes.empty());
    act(state, "bell Kick 100 0 1");
    CHECK(state.what_if.undoable.size() == 2);
    act(state, "begin-drag");
    act(state, "gain Kick 2");
    act(state, "gain Kick 0");
    act(state, "end-drag");
    CHECK(state.what_if.undoable.size() == 2);
    CHECK(state.what_if.now.changes.empty());
}

TEST_CASE("what cannot be tried says what can") {
    const State before = opened();
    const auto refusal = [&](const std::string& line) {
        State state = before;
        try {
            act(state, line);
        } catch (const InputError& error) {
            CHECK(state.what_if.now == before.what_if.now);
            return std::string(error.what());
        }
        return std::string("it was done");
    };
    CHECK_THAT(refusal("bell Kik 100 -3 1"), Contains("\"Kik\""));
    CHECK_THAT(refusal("bell - 100 -3 1"), Contains("name a track"));
    CHECK_THAT(refusal("bell Kick 10 -3 1"), Contains("from 20 to 20000"));
    CHECK_THAT(refusal("bell Kick 100 -30 1"), Contains("from -24 to 24"));
    CHECK_THAT(refusal("bell Kick 100 -3 0"), Contains("from 0.1 to 20"));
    CHECK_THAT(refusal("gain Kick loud"), Contains("\"loud\" is no number"));
    CHECK_THAT(refusal("pan Kick 0.5"), Contains("session.toml"));
    CHECK_THAT(refusal("remove-change 1"), Contains("there are 0"));
    CHECK_THAT(refusal("write-session a.toml"), Contains("nothing has been changed"));
    State empty;
    CHECK_THROWS_WITH(act(empty, "gain Kick 1"), Contains("no report is open"));
}

TEST_CASE("no change leaves all of the view as it was") {
    const State state = opened();
    const std::shared_ptr<AfterView> after = heard(state);
    const MaskingView& before = *state.view()->view;
    CHECK(after->arrays.margin_db == before.margin_db);
    CHECK(after->arrays.loudness == before.loudness);
    CHECK(after->arrays.clash == before.clash);
    CHECK(after->view.greatest_clash == Approx(state.view()->greatest_clash));
}

TEST_CASE("what hides the target less leaves it more margin and the pair less of a clash") {
    State state = opened();
    const int target = state.target;
    const int masker = state.masker;
    act(state, "bell \"Pad 1\" 2400 -9 1");
    const std::shared_ptr<AfterView> after = heard(state);
    const ReportView& before = *state.view();
    CHECK(mean_margin(after->view, target) > mean_margin(before, target) + 0.5);
    CHECK(after->view.clash_of(target, masker) < 0.8 * before.clash_of(target, masker));
    CHECK(after->view.summaries[target].hidden_share() < before.summaries[target].hidden_share());
    // The rows of others stay as analysed, those of another target come back.
    CHECK(std::equal(before.view->margin_db.begin(),
                     before.view->margin_db.begin() + static_cast<std::ptrdiff_t>(before.shape.cell(1, 0, 0)),
                     after->arrays.margin_db.begin()));
    put(TargetPart{}, *after);
    CHECK(after->arrays.margin_db == before.view->margin_db);
    CHECK(after->arrays.audibility == before.view->audibility);
}

TEST_CASE("groups are heard too, and a louder masker makes clashes grow") {
    State state = opened();
    act(state, "subject groups");
    act(state, "select Vocals Keys");
    act(state, "gain \"Pad 1\" 6");
    const std::shared_ptr<AfterView> after = heard(state);
    CHECK(after->view.clash_of(state.target, state.masker) >
          state.view()->clash_of(state.target, state.masker));
}

TEST_CASE("a sentence is tried with a cut on who hides, and undone in one step") {
    State state = opened();
    const ClashEvent& event = state.view()->events.front();
    act(state, "try-sentence 1");
    REQUIRE(state.what_if.now.changes.size() == 1);
    const MixChange& change = state.what_if.now.changes.front();
    CHECK(change.object == event.maskers.front().object);
    CHECK(change.bell.gain_db == -4.0);
    CHECK(change.bell.freq_hz > event.low_hz);
    CHECK(change.bell.freq_hz < event.high_hz);
    CHECK(state.target == event.target);
    CHECK(state.masker == change.object);
    CHECK(tried_track(state) == change.object);
    REQUIRE(state.region);
    CHECK(state.region->from_s == event.from_s);
    const std::shared_ptr<AfterView> after = heard(state);
    CHECK(after->view.clash_of(state.target, state.masker) <
          state.report_view()->clash_of(state.target, state.masker));
    act(state, "undo");
    CHECK(state.what_if.now == Attempt{});
    CHECK_THROWS_WITH(act(state, "try-sentence 99"), Contains("no sentence number 99"));
    act(state, "subject groups");
    CHECK_THROWS_WITH(act(state, "try-sentence 1"), Contains("between tracks"));
    CHECK_THROWS_WITH(act(state, "try-suggestion 1"), Contains("there are 0"));
}

TEST_CASE("a suggestion is tried as it was made, and shows whom it helps", "[vulkan]") {
    const HeardScene scene;
    Suggestion cut;
    cut.object = 1;
    cut.other = 0;
    cut.strips = {"Burst"};
    cut.bell = {.freq_hz = 1000.0, .gain_db = -5.0, .q = 1.5};
    cut.low_hz = 800.0;
    cut.high_hz = 1300.0;
    cut.from_s = 1.0;
    cut.to_s = 2.0;
    cut.gains = {{0, 1.0, 0.5}};
    Suggestion pan = cut;
    pan.kind = Suggestion::Kind::pan;
    pan.pan_to = -0.3;
    REQUIRE(run_tutti({"masking", scene.session(), "-o", scene.path("report"), "--quiet", "--device", "cpu",
                       "--full-scale-spl", "100"})
                .status == 0);
    MaskingResults results = read_masking_report(scene.path("report"));
    REQUIRE(results.tracks.objects[1].name == "Burst");
    write_masking_report(results, {{}, {{cut, pan}, 1.0}}, scene.path("report"), {false, false, false, 1.0});
    write_bytes(scene.path("script"),
                "list suggestions\nprint\nclick 60 678\nframes 2\nprint\nundo\ntry-suggestion 2\nprint\n"
                "what-if off\ntype /\nframes 2\ntype tone\nkey enter\nprint\n");
    const ProgramResult result = run_tutti_viewer({scene.path("report"), "--offscreen", "--script",
                                                   scene.path("script"), "--print-actions", "--validate"});
    CHECK(result.errors == "");
    CHECK(result.status == 0);
    CHECK_THAT(result.output, Contains("list: suggestions\n") && Contains("try-suggestion 1\n") &&
                                  Contains("target: Tone\nmasker: Burst\n") &&
                                  Contains("region: 1.00-2.00 s, 800-1300 Hz") &&
                                  Contains("change: Burst: -5.0 dB at 1.0 kHz, Q 1.5\n"));
    CHECK_THAT(result.output,
               Contains("change: Burst: pan") && Contains("select Tone\nlist target\nsearch \"\"\n"));
}

TEST_CASE("a script tries changes, compares and takes them back", "[vulkan]") {
    const TempFolder folder;
    write_masking_report(synthetic_masking(16, 40.0), {}, folder / "report", {false, false, false, 1.0});
    // A named action waits for what is being heard; keys do not.
    write_bytes(folder / "script",
                "select \"Lead Vox\" \"Pad 1\"\ncursor 15 2400\ntype w\nbell \"Pad 1\" 2400 -9 1\nprint\n"
                "type b\nprint\ntype b\nkey ctrl+z\ntheme dark\nprint\n"
                "shift on\nkey ctrl+z\nshift off\nplayback 6\nprint\ntype w\nprint\n");
    const ProgramResult result = run_tutti_viewer(
        {folder / "report", "--offscreen", "--script", folder / "script", "--print-actions", "--validate"});
    CHECK(result.errors == "");
    CHECK(result.status == 0);
    std::vector<std::string> states;
    for (std::size_t at = 0; (at = result.output.find("what-if: ", at)) != std::string::npos; ++at)
        states.push_back(result.output.substr(at, result.output.find("splits:", at) - at));
    REQUIRE(states.size() == 5);
    CHECK_THAT(states[0],
               Contains("compared: after\nundo: 1, redo: 0\nheard: 100 %\n") && Contains("gained: +"));
    CHECK_THAT(states[1], Contains("compared: before\n") && !Contains("gained"));
    CHECK_THAT(states[2],
               Contains("undo: 0, redo: 1\n") && Contains("gained: +0 sone s") && !Contains("change: "));
    CHECK_THAT(states[3], Contains("change: Pad 1: -9.0 dB") && Contains("playback: +6.0 dB\n") &&
                              Contains("undo: 2, redo: 0\n"));
    CHECK_THAT(states[4], Contains("what-if: off\nchange: Pad 1"));
}

TEST_CASE("a drag in the spectrum is a bell, on a slider a fader, and each is one step to undo", "[vulkan]") {
    const TempFolder folder;
    write_masking_report(synthetic_masking(16, 40.0), {}, folder / "report", {false, false, false, 1.0});
    // The spectrum lies from (1203, 302) to (1430, 707); the fader's slider from (10, 738) to (229, 764).
    write_bytes(folder / "script",
                "select \"Lead Vox\" \"Pad 1\"\nwhat-if on\ndrag 1330 500 1260 480\ndrag 120 750 100 750\n"
                "theme dark\nprint\nwrite-session \"" +
                    (folder / "missing/a.toml").string() + "\"\n");
    const ProgramResult result =
        run_tutti_viewer({folder / "report", "--offscreen", "--script", folder / "script", "--validate"});
    CHECK_THAT(result.output, Contains("change: Pad 1: -") &&
                                  Contains(" kHz, Q 1.0\nchange: Pad 1: fader -") &&
                                  Contains("undo: 2, redo: 0\n"));
    CHECK(result.status == 2);
    CHECK_THAT(result.errors, Contains("session.toml"));
}
