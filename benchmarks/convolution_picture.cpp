#include "benchmarks/convolution_picture.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace tutti::bench {

namespace {

std::vector<const CaseResults*> cases_to_draw(const ConvolutionReport& report) {
    std::map<std::pair<int, std::int64_t>, std::vector<const CaseResults*>> alike;
    for (const CaseResults& results : report.cases) {
        if (results.size.level != Level::memory) continue;
        alike[{results.size.row_count, results.frame_count}].push_back(&results);
    }
    std::vector<const CaseResults*> most;
    for (auto& [size, cases] : alike) {
        if (cases.size() >= most.size()) most = cases;
    }
    std::sort(most.begin(), most.end(),
              [](const CaseResults* a, const CaseResults* b) { return a->tap_count < b->tap_count; });
    return most;
}

ChartColour colour_of(const Measured& contestant) {
    if (contestant.name.ends_with("64")) return ChartColour::black;
    static const std::map<std::string, ChartColour> colours = {{"fftw", ChartColour::orange},
                                                               {"zita", ChartColour::vermilion},
                                                               {"scipy", ChartColour::purple},
                                                               {"torch", ChartColour::green}};
    const auto found = colours.find(contestant.key);
    return found == colours.end() ? ChartColour::grey : found->second;
}

ChartLine& line_of(Chart& chart, const Measured& contestant) {
    const auto found = std::find_if(chart.lines.begin(), chart.lines.end(),
                                    [&](const ChartLine& line) { return line.name == contestant.name; });
    if (found != chart.lines.end()) return *found;
    ChartLine line{contestant.name, {}};
    if (contestant.is_tutti) {
        const bool first = std::none_of(chart.lines.begin(), chart.lines.end(),
                                        [](const ChartLine& other) { return other.bold; });
        line.bold = first;
        line.colour = first ? ChartColour::blue : ChartColour::sky;
    } else if (contestant.is_bound) {
        line.dashed = true;
        line.colour = ChartColour::grey;
    } else {
        line.colour = colour_of(contestant);
    }
    chart.lines.push_back(line);
    return chart.lines.back();
}

}  // namespace

Chart throughput_chart(const ConvolutionReport& report) {
    const std::vector<const CaseResults*> cases = cases_to_draw(report);
    Chart chart;
    chart.title = "Convolution on " + report.machine.cpu;
    if (!cases.empty()) {
        const ConvolutionCase& size = cases.front()->size;
        chart.notes = {size.rows_text() + " at 48 kHz, " + std::to_string(report.thread_count) +
                           (report.thread_count == 1 ? " thread" : " threads") + " for everyone",
                       "Medians of " + std::to_string(report.repeat_count) +
                           " runs in turn, bars from the slowest to the fastest; in memory"};
    }
    chart.x_title = "length of the kernel, s";
    chart.y_title = "throughput, seconds of channels per second";
    for (const CaseResults* results : cases) {
        for (const Measured& contestant : results->contestants) {
            if (!contestant.is_timed()) continue;
            const Summary wall = summarize(contestant.wall_s);
            const double seconds = results->channel_seconds();
            line_of(chart, contestant)
                .points.push_back({results->size.kernel_seconds, seconds / wall.median,
                                   seconds / wall.highest, seconds / wall.lowest});
        }
    }
    return chart;
}

}  // namespace tutti::bench
