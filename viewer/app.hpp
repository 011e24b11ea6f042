#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viewer/action.hpp"
#include "viewer/gpu/interface.hpp"
#include "viewer/key_codes.hpp"
#include "viewer/report_loader.hpp"
#include "viewer/scene.hpp"

namespace tutti::viewer {

/// The viewer without a screen: a state, and frames that show it and change it.
class App {
  public:
    explicit App(Interface& interface);

    const State& state() const { return state_; }
    bool is_reading() const { return loader_.is_reading(); }

    /// Throws InputError when the action cannot be done.
    void perform(const Action& action);

    /// Waits until what is being read has been read.
    void finish_reading();

    /// Keeps the reports that are opened in a file from now on, and offers those that are there.
    void remember_in(const std::filesystem::path& file);

    /// For the next frame.
    void press(const KeyPress& key) { keys_.push_back(key); }

    /// One frame of that size: everything from ImGui::NewFrame() to ImGui::Render(). Actions that the user
    /// asked for in it are done; on_action is told of each.
    void make_frame(int width, int height);

    std::function<void(const Action&)> on_action;

  private:
    void take_report();
    void show_panels(float width, float height, std::vector<Action>& actions);

    Interface& interface_;
    State state_;
    Scene scene_;
    ReportLoader loader_;
    Theme theme_ = Theme::dark;
    std::optional<std::filesystem::path> recent_file_;
    std::vector<KeyPress> keys_;
    bool search_is_wanted_ = false;
};

}  // namespace tutti::viewer
