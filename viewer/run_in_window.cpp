#include <imgui_impl_glfw.h>

#include <algorithm>
#include <cstdio>

#include "viewer/gpu/window.hpp"
#include "viewer/picture_file.hpp"
#include "viewer/recent_reports.hpp"
#include "viewer/settings.hpp"
#include "viewer/stage.hpp"

namespace tutti::viewer {

namespace {

/// Frames that follow an event: Dear ImGui lays out by what the frame before has measured.
constexpr int frames_after_event = 3;
constexpr double rest_s = 0.5;
constexpr double busy_rest_s = 0.02;

std::string title_of(const State& state) {
    return state.report ? state.report->results().session_name + " - Tutti" : "Tutti";
}

}  // namespace

void run_in_window(const Options& options) {
    const std::optional<std::filesystem::path> settings_at = settings_file();
    std::string trouble;
    const Settings settings = settings_at ? read_settings(*settings_at, trouble) : Settings{};
    if (!trouble.empty()) std::fprintf(stderr, "tutti-viewer: %s\n", trouble.c_str());
    const bool takes_size = !options.has_size && settings.width > 0;
    Window window(takes_size ? settings.width : options.width, takes_size ? settings.height : options.height);
    const Instance instance(Window::extensions(), options.validates);
    const Surface surface(instance, window);
    Stage stage(instance, instance.choose(options.device), surface.handle(), options,
                options.scale.value_or(window.content_scale()));
    for (const Action& action : settings.actions) stage.app().perform(action);
    if (const auto file = recent_reports_file()) stage.app().remember_in(*file);
    Swapchain swapchain(stage.device(), surface, window);
    window.on_drop = [&](const std::string& path) { stage.app().take_dropped(path); };
    window.on_key = [&](const KeyPress& key) { stage.app().press(key); };
    ImGui_ImplGlfw_InitForVulkan(window.handle(), true);
    const struct Shutdown {
        ~Shutdown() { ImGui_ImplGlfw_Shutdown(); }
    } shutdown;

    int due = frames_after_event;
    int drawn = 0;
    bool was_busy = false;
    std::string title;
    while (!window.wants_to_close() && !stage.app().state().wants_to_quit) {
        const bool is_busy = stage.app().is_busy();
        const double rest = options.frame_count > 0 || due > 0 ? 0.0 : is_busy ? busy_rest_s : rest_s;
        const bool is_touched = window.handle_events(rest);
        if (is_busy) due = std::max(due, 1);
        if (is_touched || (was_busy && !is_busy)) due = frames_after_event;
        was_busy = is_busy;
        if (due == 0 && options.frame_count == 0) continue;
        --due;
        if (window.width() == 0 || window.height() == 0) continue;  // minimised
        stage.times().begin();
        ImGui_ImplGlfw_NewFrame();
        stage.make_frame(window.width(), window.height());
        swapchain.show(stage.canvas(), [&](VkCommandBuffer commands) { stage.record(commands); });
        stage.times().end();
        if (title != title_of(stage.app().state())) {
            title = title_of(stage.app().state());
            window.set_title(title);
        }
        if (options.frame_count > 0 && ++drawn == options.frame_count) break;
    }
    if (settings_at) {
        Settings kept = settings_of(stage.app().state());
        kept.width = options.has_size ? settings.width : window.width();
        kept.height = options.has_size ? settings.height : window.height();
        write_settings(*settings_at, kept);
    }
    if (!options.screenshot.empty()) write_picture(stage.canvas().read(), options.screenshot);
    if (options.prints_times) std::printf("%s\n", stage.times().text().c_str());
}

}  // namespace tutti::viewer
