#include "benchmarks/convolution_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace tutti::bench {

namespace {

using nlohmann::json;

json to_json(const Ratio& ratio) {
    return {
        {"median", ratio.median}, {"low", ratio.low}, {"high", ratio.high}, {"confidence", ratio.confidence}};
}

/// JSON knows no infinity: null for a result that is exact, or no number at all.
json finite(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? json(*value) : json();
}

json to_json(const CaseResults& results, const Measured& contestant) {
    json object = {{"name", contestant.name}, {"is_bound", contestant.is_bound}};
    if (!contestant.missing.empty()) {
        object["missing"] = contestant.missing;
        return object;
    }
    object["description"] = contestant.description;
    object["refused"] = contestant.refused;
    if (contestant.signal_to_error_db) object["signal_to_error_db"] = finite(contestant.signal_to_error_db);
    if (!contestant.is_timed()) return object;
    const double wall_s = summarize(contestant.wall_s).median;
    object["wall_s"] = contestant.wall_s;
    object["cpu_s"] = contestant.cpu_s;
    object["peak_memory_mib"] = contestant.peak_memory_mib;
    if (contestant.energy_j) object["energy_j"] = *contestant.energy_j;
    object["channel_samples_per_s"] = results.channel_samples() / wall_s;
    object["x_real_time"] = results.channel_seconds() / wall_s;
    object["tap_macs_per_s"] = results.tap_macs() / wall_s;
    if (const Measured* bound = results.bound()) {
        object["share_of_bound"] = summarize(bound->wall_s).median / wall_s;
    }
    if (contestant.bound_s > 0.0) object["share_of_copy_bandwidth"] = contestant.bound_s / wall_s;
    if (results.reference() != nullptr && &contestant != results.reference()) {
        object["over_reference"] = {
            {"reference", results.reference()->name},
            {"wall", to_json(*over_reference(results, contestant, &Measured::wall_s))},
            {"cpu", to_json(*over_reference(results, contestant, &Measured::cpu_s))}};
    }
    return object;
}

json to_json(const CaseResults& results) {
    json object = {{"level", results.size.level == Level::memory ? "memory" : "files"},
                   {"rows", results.size.row_count},
                   {"seconds", results.size.seconds},
                   {"kernel_seconds", results.size.kernel_seconds},
                   {"frames", results.frame_count},
                   {"taps", results.tap_count},
                   {"material", results.material},
                   {"contestants", json::array()}};
    for (const Measured& contestant : results.contestants) {
        object["contestants"].push_back(to_json(results, contestant));
    }
    return object;
}

}  // namespace

std::string report_json(const ConvolutionReport& report) {
    json object = {{"machine", report.machine.text()},
                   {"cpu", report.machine.cpu},
                   {"versions", report.versions},
                   {"threads", report.thread_count},
                   {"repeat", report.repeat_count},
                   {"energy", report.energy},
                   {"cases", json::array()}};
    for (const CaseResults& results : report.cases) object["cases"].push_back(to_json(results));
    return object.dump(2) + "\n";
}

}  // namespace tutti::bench
