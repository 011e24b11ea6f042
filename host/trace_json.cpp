#include "host/trace_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tutti {

std::string trace_json(std::span<const TraceSpan> spans) {
    nlohmann::ordered_json events = nlohmann::ordered_json::array();
    int lane_count = 0;
    for (const TraceSpan& span : spans) lane_count = std::max(lane_count, span.lane + 1);
    for (int lane = 0; lane < lane_count; ++lane) {
        events.push_back({{"name", "thread_name"},
                          {"ph", "M"},
                          {"pid", 1},
                          {"tid", lane},
                          {"args", {{"name", "thread " + std::to_string(lane)}}}});
    }
    for (const TraceSpan& span : spans) {
        events.push_back({{"name", span.what},
                          {"ph", "X"},
                          {"pid", 1},
                          {"tid", span.lane},
                          {"ts", span.begin_s * 1e6},
                          {"dur", (span.end_s - span.begin_s) * 1e6}});
    }
    nlohmann::ordered_json json;
    json["traceEvents"] = std::move(events);
    json["displayTimeUnit"] = "ms";
    return json.dump() + "\n";
}

}  // namespace tutti
