#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "engine/threads.hpp"
#include "host/masking_columns.hpp"
#include "host/masking_page.hpp"
#include "host/masking_sentences.hpp"
#include "host/masking_summary.hpp"
#include "host/pictures/colour_map.hpp"

namespace tutti {

namespace {

using Json = nlohmann::json;
using Bytes = std::vector<std::uint8_t>;

constexpr int most_columns = 1200;
constexpr int most_stretches = 60;
constexpr std::size_t most_heat_bytes = 4'000'000;
constexpr std::size_t most_events = 40;
constexpr int steps_per_decade = 64;  // of a clash in a byte: four decades

/// The greatest that lies in the byte as 255.
std::uint8_t log_byte(double amount, double greatest) {
    if (!(amount > 0.0)) return 0;
    const double at = 255.0 + steps_per_decade * std::log10(amount / greatest);
    return at < 1.0 ? std::uint8_t{0} : static_cast<std::uint8_t>(std::min(255.0, std::round(at)));
}

/// Per pair its clash, and the band group and the section in which it is greatest.
struct Pairs {
    Bytes clash, band_group, section;  ///< [target][masker]; a section in parts of 255 of all
    double greatest = 0.0;
};

Pairs pairs_of(const MaskingResults& results, const MaskingView& view) {
    const MaskingShape shape(results, view);
    const std::vector<double> total = total_clash(results, view);
    Pairs pairs;
    for (const double clash : total) pairs.greatest = std::max(pairs.greatest, clash);
    const std::size_t count = total.size();
    pairs.band_group.assign(count, 0);
    pairs.section.assign(count, 0);
    std::vector<float> most_of_groups(count, 0.0F);
    std::vector<float> most_of_sections(count, 0.0F);
    std::vector<float> sum(count);
    const auto add = [&](int section, int group) {
        const std::size_t first = shape.pair(section, group, 0, 0);
        for (std::size_t i = 0; i < count; ++i) sum[i] += view.clash[first + i];
    };
    for (int group = 0; group < shape.groups; ++group) {
        std::fill(sum.begin(), sum.end(), 0.0F);
        for (int section = 0; section < shape.sections; ++section) add(section, group);
        for (std::size_t i = 0; i < count; ++i) {
            if (sum[i] <= most_of_groups[i]) continue;
            most_of_groups[i] = sum[i];
            pairs.band_group[i] = static_cast<std::uint8_t>(group);
        }
    }
    for (int section = 0; section < shape.sections; ++section) {
        std::fill(sum.begin(), sum.end(), 0.0F);
        for (int group = 0; group < shape.groups; ++group) add(section, group);
        for (std::size_t i = 0; i < count; ++i) {
            if (sum[i] <= most_of_sections[i]) continue;
            most_of_sections[i] = sum[i];
            pairs.section[i] = static_cast<std::uint8_t>(section * 255 / std::max(shape.sections - 1, 1));
        }
    }
    for (const double clash : total) pairs.clash.push_back(log_byte(clash, pairs.greatest));
    return pairs;
}

Json view_json(const MaskingResults& results, const MaskingView& view) {
    const Pairs pairs = pairs_of(results, view);
    const std::vector<ObjectSummary> summaries = summarize_masking(results, view);
    Json names = Json::array();
    Json groups = Json::array();
    Json classes = Json::array();
    Json active = Json::array();
    for (std::size_t i = 0; i < view.objects.size(); ++i) {
        names.push_back(view.objects[i].name);
        groups.push_back(view.objects[i].group);
        Json shares = Json::array();
        for (const double share : summaries[i].audibility) shares.push_back(std::lround(100.0 * share));
        classes.push_back(shares);
        active.push_back(std::lround(100.0 * summaries[i].active_share));
    }
    return {{"names", names},
            {"groups", groups},
            {"classes", classes},
            {"active", active},
            {"greatest", pairs.greatest},
            {"clash", base64(pairs.clash)},
            {"band_group", base64(pairs.band_group)},
            {"section", base64(pairs.section)}};
}

/// Per stretch and band group the three who hide a target most: number (two bytes) and share of the blame in
/// 255ths.
Bytes blame_bytes(const MaskingResults& results, int target, int sections_per_stretch) {
    const MaskingShape shape(results, results.tracks);
    Bytes bytes;
    std::vector<std::pair<float, int>> clash(static_cast<std::size_t>(shape.objects));
    for (int first = 0; first < shape.sections; first += sections_per_stretch) {
        for (int group = 0; group < shape.groups; ++group) {
            float all = 0.0F;
            for (int j = 0; j < shape.objects; ++j) clash[static_cast<std::size_t>(j)] = {0.0F, j};
            for (int section = first; section < std::min(first + sections_per_stretch, shape.sections);
                 ++section) {
                const std::size_t row = shape.pair(section, group, target, 0);
                for (std::size_t j = 0; j < clash.size(); ++j) {
                    clash[j].first += results.tracks.clash[row + j];
                    all += results.tracks.clash[row + j];
                }
            }
            const std::size_t named = std::min<std::size_t>(3, clash.size());
            std::partial_sort(clash.begin(), clash.begin() + static_cast<std::ptrdiff_t>(named), clash.end(),
                              [](const auto& a, const auto& b) {
                                  return a.first != b.first ? a.first > b.first : a.second < b.second;
                              });
            for (std::size_t i = 0; i < 3; ++i) {
                const auto [amount, masker] = i < named ? clash[i] : std::pair{0.0F, 0};
                const float share = all > 0.0F ? amount / all : 0.0F;
                bytes.push_back(static_cast<std::uint8_t>(masker & 255));
                bytes.push_back(static_cast<std::uint8_t>(masker >> 8));
                bytes.push_back(static_cast<std::uint8_t>(std::lround(255.0F * share)));
            }
        }
    }
    return bytes;
}

Bytes heat_bytes(const MaskingResults& results, int target, int columns) {
    const std::vector<float> margins = margin_columns(results, results.tracks, target, columns);
    const std::size_t bands = margins.size() / static_cast<std::size_t>(columns);
    Bytes steps;
    steps.reserve(margins.size());
    for (std::size_t band = 0; band < bands; ++band) {
        for (std::size_t column = 0; column < static_cast<std::size_t>(columns); ++column)
            steps.push_back(static_cast<std::uint8_t>(margin_step(margins[column * bands + band])));
    }
    return run_lengths(steps);
}

/// All tracks' heatmaps, in as many columns as there is room for.
Json heat_json(const MaskingResults& results) {
    const int count = static_cast<int>(results.tracks.objects.size());
    int columns = std::min(most_columns, results.hop_count);
    std::vector<Bytes> maps(static_cast<std::size_t>(count));
    while (columns > 0) {
        parallel_for(count,
                     [&](int i) { maps[static_cast<std::size_t>(i)] = heat_bytes(results, i, columns); });
        std::size_t bytes = 0;
        for (const Bytes& map : maps) bytes += map.size();
        if (bytes <= most_heat_bytes || columns == 1) break;
        const double room = static_cast<double>(most_heat_bytes) / static_cast<double>(bytes);
        columns = std::max(1, static_cast<int>(columns * std::min(0.9, 0.95 * room)));
    }
    Json list = Json::array();
    for (const Bytes& map : maps) list.push_back(base64(map));
    return {{"columns", columns}, {"maps", list}};
}

Json blame_json(const MaskingResults& results) {
    const int count = static_cast<int>(results.tracks.objects.size());
    const int per_stretch = std::max(1, (results.section_count + most_stretches - 1) / most_stretches);
    std::vector<std::string> texts(static_cast<std::size_t>(count));
    parallel_for(count, [&](int i) {
        texts[static_cast<std::size_t>(i)] = base64(blame_bytes(results, i, per_stretch));
    });
    return {{"stretch_s", per_stretch * results.section_s}, {"targets", texts}};
}

Json events_json(const MaskingResults& results, const MaskingView& view,
                 const std::vector<ClashEvent>& events) {
    Json list = Json::array();
    for (const ClashEvent& event : events) {
        if (list.size() == most_events) break;
        list.push_back({{"sentence", event_sentence(results, view, event)},
                        {"target", event.target},
                        {"masker", event.maskers.empty() ? -1 : event.maskers.front().object},
                        {"low_hz", event.low_hz},
                        {"high_hz", event.high_hz},
                        {"from_s", event.from_s},
                        {"to_s", event.to_s}});
    }
    return list;
}

std::string rounded(double value) { return std::to_string(std::lround(value)); }

/// "A sine at 0 dBFS is 102 dB SPL; the mix, at -19 LUFS, is played at 80 dB SPL."
std::string calibration_text(const MaskingCalibration& calibration) {
    std::string text = "A sine at 0 dBFS is taken as " + rounded(calibration.full_scale_spl_db) + " dB SPL";
    if (calibration.playback_spl_db)
        text += ": the mix is played at " + rounded(*calibration.playback_spl_db) + " dB SPL";
    if (calibration.mix_lufs) text += " (its loudness: " + rounded(*calibration.mix_lufs) + " LUFS)";
    return text + ".";
}

Json map_json(ColourMap map) {
    Json colours = Json::array();
    for (const auto& colour : colour_map_table(map)) colours.push_back(colour);
    return colours;
}

Json session_json(const MaskingResults& results) {
    Json notes = results.notes;
    for (const MaskingResults::Merge& merge : results.merges) {
        std::string names;
        for (const std::string& strip : merge.strips) names += (names.empty() ? "" : ", ") + strip;
        notes.push_back("Taken as one, being coherent: " + names + ".");
    }
    return {{"name", results.session_name},
            {"device", results.device},
            {"from_s", results.from_s},
            {"duration_s", results.duration_s},
            {"bar_s", results.tempo_bpm ? Json(results.beats_per_bar * 60.0 / *results.tempo_bpm) : Json()},
            {"calibration", calibration_text(results.calibration)},
            {"notes", notes}};
}

}  // namespace

int margin_step(float margin_db) {
    if (std::isnan(margin_db)) return 0;
    return static_cast<int>(std::clamp(std::floor(margin_db / 3.0F) + 5.0F, 1.0F, 12.0F));
}

std::vector<std::uint8_t> run_lengths(const std::vector<std::uint8_t>& steps) {
    constexpr int longest_run = 16;
    Bytes bytes;
    for (std::size_t i = 0; i < steps.size();) {
        std::size_t end = i + 1;
        while (end < steps.size() && end - i < longest_run && steps[end] == steps[i]) ++end;
        bytes.push_back(static_cast<std::uint8_t>((steps[i] << 4) | (end - i - 1)));
        i = end;
    }
    return bytes;
}

std::string base64(const std::vector<std::uint8_t>& bytes) {
    static constexpr const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t triple = 0;
        for (std::size_t k = 0; k < 3; ++k) triple = (triple << 8) | (k < count ? bytes[i + k] : 0U);
        for (std::size_t k = 0; k < 4; ++k) text += k <= count ? digits[(triple >> (18 - 6 * k)) & 63U] : '=';
    }
    return text;
}

std::string masking_page_data(const MaskingResults& results, const MaskingAdvice& advice) {
    Json suggestions = Json::array();
    for (const Suggestion& suggestion : advice.suggestions.list) {
        suggestions.push_back(
            {{"sentence", suggestion_sentence(results, suggestion)}, {"object", suggestion.object}});
    }
    const Json data = {{"session", session_json(results)},
                       {"band_hz", display_band_hz()},
                       {"edges_hz", band_group_edges_hz()},
                       {"section_count", results.section_count},
                       {"section_s", results.section_s},
                       {"margin_map", map_json(ColourMap::margin)},
                       {"amount_map", map_json(ColourMap::amount)},
                       {"tracks", view_json(results, results.tracks)},
                       {"groups", view_json(results, results.groups)},
                       {"group_events", events_json(results, results.groups, advice.events.groups)},
                       {"events", events_json(results, results.tracks, advice.events.tracks)},
                       {"nothing", nothing_to_attend_to()},
                       {"suggestions", suggestions},
                       {"heat", heat_json(results)},
                       {"blame", blame_json(results)}};
    std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
    // Nothing in a name may end the script element or begin a comment in it.
    std::string safe;
    safe.reserve(text.size());
    for (const char c : text) {
        if (c == '<') {
            safe += "\\u003c";
        } else {
            safe += c;
        }
    }
    return safe;
}

}  // namespace tutti
