#include "viewer/app.hpp"

#include <algorithm>
#include <utility>

#include "engine/errors.hpp"
#include "host/masking_report.hpp"
#include "host/session.hpp"
#include "viewer/panels/panel.hpp"
#include "viewer/recent_reports.hpp"

namespace tutti::viewer {

App::App(Interface& interface, std::unique_ptr<SoundSink> sink)
    : interface_(interface), player_(std::move(sink)) {}

void App::perform(const Action& action) {
    viewer::perform(state_, action);
    if (on_action) on_action(action);
}

void App::remember_in(const std::filesystem::path& file) {
    recent_file_ = file;
    state_.recent = read_recent_reports(file);
}

void App::finish_reading() {
    while (loader_.is_reading() || !state_.opening.empty() || state_.analysing) {
        take_analysis();
        take_report();
        if (analysis_.is_running()) analysis_.wait();
        if (loader_.is_reading()) loader_.wait();
    }
    try_changes();
    worker_.wait();
    try_changes();
}

void App::take_dropped(const std::filesystem::path& dropped) {
    // A session in place of one that has gone is where that has moved to.
    std::error_code error;
    if (state_.report && std::filesystem::is_regular_file(dropped, error)) {
        const MaskingResults& results = state_.report->results();
        const bool is_gone = !std::filesystem::exists(results.session_file, error);
        try {
            if (is_gone && read_session(dropped).name == results.session_name) {
                return perform({"session", dropped.string()});
            }
        } catch (const InputError&) {
            // Its analysis says what is wrong with it.
        }
    }
    perform({"open", dropped.string()});
}

void App::fail(const std::string& problem, const std::filesystem::path& folder) {
    state_.problem = problem;
    state_.problem_folder = folder;
    state_.problem_session.clear();
    std::error_code error;
    const std::filesystem::path session = session_of_masking_report(folder);
    if (!session.empty() && std::filesystem::exists(session, error)) state_.problem_session = session;
}

void App::take_report() {
    if (loader_.is_reading() && loader_.is_ready()) {
        ReportLoader::Outcome outcome = loader_.take();
        const std::filesystem::path folder = std::exchange(state_.opening, {});
        if (outcome.report) {
            if (recent_file_) {
                remember_report(*recent_file_, outcome.report->folder());
                state_.recent = read_recent_reports(*recent_file_);
            }
            show_report(state_, std::move(outcome.report));
        } else {
            state_.report.reset();
            fail(outcome.problem, folder);
        }
    }
    if (!state_.opening.empty() && !loader_.is_reading()) loader_.read(state_.opening);
}

void App::take_analysis() {
    if (!state_.analysing) return;
    Analysing& asked = *state_.analysing;
    if (!analysis_.is_running()) {
        if (asked.is_unneeded_if_current && is_report_current(asked.folder, asked.session)) {
            state_.note = "The report beside the session is newer than all of it: nothing was analysed.";
            state_.opening = asked.folder;
            state_.opening_session.clear();
            state_.analysing.reset();
            return;
        }
        analysis_.start(asked.session, asked.folder);
    }
    if (asked.is_cancelled) analysis_.cancel();
    const Analysis::Progress progress = analysis_.progress();
    asked.what = progress.what;
    asked.done_s = progress.done_s;
    asked.total_s = progress.total_s;
    asked.elapsed_s = progress.elapsed_s;
    if (!analysis_.is_ready()) return;
    const Analysis::Outcome outcome = analysis_.take();
    const Analysing done = *std::exchange(state_.analysing, std::nullopt);
    if (outcome.was_cancelled) {
        state_.note = "The analysis was cancelled; nothing was written.";
    } else if (!outcome.problem.empty()) {
        fail(outcome.problem, {});
        state_.problem_session = done.session;
    } else {
        state_.note.clear();
        for (const std::string& line : outcome.warnings)
            state_.note += (state_.note.empty() ? "" : "\n") + line;
        state_.opening = done.folder;
        state_.opening_session = done.session;
    }
}

void App::try_changes() {
    WhatIf& what_if = state_.what_if;
    if (what_if.is_open && state_.report) {
        worker_.want({state_.report, what_if.session, state_.subject, state_.target, what_if.now});
    } else if (!state_.report || (after_ && after_->report != state_.report)) {
        worker_.want({});
        after_.reset();
    }
    std::optional<WhatIfWorker::Heard> heard = worker_.take();
    if (!heard || !state_.report) return;
    if (heard->view) {
        after_ = std::move(heard->view);
        what_if.heard_share = 0.0;
        what_if.gained_sone_s.assign(after_->view.summaries.size(), 0.0);
    }
    what_if.problem = heard->problem;
    if (!after_ || after_->report != state_.report) return;
    what_if.after = after_;
    if (heard->target) {
        put(std::move(*heard->target), *after_);
        ++what_if.target_revision;
    }
    if (heard->pairs) {
        what_if.heard_share = heard->pairs->heard_share;
        what_if.gained_sone_s = std::move(heard->pairs->gained_sone_s);
        put(std::move(*heard->pairs), *after_);
        ++what_if.pair_revision;
    }
}

void App::show_panels(float width, float height, std::vector<Action>& actions) {
    const Panel panel{state_, scene_, interface_, keys_, actions, search_is_wanted_, filter_is_wanted_};
    const float bar = panel.px(42);
    show_top_bar(panel, {0.0F, 0.0F, width, bar});
    if (!state_.report || !state_.opening.empty() || state_.analysing || !state_.problem.empty()) {
        show_message(panel, {0.0F, bar, width, height});
    } else {
        const float transport = height - panel.px(40);
        show_report_panels(panel, {0.0F, bar, width, transport});
        show_transport(panel, {0.0F, transport, width, height});
        show_trouble(panel);
    }
    show_opener(panel);
    show_keys(panel);
    handle_keys(panel);
}

void App::make_frame(int width, int height) {
    take_analysis();
    take_report();
    try_changes();
    player_.update(state_, ImGui::GetIO().DeltaTime);
    scene_.update(state_, interface_.fields());
    if (state_.theme != theme_) interface_.set_theme(state_.theme);
    theme_ = state_.theme;
    interface_.begin_frame();
    ImGui::GetIO().DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
    ImGui::NewFrame();
    std::vector<Action> actions;
    show_panels(static_cast<float>(width), static_cast<float>(height), actions);
    ImGui::Render();
    keys_.clear();
    for (const Action& action : actions) {
        try {
            perform(action);
        } catch (const InputError& error) {
            // What a panel asks for depends on a state that an action before it may have changed. What is
            // tried may be refused by the session, and a file by the disk.
            if (action.front() == "filter") {
                refuse_filter(state_, action[1], error.what());
            } else if (state_.what_if.is_open) {
                state_.what_if.said = error.what();
            }
        }
    }
}

}  // namespace tutti::viewer
