#include <chrono>
#include <cstdio>
#include <ctime>

#include "viewer/picture_file.hpp"
#include "viewer/script.hpp"

namespace tutti::viewer {

void run_offscreen(const Options& options) {
    const auto start = std::chrono::steady_clock::now();
    const Instance instance({}, options.validates);
    Stage stage(instance, instance.choose(options.device), VK_NULL_HANDLE, options,
                options.scale.value_or(1.0F));
    Script script(stage, options.width, options.height);
    stage.app().finish_reading();
    script.draw_frames(2);
    if (options.prints_times && !options.opened.empty()) {
        const double opened_s =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        std::printf("first frame after %.2f s; CPU: %.2f s\n", opened_s,
                    static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
    }
    stage.times() = {};
    if (!options.script.empty()) script.run(options.script);
    script.draw_frames(options.frame_count);
    if (!options.screenshot.empty()) write_picture(stage.canvas().read(), options.screenshot);
    if (options.prints_times) std::printf("%s\n", stage.times().text().c_str());
}

}  // namespace tutti::viewer
