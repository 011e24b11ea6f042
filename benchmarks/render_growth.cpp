#include "benchmarks/render_growth.hpp"

#include <array>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "benchmarks/machine.hpp"
#include "benchmarks/render_contestants.hpp"
#include "benchmarks/statistics.hpp"
#include "benchmarks/table.hpp"
#include "host/audio_writer.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::array<int, 6> track_counts = {32, 64, 128, 256, 512, 1024};
constexpr double seconds_over_tracks = 10.0;
constexpr std::array<double, 6> lengths_s = {10.0, 30.0, 60.0, 120.0, 300.0, 600.0};
constexpr int tracks_over_lengths = 32;

GrowthPoint measure(const RenderOptions& options, int track_count, double seconds) {
    const WorkFolder work("");
    const fs::path session = make_session(options, track_count, seconds, work / "session");
    std::cerr << "tutti-bench: rendering them" << std::endl;
    const std::vector<Stage> stages = {
        {{options.places.tutti.string(), "render", session.string(), "-o", (work / "mix.wav").string(),
          "--device", options.device, "--format", "wav", "--bits", "32f", "--quiet"}}};
    GrowthPoint point{track_count, seconds, {}, {}};
    run_stages(stages, options.places, work);  // which also fills the file cache
    for (int i = 0; i < options.repeat_count; ++i) {
        const Cost cost = run_stages(stages, options.places, work);
        point.wall_s.push_back(cost.wall_s);
        point.cpu_s.push_back(cost.cpu_s);
        point.peak_memory_mib = std::max(point.peak_memory_mib, cost.peak_memory_mib);
    }
    return point;
}

double cpu_per_minute(const GrowthPoint& point) {
    return summarize(point.cpu_s).lowest / point.track_minutes();
}

std::string row_time(const std::vector<double>& seconds) {
    const Summary summary = summarize(seconds);
    return significant(summary.median, 3) + " (" + significant(summary.lowest, 3) + " ... " +
           significant(summary.highest, 3) + ")";
}

std::string points_text(const std::vector<GrowthPoint>& points) {
    std::vector<std::vector<std::string>> rows = {
        {"tracks", "stems, s", "wall, s", "CPU, s", "CPU s per track minute", "memory, MiB"}};
    for (const GrowthPoint& point : points) {
        rows.push_back({std::to_string(point.track_count), significant(point.seconds, 3),
                        row_time(point.wall_s), row_time(point.cpu_s), significant(cpu_per_minute(point), 3),
                        significant(point.peak_memory_mib, 3)});
    }
    return table_text(rows);
}

ChartLine line_of(const std::string& name, const std::vector<GrowthPoint>& points, ChartColour colour,
                  bool is_cpu) {
    ChartLine line{name, {}, colour, is_cpu};
    for (const GrowthPoint& point : points) {
        const Summary time = summarize(is_cpu ? point.cpu_s : point.wall_s);
        line.points.push_back({point.track_minutes(), time.median, time.lowest, time.highest});
    }
    return line;
}

nlohmann::json to_json(const std::vector<GrowthPoint>& points) {
    nlohmann::json list = nlohmann::json::array();
    for (const GrowthPoint& point : points) {
        list.push_back({{"tracks", point.track_count},
                        {"stems_s", point.seconds},
                        {"wall_s", point.wall_s},
                        {"cpu_s", point.cpu_s},
                        {"peak_memory_mib", point.peak_memory_mib}});
    }
    return list;
}

}  // namespace

double end_slope(const std::vector<GrowthPoint>& points) {
    for (std::size_t i = points.size(); i-- > 0;) {
        if (points[i].track_minutes() > 0.25 * points.back().track_minutes()) continue;
        return cpu_per_minute(points.back()) / cpu_per_minute(points[i]);
    }
    return 0.0;
}

Chart growth_chart(const std::vector<GrowthPoint>& over_tracks, const std::vector<GrowthPoint>& over_minutes,
                   const std::string& cpu) {
    Chart chart{
        "What a session takes, on " + cpu,
        {"Standard session, tutti render, whole processes from files to a file",
         "Medians, bars from the fastest to the slowest; more tracks: of 10 s; longer stems: 32 tracks"},
        "minutes of stereo tracks",
        "s",
        {}};
    const GrowthPoint& largest = over_tracks.back();
    const double slope = summarize(largest.cpu_s).median / largest.track_minutes();
    ChartLine straight{"straight", {}, ChartColour::grey, false, true};
    for (const double x : {over_tracks.front().track_minutes(), over_minutes.back().track_minutes()}) {
        straight.points.push_back({x, slope * x, slope * x, slope * x});
    }
    chart.lines = {straight, line_of("CPU, more tracks", over_tracks, ChartColour::blue, true),
                   line_of("CPU, longer stems", over_minutes, ChartColour::green, true),
                   line_of("wall, more tracks", over_tracks, ChartColour::sky, false),
                   line_of("wall, longer stems", over_minutes, ChartColour::orange, false)};
    return chart;
}

void benchmark_growth(const RenderOptions& options, std::ostream& out) {
    const Machine machine = this_machine();
    std::string text;
    const auto say = [&](const std::string& words) {
        text += words;
        out << words << std::flush;
    };
    say("# How a session's time and memory grow\n\nOn " + machine.text() + ". tutti render --device " +
        options.device + ", whole processes from files to a file; medians of " +
        std::to_string(options.repeat_count) + " runs (lowest ... highest).\n\n## With tracks\n\n");
    std::vector<GrowthPoint> over_tracks;
    for (const int count : track_counts) over_tracks.push_back(measure(options, count, seconds_over_tracks));
    say(points_text(over_tracks) + "\n## With minutes\n\n");
    std::vector<GrowthPoint> over_minutes;
    for (const double length : lengths_s)
        over_minutes.push_back(measure(options, tracks_over_lengths, length));
    say(points_text(over_minutes) + "\nThe last track minute takes " +
        significant(end_slope(over_tracks), 3) + " times the CPU of one at a quarter of the tracks, and " +
        significant(end_slope(over_minutes), 3) + " times that of one at a quarter of the length or less.\n");
    if (!options.json.empty()) {
        const nlohmann::json report = {{"machine", machine.text()},
                                       {"over_tracks", to_json(over_tracks)},
                                       {"over_minutes", to_json(over_minutes)}};
        write_text_file(options.json, report.dump(2) + "\n");
    }
    if (!options.markdown.empty()) write_text_file(options.markdown, text);
    if (!options.picture.empty())
        write_chart(options.picture, growth_chart(over_tracks, over_minutes, machine.cpu));
}

}  // namespace tutti::bench
