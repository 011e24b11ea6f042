#include "viewer/app.hpp"

#include <algorithm>

#include "engine/errors.hpp"
#include "viewer/panels/panel.hpp"
#include "viewer/recent_reports.hpp"

namespace tutti::viewer {

App::App(Interface& interface) : interface_(interface) {}

void App::perform(const Action& action) {
    viewer::perform(state_, action);
    if (on_action) on_action(action);
}

void App::remember_in(const std::filesystem::path& file) {
    recent_file_ = file;
    state_.recent = read_recent_reports(file);
}

void App::finish_reading() {
    while (loader_.is_reading() || !state_.opening.empty()) {
        take_report();
        if (loader_.is_reading()) loader_.wait();
    }
}

void App::take_report() {
    if (loader_.is_reading() && loader_.is_ready()) {
        ReportLoader::Outcome outcome = loader_.take();
        state_.opening.clear();
        if (outcome.report) {
            if (recent_file_) {
                remember_report(*recent_file_, outcome.report->folder());
                state_.recent = read_recent_reports(*recent_file_);
            }
            show_report(state_, std::move(outcome.report));
        } else {
            state_.report.reset();
            state_.problem = outcome.problem;
        }
    }
    if (!state_.opening.empty() && !loader_.is_reading()) loader_.read(state_.opening);
}

void App::show_panels(float width, float height, std::vector<Action>& actions) {
    const Panel panel{state_, scene_, interface_, keys_, actions, search_is_wanted_};
    const float bar = panel.px(42);
    show_top_bar(panel, {0.0F, 0.0F, width, bar});
    if (!state_.report || !state_.opening.empty()) {
        show_message(panel, {0.0F, bar, width, height});
    } else {
        show_report_panels(panel, {0.0F, bar, width, height});
    }
    show_opener(panel);
    show_keys(panel);
    handle_keys(panel);
}

void App::make_frame(int width, int height) {
    take_report();
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
        } catch (const InputError&) {
            // What a panel asks for depends on a state that an action before it may have changed.
        }
    }
}

}  // namespace tutti::viewer
