#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viewer/action.hpp"
#include "viewer/analysis.hpp"
#include "viewer/gpu/interface.hpp"
#include "viewer/key_codes.hpp"
#include "viewer/report_loader.hpp"
#include "viewer/scene.hpp"
#include "viewer/sound/player.hpp"
#include "viewer/what_if_worker.hpp"

namespace tutti::viewer {

/// The viewer without a screen: a state, and frames that show it and change it.
class App {
  public:
    App(Interface& interface, std::unique_ptr<SoundSink> sink);

    const State& state() const { return state_; }

    /// Something will look different soon although nobody touches anything.
    bool is_busy() const {
        return loader_.is_reading() || state_.analysing || player_.is_busy() || worker_.is_busy();
    }

    /// Throws InputError when the action cannot be done.
    void perform(const Action& action);

    /// Waits until what is being read, analysed or tried has been, and what is played is at hand.
    void finish_reading();

    /// What a file or folder that was dropped onto the window is good for.
    void take_dropped(const std::filesystem::path& dropped);

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
    void take_analysis();
    void try_changes();
    void fail(const std::string& problem, const std::filesystem::path& folder);
    void show_panels(float width, float height, std::vector<Action>& actions);

    Interface& interface_;
    State state_;
    Scene scene_;
    ReportLoader loader_;
    Analysis analysis_;
    Player player_;
    WhatIfWorker worker_;
    std::shared_ptr<AfterView> after_;
    Theme theme_ = Theme::dark;
    std::optional<std::filesystem::path> recent_file_;
    std::vector<KeyPress> keys_;
    bool search_is_wanted_ = false;
    bool filter_is_wanted_ = false;
};

}  // namespace tutti::viewer
