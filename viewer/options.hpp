#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace tutti::viewer {

/// What panels need to stand beside each other, in pixels.
inline constexpr int least_width = 900;
inline constexpr int least_height = 600;

/// What the command line says.
struct Options {
    std::filesystem::path opened;   ///< a report's folder or a session; empty: nothing yet
    std::filesystem::path session;  ///< where the report's session is; empty: where it says
    std::filesystem::path folder;   ///< for the report of a session; empty: beside it
    std::string device = "auto";
    int width = 1440;
    int height = 900;
    bool has_size = false;       ///< one was asked for
    std::optional<float> scale;  ///< none: the screen's; 1 without a screen
    bool is_offscreen = false;
    bool validates = false;
    bool prints_actions = false;
    std::filesystem::path script;
    std::filesystem::path screenshot;
    int frame_count = 0;  ///< drawn after the script, then the viewer ends; 0: as it is used
    bool prints_times = false;
};

/// Run until everything asked for is done, or the window is closed. Throw InputError and DeviceError.
void run_offscreen(const Options& options);
void run_in_window(const Options& options);

}  // namespace tutti::viewer
