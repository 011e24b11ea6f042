#include "benchmarks/masking_text.hpp"

#include <nlohmann/json.hpp>

#include "benchmarks/statistics.hpp"
#include "benchmarks/table.hpp"

namespace tutti::bench {

namespace {

using nlohmann::json;

/// A rate in billions and its share of the most there is, where both are known.
std::vector<std::string> rate_cells(double amount, double seconds, double most_per_s) {
    if (amount <= 0.0 || seconds <= 0.0) return {"", ""};
    const double per_s = amount / seconds;
    return {significant(1e-9 * per_s, 3),
            most_per_s > 0.0 ? significant(100.0 * per_s / most_per_s, 2) + " %" : ""};
}

std::string spread_text(const Summary& summary, double scale) {
    return significant(scale * summary.median, 3) + " (" + significant(scale * summary.lowest, 3) + " ... " +
           significant(scale * summary.highest, 3) + ")";
}

json to_json(const MaskingCase& which) {
    json stages = json::array();
    for (const MaskingStage& stage : which.stages) {
        stages.push_back({{"name", stage.name},
                          {"s_per_s", stage.seconds},
                          {"operations_per_s_of_audio", stage.operations},
                          {"bytes_per_s_of_audio", stage.bytes}});
    }
    return {{"tracks", which.track_count},
            {"wall_s_per_s", which.wall_s},
            {"x_real_time", which.x_real_time()},
            {"memory_mib", which.memory_mib},
            {"forecast_mib", which.forecast_mib},
            {"active_share", which.active_share},
            {"pairs_share", which.pairs_share()},
            {"track_s_per_s", which.track_s()},
            {"stages", stages}};
}

}  // namespace

std::string masking_heading(const MaskingReport& report) {
    std::string text = "## Masking analysis\n\n" + report.version + "; " + report.machine.text() + "; " +
                       std::to_string(report.thread_count) + " threads\n\ndevice: " + report.device +
                       "; tracks: " + report.material + ", stereo, 48 kHz, 100 slices a second\n\n";
    std::vector<std::vector<std::string>> table = {{"beside the textbook in double precision", "error"}};
    for (const MaskingError& error : report.errors) {
        table.push_back({error.name, significant(error.error, 2)});
    }
    text += table_text(table) + "\n";
    if (!report.is_right()) {
        return text + "Not within " + significant(most_masking_error, 1) + ": nothing is timed.\n";
    }
    text += "At most:";
    if (report.peaks.operations_per_s > 0.0) {
        text +=
            " " + significant(1e-9 * report.peaks.operations_per_s, 3) + " GFLOP/s in fused multiply-adds,";
    }
    return text + " " + significant(1e-9 * report.peaks.bytes_per_s, 3) + " GB/s in a copy.\n";
}

std::string masking_case_text(const MaskingReport& report, const MaskingCase& which) {
    std::vector<std::vector<std::string>> table = {
        {"stage", "ms per s of audio", "share", "GFLOP/s", "of most", "GB/s", "of copy"}};
    double all_s = 0.0;
    for (const MaskingStage& stage : which.stages) all_s += stage.seconds;
    for (const MaskingStage& stage : which.stages) {
        std::vector<std::string> cells = {stage.name, significant(1e3 * stage.seconds, 3),
                                          significant(100.0 * stage.seconds / all_s, 2) + " %"};
        for (const auto& rates : {rate_cells(stage.operations, stage.seconds, report.peaks.operations_per_s),
                                  rate_cells(stage.bytes, stage.seconds, report.peaks.bytes_per_s)}) {
            cells.insert(cells.end(), rates.begin(), rates.end());
        }
        table.push_back(cells);
    }
    return "\n### " + std::to_string(which.track_count) + " tracks, " +
           significant(100.0 * which.active_share, 2) + " % of their cells active\n\n" + table_text(table);
}

std::string masking_growth_text(const MaskingReport& report) {
    std::vector<std::vector<std::string>> table = {{"tracks", "ms per s of audio", "x real time",
                                                    "memory, MiB", "reckoned, MiB",
                                                    "us per s of a track, without pairs", "share of pairs"}};
    for (const MaskingCase& which : report.cases) {
        table.push_back({std::to_string(which.track_count), spread_text(summarize(which.wall_s), 1e3),
                         significant(which.x_real_time(), 3), significant(which.memory_mib, 3),
                         significant(which.forecast_mib, 3), significant(1e6 * which.track_s(), 3),
                         significant(100.0 * which.pairs_share(), 2) + " %"});
    }
    return "\n### Growth with the number of tracks, median (lowest ... highest)\n\n" + table_text(table);
}

std::string masking_markdown(const MaskingReport& report) {
    std::string text = masking_heading(report);
    for (const MaskingCase& which : report.cases) text += masking_case_text(report, which);
    return report.cases.empty() ? text : text + masking_growth_text(report);
}

std::string masking_json(const MaskingReport& report) {
    json object = {{"machine", report.machine.text()},
                   {"version", report.version},
                   {"device", report.device},
                   {"threads", report.thread_count},
                   {"seconds", report.seconds},
                   {"material", report.material},
                   {"peak_operations_per_s", report.peaks.operations_per_s},
                   {"copy_bytes_per_s", report.peaks.bytes_per_s},
                   {"is_right", report.is_right()},
                   {"errors", json::object()},
                   {"cases", json::array()}};
    for (const MaskingError& error : report.errors) object["errors"][error.name] = error.error;
    for (const MaskingCase& which : report.cases) object["cases"].push_back(to_json(which));
    return object.dump(2) + "\n";
}

}  // namespace tutti::bench
