// Where the time of a render went: --timings and --trace.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/backend.hpp"
#include "engine/threads.hpp"
#include "engine/trace.hpp"
#include "tests/session_folder.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

struct TracedRender {
    std::string output;
    nlohmann::json events;  ///< of the trace
    nlohmann::json report;
};

TracedRender traced_render(const std::string& device) {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(test_rate_hz, 0.1, 3)});
    folder.write_session("[[track]]\nname = \"A\"\nfile = \"a.wav\"\ngain_db = -3\n");
    const std::string trace = folder.path("trace.json").string();
    const std::string report = folder.path("report.json").string();
    const ProgramResult result =
        run_tutti({"render", folder.session().string(), "-o", folder.path("mix.wav").string(), "--device",
                   device, "--trace", trace, "--timings", "--json", report});
    INFO(result.output << result.errors);
    REQUIRE(result.status == 0);
    std::ifstream trace_stream(trace), report_stream(report);
    return {result.output, nlohmann::json::parse(trace_stream).at("traceEvents"),
            nlohmann::json::parse(report_stream)};
}

}  // namespace

TEST_CASE("a trace names what every thread was busy with, under the scope that called it") {
    start_trace();
    {
        const TraceScope scope("outer");
        parallel_for(64, [](int /*i*/) {});
    }
    const std::vector<TraceSpan> spans = stop_trace();
    REQUIRE(!spans.empty());
    for (const TraceSpan& span : spans) {
        CHECK(std::string(span.what) == "outer");
        CHECK(span.begin_s >= 0.0);
        CHECK(span.end_s >= span.begin_s);
    }
    { const TraceScope scope("not noted"); }
    start_trace();
    CHECK(stop_trace().empty());
}

TEST_CASE("a render's trace opens as JSON and holds its stages, and its timings add up") {
    const auto [output, events, report] = traced_render("cpu");
    std::set<std::string> names;
    for (const nlohmann::json& event : events) {
        if (event.at("ph") != "X") continue;
        names.insert(event.at("name").get<std::string>());
        CHECK(event.at("dur").get<double>() >= 0.0);
    }
    for (const char* stage :
         {"read session", "plan", "design kernels", "open device", "prepare device", "open stems",
          "take memory", "decode", "process", "upload", "mix", "read back", "encode", "finish files"}) {
        CAPTURE(stage);
        CHECK(names.count(stage) == 1);
    }

    for (const char* words : {"where ", "prepare: session", "wait, with nothing to process", "cores busy"}) {
        CAPTURE(words);
        CHECK(output.find(words) != std::string::npos);
    }
    const nlohmann::json& seconds = report.at("seconds");
    CHECK(seconds.at("prepare").get<double>() + seconds.at("pass").get<double>() <=
          seconds.at("wall").get<double>());
    CHECK(seconds.at("process").get<double>() + seconds.at("waiting").get<double>() ==
          Approx(seconds.at("pass").get<double>()));
    CHECK(seconds.at("cpu").get<double>() > 0.0);
}

TEST_CASE("a trace shows a device's queues beside the threads that feed them, on the same clock") {
    if (list_vulkan_devices().empty()) return;
    const auto [output, events, report] = traced_render("vulkan:0");
    std::map<int, std::string> lanes;
    double process_begin_us = 1e12;
    double encode_end_us = 0.0;
    for (const nlohmann::json& event : events) {
        const std::string name = event.at("name");
        const int lane = event.at("tid");
        if (event.at("ph") == "M") {
            lanes[lane] = event.at("args").at("name");
            continue;
        }
        const double begin_us = event.at("ts");
        if (name == "process") process_begin_us = std::min(process_begin_us, begin_us);
        if (name == "encode") {
            encode_end_us = std::max(encode_end_us, begin_us + event.at("dur").get<double>());
        }
    }
    std::map<std::string, std::string> lane_of;
    for (const nlohmann::json& event : events) {
        const std::string& lane = lanes.at(event.at("tid"));
        if (event.at("ph") != "X" || !lane.starts_with("vulkan:0")) continue;
        lane_of[event.at("name")] = lane;
        CAPTURE(event.dump());
        // The clocks are told apart by less than the device takes to answer.
        CHECK(event.at("ts").get<double>() > process_begin_us - 1e3);
        CHECK(event.at("ts").get<double>() + event.at("dur").get<double>() < encode_end_us + 1e3);
    }
    CHECK(lane_of["mixer"] == "vulkan:0 shaders");
    CHECK(lane_of["rows_write"] == "vulkan:0 transfers");
    CHECK(lane_of["rows_read"] == "vulkan:0 transfers");

    CHECK(output.find("wait for the device") != std::string::npos);
    CHECK(output.find("all waits on the critical path") != std::string::npos);
    CHECK(output.find("by its own clock") != std::string::npos);
    CHECK(report.at("seconds").at("device_waiting").get<double>() <=
          report.at("seconds").at("process").get<double>());
    std::set<std::string> stages;
    for (const nlohmann::json& stage : report.at("device_stages")) stages.insert(stage.at("what"));
    CHECK(stages.count("rows_write") == 1);
    CHECK(stages.count("mixer") == 1);
}
