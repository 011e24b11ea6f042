#include "host/masking_advice.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/errors.hpp"
#include "host/masking_sentences.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

using Json = nlohmann::ordered_json;

/// Of a hundred maskers most have no part worth a line.
constexpr double least_listed_share = 0.01;

Json event_json(const MaskingResults& results, const MaskingView& view, const ClashEvent& event) {
    Json maskers = Json::array();
    for (const ClashEvent::Masker& masker : event.maskers) {
        if (masker.share < least_listed_share) break;
        maskers.push_back({{"object", masker.object},
                           {"name", view.objects[masker.object].name},
                           {"share", masker.share},
                           {"benefit_sone_s_per_db", masker.benefit}});
    }
    Json targets = Json::array();
    for (const ClashEvent::Target& target : event.targets) {
        targets.push_back({{"object", target.object},
                           {"name", view.objects[target.object].name},
                           {"hidden_part", target.part},
                           {"clash_sone_s", target.clash}});
    }
    const int first_section = static_cast<int>((event.from_s - results.from_s) / results.section_s);
    const int end_section = static_cast<int>(std::ceil((event.to_s - results.from_s) / results.section_s));
    return {{"sentence", event_sentence(results, view, event)},
            {"target", event.target},
            {"name", view.objects[event.target].name},
            {"low_hz", event.low_hz},
            {"high_hz", event.high_hz},
            {"from_s", event.from_s},
            {"to_s", event.to_s},
            {"first_band_group", event.first_group},
            {"band_groups", event.group_count},
            {"first_section", first_section},
            {"sections", std::min(end_section, results.section_count) - first_section},
            {"inaudible_share", event.inaudible_share},
            {"heavily_masked_share", event.heavy_share},
            {"benefit_sone_s_per_db", event.benefit},
            {"worth_sone_s", event.worth},
            {"won_together_sone_s", event.won},
            {"clash_sone_s", event.clash},
            {"inside_group", event.inside_group},
            {"maskers", std::move(maskers)},
            {"targets", std::move(targets)}};
}

Json events_json(const MaskingResults& results, const MaskingView& view,
                 const std::vector<ClashEvent>& events) {
    Json list = Json::array();
    for (const ClashEvent& event : events) list.push_back(event_json(results, view, event));
    return list;
}

Json suggestion_json(const MaskingResults& results, const Suggestion& suggestion) {
    const auto& objects = results.tracks.objects;
    Json json = {{"sentence", suggestion_sentence(results, suggestion)},
                 {"kind", suggestion.kind == Suggestion::Kind::cut ? "cut" : "pan"},
                 {"object", suggestion.object},
                 {"name", objects[suggestion.object].name},
                 {"other", suggestion.other},
                 {"strips", suggestion.strips}};
    if (suggestion.kind == Suggestion::Kind::cut) {
        json["freq_hz"] = suggestion.bell.freq_hz;
        json["gain_db"] = suggestion.bell.gain_db;
        json["q"] = suggestion.bell.q;
    } else {
        json["pan_from"] = suggestion.pan_from;
        json["pan_to"] = suggestion.pan_to;
    }
    Json gains = Json::array();
    for (const Suggestion::Gain& gain : suggestion.gains) {
        gains.push_back({{"object", gain.object},
                         {"name", objects[gain.object].name},
                         {"gain_sone_s", gain.sone_s},
                         {"share", gain.share}});
    }
    json.update({{"low_hz", suggestion.low_hz},
                 {"high_hz", suggestion.high_hz},
                 {"from_s", suggestion.from_s},
                 {"to_s", suggestion.to_s},
                 {"first_band_group", suggestion.first_group},
                 {"band_groups", suggestion.group_count},
                 {"benefit_sone_s_per_db", suggestion.benefit},
                 {"self_cost_sone_s_per_db", suggestion.self_cost},
                 {"gains", std::move(gains)},
                 {"own_change_sone_s", suggestion.own_change},
                 {"total_change_sone_s", suggestion.total_change},
                 {"expected_together_sone_s", suggestion.expected}});
    return json;
}

/// Members of report.json, checked as they are read.
class Reader {
  public:
    Reader(std::string file, const MaskingResults& results) : file_(std::move(file)), results_(results) {}

    const Json& member(const Json& json, const char* key) const {
        if (!json.is_object() || !json.contains(key)) throw InputError(file_ + ": lacks " + key);
        return json.at(key);
    }

    double number(const Json& json, const char* key) const {
        const Json& value = member(json, key);
        if (!value.is_number()) fail(key, "a number");
        return value.get<double>();
    }

    int whole(const Json& json, const char* key, std::size_t end) const {
        const double value = number(json, key);
        if (!(value >= 0.0 && value < static_cast<double>(end) && value == std::floor(value)))
            fail(key, "a whole number under " + std::to_string(end));
        return static_cast<int>(value);
    }

    std::string text(const Json& json, const char* key) const {
        const Json& value = member(json, key);
        if (!value.is_string()) fail(key, "a text");
        return value.get<std::string>();
    }

    const Json& list(const Json& json, const char* key) const {
        const Json& value = member(json, key);
        if (!value.is_array()) fail(key, "a list");
        return value;
    }

    Suggestion suggestion(const Json& json) const {
        const std::size_t objects = results_.tracks.objects.size();
        const std::size_t groups = band_group_edges_hz().size() - 1;
        Suggestion suggestion;
        const std::string kind = text(json, "kind");
        if (kind != "cut" && kind != "pan") fail("kind", "cut or pan");
        suggestion.object = whole(json, "object", objects);
        suggestion.other = whole(json, "other", objects);
        suggestion.strips = results_.tracks.objects[suggestion.object].strips;
        if (kind == "cut") {
            suggestion.bell.freq_hz = number(json, "freq_hz");
            suggestion.bell.gain_db = number(json, "gain_db");
            suggestion.bell.q = number(json, "q");
        } else {
            suggestion.kind = Suggestion::Kind::pan;
            suggestion.pan_from = number(json, "pan_from");
            suggestion.pan_to = number(json, "pan_to");
        }
        suggestion.low_hz = number(json, "low_hz");
        suggestion.high_hz = number(json, "high_hz");
        suggestion.from_s = number(json, "from_s");
        suggestion.to_s = number(json, "to_s");
        suggestion.first_group = whole(json, "first_band_group", groups);
        suggestion.group_count = whole(json, "band_groups", groups - suggestion.first_group + 1);
        suggestion.benefit = number(json, "benefit_sone_s_per_db");
        suggestion.self_cost = number(json, "self_cost_sone_s_per_db");
        for (const Json& gain : list(json, "gains")) {
            suggestion.gains.push_back(
                {whole(gain, "object", objects), number(gain, "gain_sone_s"), number(gain, "share")});
        }
        suggestion.own_change = number(json, "own_change_sone_s");
        suggestion.total_change = number(json, "total_change_sone_s");
        suggestion.expected = number(json, "expected_together_sone_s");
        return suggestion;
    }

  private:
    [[noreturn]] void fail(const std::string& key, const std::string& expected) const {
        throw InputError(file_ + ": " + key + " of a suggestion: expected " + expected);
    }

    std::string file_;
    const MaskingResults& results_;
};

}  // namespace

Json advice_json(const MaskingResults& results, const MaskingAdvice& advice) {
    Json suggestions = Json::array();
    for (const Suggestion& suggestion : advice.suggestions.list)
        suggestions.push_back(suggestion_json(results, suggestion));
    return {{"group_events", events_json(results, results.groups, advice.events.groups)},
            {"events", events_json(results, results.tracks, advice.events.tracks)},
            {"suggestions", std::move(suggestions)},
            {"suggestions_total_change_sone_s", advice.suggestions.total_change}};
}

Suggestions read_suggestions(const std::filesystem::path& folder, const MaskingResults& results) {
    const std::filesystem::path file = folder / "report.json";
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw InputError(printable(file.string()) + ": cannot be read; allowed: a masking report");
    const Json report = Json::parse(stream, nullptr, false);
    const Reader reader(printable(file.string()), results);
    Suggestions suggestions;
    for (const Json& json : reader.list(report, "suggestions"))
        suggestions.list.push_back(reader.suggestion(json));
    suggestions.total_change = reader.number(report, "suggestions_total_change_sone_s");
    return suggestions;
}

}  // namespace tutti
