#include "host/masking_report_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "host/masking_arrays.hpp"
#include "host/masking_report.hpp"
#include "host/masking_summary.hpp"
#include "host/version.hpp"

namespace tutti {

namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json session_json(const MaskingResults& results) {
    return {{"name", results.session_name},
            {"file", results.session_file},
            {"sample_rate_hz", results.sample_rate_hz},
            {"from_s", results.from_s},
            {"duration_s", results.duration_s},
            {"tempo_bpm", or_null(results.tempo_bpm)},
            {"beats_per_bar", results.beats_per_bar}};
}

Json model_json() {
    return {
        {"excitation",
         "Glasberg & Moore, Hear. Res. 47 (1990) 103-138; six windows of Glasberg & Moore, "
         "J. Audio Eng. Soc. 50 (2002) 331-342"},
        {"partial_loudness", "Moore, Glasberg & Baer, J. Audio Eng. Soc. 45 (1997) 224-240"},
        {"constants", "ANSI S3.4-2007"},
        {"accuracy", "masked thresholds: 3 dB rms (Glasberg & Moore, J. Audio Eng. Soc. 53 (2005) 906-918)"}};
}

Json calibration_json(const MaskingCalibration& calibration) {
    return {{"full_scale_spl_db", calibration.full_scale_spl_db},
            {"playback_spl_db", or_null(calibration.playback_spl_db)},
            {"mix_lufs", or_null(calibration.mix_lufs)}};
}

Json grid_json(const MaskingResults& results) {
    return {{"kind", results.grid == GridKind::exact ? "exact" : "usual"},
            {"hop_s", results.hop_s},
            {"hop_count", results.hop_count},
            {"section_s", results.section_s},
            {"section_count", results.section_count},
            {"display_band_hz", display_band_hz()},
            {"band_group_edges_hz", band_group_edges_hz()}};
}

Json objects_json(const MaskingResults& results, const MaskingView& view) {
    constexpr std::size_t maskers_named = 5;
    const std::vector<ObjectSummary> summaries = summarize_masking(results, view);
    Json list = Json::array();
    for (std::size_t i = 0; i < summaries.size(); ++i) {
        const MaskingObject& object = view.objects[i];
        const ObjectSummary& summary = summaries[i];
        Json maskers = Json::array();
        for (const Blame& blame : summary.maskers) {
            if (maskers.size() == maskers_named) break;
            const std::string& name = view.objects[static_cast<std::size_t>(blame.masker)].name;
            maskers.push_back({{"name", name}, {"share", blame.share}, {"clash_sone_s", blame.clash}});
        }
        list.push_back({{"name", object.name},
                        {"group", object.group},
                        {"strips", object.strips},
                        {"is_return", object.is_return},
                        {"sources", object.sources},
                        {"related", object.related},
                        {"loudness_sone", summary.loudness_sone},
                        {"loudness_while_active_sone", summary.loudness_active_sone},
                        {"active_share", summary.active_share},
                        {"audibility",
                         {{"inaudible", summary.audibility[0]},
                          {"heavily_masked", summary.audibility[1]},
                          {"partly_masked", summary.audibility[2]},
                          {"clear", summary.audibility[3]}}},
                        {"clash_as_target_sone_s", summary.clash_as_target},
                        {"clash_as_masker_sone_s", summary.clash_as_masker},
                        {"maskers", maskers}});
    }
    return list;
}

Json merges_json(const std::vector<MaskingResults::Merge>& merges) {
    Json list = Json::array();
    for (const MaskingResults::Merge& merge : merges)
        list.push_back({{"strips", merge.strips}, {"coherence", merge.coherence}});
    return list;
}

Json arrays_json(const MaskingResults& results) {
    Json list = Json::array();
    for_each_masking_array(results, [&](const MaskingArray& array, const auto& elements) {
        using Element = typename std::decay_t<decltype(elements)>::value_type;
        Json axes = Json::array();
        for (const MaskingArray::Axis& axis : array.axes)
            axes.push_back({{"name", axis.name}, {"length", axis.length}});
        list.push_back({{"file", array.file},
                        {"dtype", npy_type_name<Element>()},
                        {"unit", array.unit},
                        {"what", array.what},
                        {"axes", axes}});
    });
    return list;
}

/// "tutti 0.1.0".
std::string program_text() {
    const std::string version = version_text();
    return version.substr(0, version.find('\n'));
}

}  // namespace

std::string masking_report_json(const MaskingResults& results, const MaskingAdvice& advice,
                                const std::vector<std::string>& files) {
    Json report = {{"schema", "tutti-masking"},
                   {"version", masking_report_version},
                   {"program", program_text()},
                   {"session", session_json(results)},
                   {"device", results.device},
                   {"model", model_json()},
                   {"calibration", calibration_json(results.calibration)},
                   {"grid", grid_json(results)},
                   {"tracks", objects_json(results, results.tracks)},
                   {"groups", objects_json(results, results.groups)},
                   {"merges", merges_json(results.merges)},
                   {"notes", results.notes}};
    report.update(advice_json(results, advice));
    report.update({{"arrays", arrays_json(results)}, {"files", files}});
    // A path or a name that is not UTF-8 loses the bytes that are not, and nothing else.
    constexpr int indent = 1;
    return report.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tutti
