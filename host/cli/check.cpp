#include <cstdio>
#include <memory>

#include "engine/devices.hpp"
#include "host/cli/commands.hpp"
#include "host/memory_budget.hpp"
#include "host/progress.hpp"
#include "host/render.hpp"
#include "host/routing_tree.hpp"
#include "host/units.hpp"
#include "host/user_cache.hpp"

namespace tutti {

namespace {

void run(const std::string& file, bool show_plan) {
    const OpenedSession opened = open_session(file, print_warning);
    const Session& session = opened.session;
    std::fputs(routing_tree(session).c_str(), stdout);
    MixPlan plan = make_plan(session, opened.channels, {}, print_warning);
    mark_pcm(plan, opened.pcm);
    const std::int64_t frames = opened.end_frame + plan.tail_frames;
    const std::unique_ptr<BlobStore> cache = open_user_cache();
    const OpenedDevice device = open_device("auto", cache.get());
    const int chunk = choose_chunk_frames(*device.backend, plan, default_memory_budget(),
                                          frames + plan.render.latency_frames);
    const RenderForecast render = forecast_render(*device.backend, plan, chunk);
    const auto seconds = [&](std::int64_t count) {
        return static_cast<double>(count) / session.sample_rate_hz;
    };
    std::printf("length   %s, of which %.2f s ring on after the last stem\n",
                clock_text(seconds(frames)).c_str(), seconds(plan.tail_frames));
    std::printf("latency  %d frames (%.1f ms), compensated\n", plan.render.latency_frames,
                1000.0 * seconds(plan.render.latency_frames));
    std::printf("memory   %s for %d rows in chunks of %d frames\n", bytes_text(render.bytes).c_str(),
                plan.render.shape.row_count, chunk);
    if (!show_plan) return;
    std::puts("steps");
    int number = 0;
    for (const std::string& line : describe_steps(plan)) std::printf("  %2d  %s\n", ++number, line.c_str());
}

}  // namespace

void add_check_command(CLI::App& app) {
    CLI::App* const command =
        app.add_subcommand("check", "Check a session and show its routing, latency and memory");
    auto file = std::make_shared<std::string>();
    auto show_plan = std::make_shared<bool>(false);
    command->add_option("session", *file, "Session file")->required();
    command->add_flag("--plan", *show_plan, "Show the steps that a render would take");
    command->callback([file, show_plan] { run(*file, *show_plan); });
}

}  // namespace tutti
