#include <nlohmann/json.hpp>

#include "benchmarks/render_results.hpp"

namespace tutti::bench {

namespace {

using nlohmann::json;

json to_json(const Ratio& ratio) {
    return {
        {"median", ratio.median}, {"low", ratio.low}, {"high", ratio.high}, {"confidence", ratio.confidence}};
}

json to_json(const LevelDifference& difference) {
    return {{"median_db", difference.median_db},
            {"greatest_db", difference.greatest_db},
            {"greatest_at_hz", difference.greatest_at_hz}};
}

json to_json(const RenderedBy& contestant, const RenderedBy& tutti) {
    json object = {
        {"name", contestant.name}, {"version", contestant.version}, {"is_floor", contestant.is_floor}};
    if (!contestant.missing.empty()) object["missing"] = contestant.missing;
    if (contestant.linear) object["levels_without_dynamics"] = to_json(*contestant.linear);
    if (contestant.with_dynamics) object["levels_with_dynamics"] = to_json(*contestant.with_dynamics);
    object["refused"] = contestant.refused;
    object["crashes"] = contestant.crash_count;
    if (!contestant.is_timed()) return object;
    object["wall_s"] = contestant.wall_s;
    object["cpu_s"] = contestant.cpu_s;
    object["peak_memory_mib"] = contestant.peak_memory_mib;
    if (&contestant == &tutti || !tutti.is_timed()) return object;
    object["wall_over_tutti"] = to_json(ratio_to(contestant.wall_s, tutti.wall_s));
    object["cpu_over_tutti"] = to_json(ratio_to(contestant.cpu_s, tutti.cpu_s));
    return object;
}

json to_json(const RenderCase& which) {
    json object = {{"what", which.what},
                   {"tracks", which.track_count},
                   {"mix_s", which.mix_s},
                   {"stem_bytes", which.stem_bytes},
                   {"compared_s", which.check_s},
                   {"load", which.load},
                   {"transforms_s", which.transforms_s}};
    if (const std::optional<double> bound = which.bound_s()) object["decoding_and_transforms_s"] = *bound;
    for (const RenderedBy& contestant : which.contestants) {
        object["contestants"].push_back(to_json(contestant, which.tutti()));
    }
    return object;
}

}  // namespace

std::string render_json(const RenderResults& results) {
    json report = {
        {"machine", results.machine.text()}, {"repeat", results.repeat_count}, {"cases", json::array()}};
    for (const RenderCase& which : results.cases) report["cases"].push_back(to_json(which));
    return report.dump(2) + "\n";
}

}  // namespace tutti::bench
