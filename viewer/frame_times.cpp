#include "viewer/frame_times.hpp"

#include <algorithm>
#include <cstdio>

namespace tutti::viewer {

std::string FrameTimes::text() const {
    if (ms_.empty()) return "no frames";
    std::vector<double> sorted = ms_;
    std::sort(sorted.begin(), sorted.end());
    std::vector<double> cpu = cpu_ms_;
    std::sort(cpu.begin(), cpu.end());
    const std::size_t last = sorted.size() - 1;
    char text[200];
    std::snprintf(text, sizeof text,
                  "%zu frames: median %.1f ms, 95 %% within %.1f ms, longest %.1f ms; CPU: median %.1f ms, "
                  "longest %.1f ms",
                  sorted.size(), sorted[last / 2], sorted[last * 95 / 100], sorted[last], cpu[last / 2],
                  cpu[last]);
    return text;
}

}  // namespace tutti::viewer
