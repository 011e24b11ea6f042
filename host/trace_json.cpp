#include "host/trace_json.hpp"

#include <nlohmann/json.hpp>

namespace tutti {

std::string trace_json(std::span<const TraceSpan> spans, std::span<const std::string> lanes) {
    nlohmann::ordered_json events = nlohmann::ordered_json::array();
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        events.push_back({{"name", "thread_name"},
                          {"ph", "M"},
                          {"pid", 1},
                          {"tid", lane},
                          {"args", {{"name", lanes[lane]}}}});
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
