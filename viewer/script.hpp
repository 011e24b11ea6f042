#pragma once

#include <filesystem>

#include "viewer/stage.hpp"

namespace tutti::viewer {

/// Acts as a user does, line by line. A line is an action (viewer/action.hpp), or one of
///   frames N                      draw N frames
///   screenshot FILE               write what was drawn last
///   print                         what is shown, as text
///   timings [NAME]                print how long frames took since the last of these lines
///   move X Y                      the mouse, in pixels
///   press BUTTON, release BUTTON  left, right or middle
///   click X Y [BUTTON]            move, press, release
///   drag X Y X Y [BUTTON]         press, move in ten steps, release
///   wheel STEPS                   up is more
///   shift on|off                  hold the key
///   key NAME                      escape, enter, left, right, up, down, ctrl+LETTER
///   type TEXT                     letters
///   drop PATH                     a file or folder onto the window
///   begin ACTION                  an action whose work is not waited for
/// Every line is followed by at least one frame; after "open" the report has been read, after "analyse" it
/// has been written, and what is played is ready. Time passes by frames, 60 in a second.
class Script {
  public:
    Script(Stage& stage, int width, int height);

    /// Throws InputError with file and line of the first line that cannot be done.
    void run(const std::filesystem::path& file);

    void draw_frames(int count);

  private:
    void run_line(const Action& words);
    bool run_mouse(const Action& words);
    bool run_keyboard(const Action& words);
    void move_to(float x, float y);
    void hold(int button, bool is_down);

    Stage& stage_;
    int width_;
    int height_;
};

}  // namespace tutti::viewer
