#include "viewer/stage.hpp"

#include <cstdio>

#include "viewer/theme.hpp"

namespace tutti::viewer {

Stage::Stage(const Instance& instance, VkPhysicalDevice physical, VkSurfaceKHR surface,
             const Options& options, float scale)
    : device_(physical, surface),
      canvas_(device_),
      interface_(instance, device_, canvas_, scale),
      app_(interface_, options.is_offscreen ? std::make_unique<FrameSink>() : make_sdl_sink()) {
    if (options.prints_actions) {
        app_.on_action = [](const Action& action) {
            std::puts(action_text(action).c_str());
            std::fflush(stdout);
        };
    }
    if (options.opened.empty()) return;
    if (!options.session.empty()) {
        app_.perform({"open", options.opened.string(), options.session.string()});
    } else if (!options.folder.empty()) {
        app_.perform({"analyse", options.opened.string(), options.folder.string()});
    } else {
        app_.perform({"open", options.opened.string()});
    }
}

void Stage::make_frame(int width, int height) {
    canvas_.resize(width, height);
    app_.make_frame(width, height);
}

void Stage::record(VkCommandBuffer commands) {
    canvas_.draw(commands, palette(app_.state().theme).background,
                 [this](VkCommandBuffer inside) { interface_.draw(inside); });
}

void Stage::draw_frame(int width, int height) {
    times_.begin();
    make_frame(width, height);
    device_.run([this](VkCommandBuffer commands) { record(commands); });
    times_.end();
}

}  // namespace tutti::viewer
