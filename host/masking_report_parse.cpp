#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/errors.hpp"
#include "host/masking_report.hpp"
#include "host/masking_report_json.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

using Json = nlohmann::json;

constexpr const char* schema_name = "tutti-masking";

/// A value of the document and where it stands in it, for messages.
class Value {
  public:
    Value(const Json& json, std::string file, std::string where)
        : json_(json), file_(std::move(file)), where_(std::move(where)) {}

    Value at(const std::string& key) const {
        const std::string where = where_.empty() ? key : where_ + "." + key;
        const auto found = json_.is_object() ? json_.find(key) : json_.end();
        if (!json_.is_object() || found == json_.end()) throw InputError(file_ + ": lacks " + where);
        return {*found, file_, where};
    }

    bool has(const std::string& key) const { return json_.is_object() && json_.contains(key); }
    bool is_null() const { return json_.is_null(); }

    std::string text() const {
        if (!json_.is_string()) fail("a text");
        return json_.get<std::string>();
    }

    bool flag() const {
        if (!json_.is_boolean()) fail("true or false");
        return json_.get<bool>();
    }

    double number(double least, double most) const {
        const double value = json_.is_number() ? json_.get<double>() : std::nan("");
        if (!(value >= least && value <= most))
            fail("a number from " + number_text(least) + " to " + number_text(most));
        return value;
    }

    std::optional<double> number_or_null(double least, double most) const {
        return is_null() ? std::nullopt : std::optional(number(least, most));
    }

    int whole(int least, int most) const {
        const double value = json_.is_number_integer() ? json_.get<double>() : std::nan("");
        if (!(value >= least && value <= most))
            fail("a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        return static_cast<int>(value);
    }

    std::vector<Value> list() const {
        if (!json_.is_array()) fail("a list");
        std::vector<Value> elements;
        for (const Json& element : json_)
            elements.emplace_back(element, file_, where_ + "[" + std::to_string(elements.size()) + "]");
        return elements;
    }

    std::vector<std::string> texts() const {
        std::vector<std::string> words;
        for (const Value& element : list()) words.push_back(element.text());
        return words;
    }

    [[noreturn]] void fail(const std::string& expected) const {
        throw InputError(file_ + ": " + where_ + ": expected " + expected);
    }

  private:
    const Json& json_;
    std::string file_;
    std::string where_;
};

// Far beyond any session, and small enough that products of them fit.
constexpr int most_hops = 100'000'000;
constexpr int most_objects = 100'000;
constexpr double longest_s = 1e7;
constexpr double loudest_db = 1000.0;

void read_session(const Value& session, MaskingResults& results) {
    results.session_name = session.at("name").text();
    results.session_file = session.at("file").text();
    results.sample_rate_hz = session.at("sample_rate_hz").whole(1, 10'000'000);
    results.from_s = session.at("from_s").number(0.0, longest_s);
    results.duration_s = session.at("duration_s").number(0.0, longest_s);
    results.tempo_bpm = session.at("tempo_bpm").number_or_null(1e-3, 1e6);
    results.beats_per_bar = session.at("beats_per_bar").whole(1, 1000);
}

void read_calibration(const Value& calibration, MaskingCalibration& result) {
    result.full_scale_spl_db = calibration.at("full_scale_spl_db").number(-loudest_db, loudest_db);
    result.playback_spl_db = calibration.at("playback_spl_db").number_or_null(-loudest_db, loudest_db);
    result.mix_lufs = calibration.at("mix_lufs").number_or_null(-loudest_db, loudest_db);
}

/// The bands are the program's own: a report with others would be shown at wrong frequencies.
void check_frequencies(const Value& list, const std::vector<double>& expected) {
    const std::vector<Value> found = list.list();
    bool same = found.size() == expected.size();
    for (std::size_t i = 0; same && i < expected.size(); ++i)
        same = std::abs(found[i].number(0.0, 1e6) - expected[i]) <= 1e-6 * expected[i];
    if (!same) list.fail("the " + std::to_string(expected.size()) + " frequencies of this version");
}

void read_grid(const Value& grid, MaskingResults& results) {
    const std::string kind = grid.at("kind").text();
    if (kind != "usual" && kind != "exact") grid.at("kind").fail("usual or exact");
    results.grid = kind == "exact" ? GridKind::exact : GridKind::usual;
    results.hop_s = grid.at("hop_s").number(1e-3, 1e3);
    results.hop_count = grid.at("hop_count").whole(0, most_hops);
    results.section_s = grid.at("section_s").number(1e-3, longest_s);
    results.section_count = grid.at("section_count").whole(0, most_hops);
    check_frequencies(grid.at("display_band_hz"), display_band_hz());
    check_frequencies(grid.at("band_group_edges_hz"), band_group_edges_hz());
}

std::vector<MaskingObject> read_objects(const Value& list) {
    const std::vector<Value> places = list.list();
    const int count = static_cast<int>(places.size());
    if (count > most_objects) list.fail("at most " + std::to_string(most_objects));
    std::vector<MaskingObject> objects;
    objects.reserve(places.size());
    for (const Value& place : places) {
        MaskingObject object;
        object.name = place.at("name").text();
        object.group = place.at("group").text();
        object.strips = place.at("strips").texts();
        object.is_return = place.at("is_return").flag();
        for (const Value& source : place.at("sources").list())
            object.sources.push_back(source.whole(0, count - 1));
        // Reports of before it was listed lack it.
        if (place.has("related")) {
            for (const Value& other : place.at("related").list())
                object.related.push_back(other.whole(0, count - 1));
        }
        objects.push_back(std::move(object));
    }
    return objects;
}

Json parse(std::string_view text) { return Json::parse(text.begin(), text.end(), nullptr, false); }

bool is_report(const Json& json) {
    return json.is_object() && json.contains("schema") && json["schema"] == schema_name;
}

}  // namespace

MaskingResults parse_masking_report(std::string_view text, const std::filesystem::path& file) {
    const std::string name = printable(file.string());
    const Json json = parse(text);
    if (json.is_discarded()) throw InputError(name + ": is damaged: no JSON");
    if (!is_report(json)) throw InputError(name + ": is no report of a masking analysis");
    const Value report(json, name, "");
    const Json version = json.value("version", Json());
    if (version != masking_report_version) {
        throw InputError(name + ": is of version " +
                         version.dump(-1, ' ', true, Json::error_handler_t::replace) +
                         "; this program reads version " + std::to_string(masking_report_version));
    }
    MaskingResults results;
    read_session(report.at("session"), results);
    results.device = report.at("device").text();
    read_calibration(report.at("calibration"), results.calibration);
    read_grid(report.at("grid"), results);
    results.tracks.objects = read_objects(report.at("tracks"));
    results.groups.objects = read_objects(report.at("groups"));
    for (const Value& merge : report.at("merges").list())
        results.merges.push_back({merge.at("strips").texts(), merge.at("coherence").number(0.0, 1.0)});
    results.notes = report.at("notes").texts();
    return results;
}

std::vector<std::string> masking_report_files(std::string_view text) {
    const Json json = parse(text);
    std::vector<std::string> files;
    if (json.is_discarded() || !is_report(json) || !json.contains("files") || !json["files"].is_array())
        return files;
    for (const Json& file : json["files"]) {
        if (file.is_string()) files.push_back(file.get<std::string>());
    }
    return files;
}

std::string masking_report_session(std::string_view text) {
    const Json json = parse(text);
    if (json.is_discarded() || !is_report(json) || !json.contains("session")) return {};
    const Json& session = json["session"];
    if (!session.is_object() || !session.contains("file") || !session["file"].is_string()) return {};
    return session["file"].get<std::string>();
}

}  // namespace tutti
