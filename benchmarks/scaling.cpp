#include "benchmarks/scaling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "benchmarks/chart.hpp"
#include "benchmarks/contest.hpp"
#include "benchmarks/entrants.hpp"
#include "benchmarks/machine.hpp"
#include "benchmarks/statistics.hpp"
#include "benchmarks/table.hpp"
#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/version.hpp"

namespace tutti::bench {

namespace {

constexpr std::array<int, 6> row_counts = {1, 4, 16, 64, 256, 1024};
constexpr double seconds_over_rows = 10.0;
constexpr std::array<double, 8> kernel_lengths_s = {0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 60.0};
constexpr int rows_over_kernels = 16;
constexpr double seconds_over_kernels = 60.0;

double cost_of(const ScalingPoint& point) { return summarize(point.cost_s).lowest; }

/// Times one device over the points.
class Scaling {
  public:
    Scaling(const ConvolutionOptions& options, std::string device)
        : options_(options), device_(std::move(device)) {
        thread_count_ = options.thread_count > 0 ? options.thread_count
                                                 : static_cast<int>(std::thread::hardware_concurrency());
        contest_.repeat_count = options.repeat_count;
    }

    std::vector<ScalingPoint> over_rows() {
        std::vector<ScalingPoint> points;
        for (const int row_count : row_counts) add_point(points, row_count, seconds_over_rows, hall_seconds);
        return points;
    }

    std::vector<ScalingPoint> over_kernels() {
        std::vector<ScalingPoint> points;
        for (const double length : kernel_lengths_s) {
            add_point(points, rows_over_kernels, seconds_over_kernels, length);
        }
        return points;
    }

    /// A line for every point that could not be timed.
    const std::string& failures() const { return failures_; }

  private:
    void add_point(std::vector<ScalingPoint>& points, int row_count, double seconds, double kernel_seconds) {
        PreparedJob prepared =
            prepare_job(row_count, to_frames(seconds), to_frames(kernel_seconds), {}, thread_count_);
        const std::vector<ContestantProgram> programs = {
            contestants_in_memory(options_.places, {{device_}, {}}).front()};
        const Measured measured = hold_contest(entrants_in_memory(programs, prepared, {}), contest_)[0];
        if (!measured.is_timed()) {
            const ConvolutionCase which{Level::memory, row_count, seconds, kernel_seconds};
            failures_ +=
                "* " + which.text() + ": " + (measured.refused ? "REFUSED" : measured.missing) + "\n";
            return;
        }
        const double channel_seconds =
            row_count * static_cast<double>(prepared.job().result_frames()) / case_rate_hz;
        ScalingPoint point{row_count, prepared.job().tap_count, measured.wall_s};
        for (double& cost : point.cost_s) cost /= channel_seconds;
        points.push_back(point);
    }

    const ConvolutionOptions& options_;
    std::string device_;
    int thread_count_;
    ContestOptions contest_;
    std::string failures_;
};

double log_growth(const ScalingPoint& from, const ScalingPoint& to) {
    return std::log2(static_cast<double>(to.tap_count)) / std::log2(static_cast<double>(from.tap_count));
}

/// The worst growth to any longer kernel from one of points first_from ... last_from.
Growth worst(const std::vector<ScalingPoint>& points, std::size_t first_from, std::size_t last_from) {
    TUTTI_CHECK(points.size() >= 2);
    Growth worst;
    for (std::size_t from = first_from; from <= last_from; ++from) {
        for (std::size_t to = from + 1; to < points.size(); ++to) {
            const Growth growth{points[from].tap_count, points[to].tap_count,
                                cost_of(points[to]) / cost_of(points[from]),
                                log_growth(points[from], points[to])};
            if (worst.to_taps == 0 || growth.excess() > worst.excess()) worst = growth;
        }
    }
    return worst;
}

std::string points_text(const std::vector<ScalingPoint>& points) {
    if (points.empty()) return "";
    std::vector<std::vector<std::string>> rows = {{"rows", "kernel, s", "taps", "ms per channel second",
                                                   "lowest against the first", "log of the taps, too"}};
    for (const ScalingPoint& point : points) {
        const Summary cost = summarize(point.cost_s);
        rows.push_back({std::to_string(point.row_count),
                        significant(static_cast<double>(point.tap_count) / case_rate_hz, 3),
                        std::to_string(point.tap_count),
                        significant(1e3 * cost.median, 3) + " (" + significant(1e3 * cost.lowest, 3) +
                            " ... " + significant(1e3 * cost.highest, 3) + ")",
                        significant(cost.lowest / cost_of(points[0]), 3),
                        significant(log_growth(points[0], point), 3)});
    }
    return table_text(rows) + "\n";
}

nlohmann::json points_json(const std::vector<ScalingPoint>& points) {
    nlohmann::json list = nlohmann::json::array();
    for (const ScalingPoint& point : points) {
        list.push_back(
            {{"rows", point.row_count}, {"taps", point.tap_count}, {"s_per_channel_second", point.cost_s}});
    }
    return list;
}

ChartLine line_of(const std::string& device, const std::vector<ScalingPoint>& points, ChartColour colour) {
    ChartLine line{"tutti " + device, {}, colour, true};
    for (const ScalingPoint& point : points) {
        const Summary cost = summarize(point.cost_s);
        line.points.push_back({static_cast<double>(point.tap_count) / case_rate_hz, 1e3 * cost.median,
                               1e3 * cost.lowest, 1e3 * cost.highest});
    }
    return line;
}

/// What the first cost grows to with the logarithm of the taps.
ChartLine logarithm_from(const std::vector<ScalingPoint>& points) {
    ChartLine line{"its start x log(taps)", {}, ChartColour::grey, false, true};
    for (const ScalingPoint& point : points) {
        const double cost = 1e3 * cost_of(points[0]) * log_growth(points[0], point);
        line.points.push_back({static_cast<double>(point.tap_count) / case_rate_hz, cost, cost, cost});
    }
    return line;
}

}  // namespace

Growth growth_from_first(const std::vector<ScalingPoint>& points) { return worst(points, 0, 0); }

Growth steepest_growth(const std::vector<ScalingPoint>& points) {
    return worst(points, 0, points.size() - 2);
}

std::string growth_text(const std::vector<ScalingPoint>& points) {
    if (points.size() < 2) return "";
    const auto times = [](const Growth& growth) {
        return significant(growth.growth, 3) + " times where the logarithm grows " +
               significant(growth.allowed, 3) + " times";
    };
    const auto taps = [](std::int64_t count) { return std::to_string(count) + " taps"; };
    const Growth first = growth_from_first(points);
    const Growth steepest = steepest_growth(points);
    const bool faster = first.excess() > 1.0;
    return "From " + taps(first.from_taps) + " on the cost of a channel second grows " +
           (faster ? "FASTER" : "no faster") +
           " than the logarithm of the taps: " + (faster ? "most at " : "nearest to it at ") +
           taps(first.to_taps) + ", " + times(first) + ". The steepest stretch, from " +
           taps(steepest.from_taps) + " to " + taps(steepest.to_taps) + ", grows " + times(steepest) +
           ".\n\n";
}

bool benchmark_scaling(const ConvolutionOptions& options, std::ostream& out) {
    const Machine machine = this_machine();
    const std::string repeats = "Medians of " + std::to_string(options.repeat_count) + " runs";
    Chart chart{"What a channel second costs, on " + machine.cpu,
                {ConvolutionCase{Level::memory, rows_over_kernels, seconds_over_kernels, 0.0}.rows_text() +
                     " at 48 kHz; seconds of the result, tail included",
                 repeats + ", bars from the fastest to the slowest"},
                "length of the kernel, s",
                "ms per channel second",
                {}};
    std::string text;
    const auto say = [&](const std::string& words) {
        text += words;
        out << words << std::flush;
    };
    say("# What convolution costs\n\nOn " + machine.text() + ". " + repeats +
        " (lowest ... highest), per second of a channel of the result, tail included.\n\n");
    nlohmann::json report = {{"machine", machine.text()}, {"versions", version_text()}};
    bool all_timed = true;
    constexpr std::array<ChartColour, 3> colours = {ChartColour::blue, ChartColour::green,
                                                    ChartColour::purple};
    for (std::size_t i = 0; i < options.choice.devices.size(); ++i) {
        const std::string& device = options.choice.devices[i];
        Scaling scaling(options, device);
        say("## tutti " + device + "\n\n");
        const std::vector<ScalingPoint> over_rows = scaling.over_rows();
        say(points_text(over_rows));
        const std::vector<ScalingPoint> over_kernels = scaling.over_kernels();
        say(points_text(over_kernels) + growth_text(over_kernels) + scaling.failures());
        all_timed = all_timed && scaling.failures().empty();
        report["devices"][device] = {{"over_rows", points_json(over_rows)},
                                     {"over_kernels", points_json(over_kernels)}};
        if (over_kernels.empty()) continue;
        if (chart.lines.empty()) chart.lines.push_back(logarithm_from(over_kernels));
        chart.lines.push_back(line_of(device, over_kernels, colours[i % colours.size()]));
    }
    if (!options.json.empty()) write_text_file(options.json, report.dump(2) + "\n");
    if (!options.markdown.empty()) write_text_file(options.markdown, text);
    if (!options.picture.empty()) write_chart(options.picture, chart);
    return all_timed;
}

}  // namespace tutti::bench
