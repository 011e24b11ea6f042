#include "host/render_filling.hpp"

#include <string>

#include "engine/threads.hpp"

namespace tutti {

void fill_in_plan(RenderReport& report, const Session& session, const MixPlan& plan, const Stretch& stretch) {
    report.session_name = session.name;
    report.sample_rate_hz = session.sample_rate_hz;
    report.bus_count = static_cast<int>(session.buses.size());
    report.frame_count = stretch.frame_count();
    report.chunk_frames = plan.render.shape.frame_count;
    report.latency_frames = plan.render.latency_frames;
    report.dropped_ends = plan.dropped_ends;
}

void fill_in_seconds(RenderReport& report, const PassSeconds& seconds) {
    report.seconds.prepare += seconds.prepare;
    report.seconds.decode = seconds.decode;
    report.seconds.process = seconds.process;
    report.seconds.encode = seconds.encode;
    report.seconds.pass = seconds.wall;
    report.seconds.cpu = seconds.cpu;
    report.seconds.waiting = seconds.wall - seconds.process;
    report.thread_count = thread_count();
}

void warn_of_overs(const RenderReport& report, const Warn& warn) {
    if (report.over_count == 0) return;
    warn(std::to_string(report.over_count) +
         " samples over full scale were clipped in the output; lower the master, add a limiter, or write "
         "--bits 32f");
}

}  // namespace tutti
