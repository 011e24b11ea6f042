#include <cstdio>
#include <nlohmann/json.hpp>

#include "host/file_loudness.hpp"
#include "host/progress.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

template <typename... Values>
std::string format(const char* pattern, Values... values) {
    char text[256];
    std::snprintf(text, sizeof text, pattern, values...);
    return text;
}

/// Three digits: what a standard's tables give.
std::string sone_text(double sone) {
    if (sone <= 0.0) return "0 sone";
    const int decimals = sone < 0.01 ? 5 : sone < 0.1 ? 4 : sone < 10.0 ? 3 : sone < 100.0 ? 2 : 1;
    return format("%.*f sone", decimals, sone);
}

/// With its level in phon; in words where there is none.
std::string loudness_level_text(double sone) {
    const double phon = sone_to_phon(sone);
    return sone_text(sone) + (phon > 0.0 ? format(", %.1f phon", phon) : std::string(", below 0 phon"));
}

const char* field_word(SoundField field) {
    if (field == SoundField::free) return "free";
    return field == SoundField::diffuse ? "diffuse" : "eardrum";
}

nlohmann::ordered_json stationary_json(const StationaryLoudness& loudness) {
    return {{"sone", loudness.sone},
            {"phon", sone_to_phon(loudness.sone)},
            {"left_sone", loudness.ear_sone[0]},
            {"right_sone", loudness.ear_sone[1]},
            {"left_sone_per_cam", loudness.specific[0]},
            {"right_sone_per_cam", loudness.specific[1]}};
}

nlohmann::ordered_json series_json(const LoudnessSeries& series) {
    return {{"max_short_term_sone", series.most_short_term_sone},
            {"max_short_term_at_s", series.most_short_term_at_s},
            {"max_long_term_sone", series.most_long_term_sone},
            {"max_long_term_phon", sone_to_phon(series.most_long_term_sone)},
            {"mean_long_term_sone", series.mean_long_term_sone},
            {"step_s", 0.01},
            {"short_term_sone", series.short_term_sone},
            {"long_term_sone", series.long_term_sone}};
}

}  // namespace

std::string loudness_text(const FileLoudness& loudness) {
    const LoudnessSeries& series = loudness.over_time;
    std::string text =
        printable(loudness.file.string()) + ": " +
        (loudness.channels == 1 ? "mono, the same at both ears" : "stereo, an ear each") +
        format(", %d Hz, %s\n", loudness.sample_rate_hz, clock_text(loudness.duration_s).c_str());
    text +=
        "  stationary  " + loudness_level_text(loudness.stationary.sone) + ", by the spectrum of all of it\n";
    text += "  long-term   " + loudness_level_text(series.most_long_term_sone) + " at most, " +
            sone_text(series.mean_long_term_sone) + " on average\n";
    text += "  short-term  " + loudness_level_text(series.most_short_term_sone) + " at most, at " +
            clock_text(series.most_short_term_at_s) + "\n";
    return text;
}

std::string loudness_json(const std::vector<FileLoudness>& files, const ListeningLevel& level,
                          const std::string& device) {
    nlohmann::ordered_json json;
    json["tutti_loudness"] = 1;
    json["model"] =
        "ANSI S3.4-2007, ears added; over time with the windows of Glasberg & Moore (2002) and the attack "
        "and "
        "release of ISO 532-3:2023";
    json["full_scale_spl_db"] = level.full_scale_spl_db;
    json["field"] = field_word(level.field);
    json["device"] = device;
    json["band_hz"] = files.empty() ? std::vector<double>{} : files.front().stationary.band_hz;
    json["band_step_cam"] = 0.1;
    json["files"] = nlohmann::ordered_json::array();
    for (const FileLoudness& file : files) {
        json["files"].push_back({{"file", file.file.string()},
                                 {"channels", file.channels},
                                 {"sample_rate_hz", file.sample_rate_hz},
                                 {"duration_s", file.duration_s},
                                 {"stationary", stationary_json(file.stationary)},
                                 {"over_time", series_json(file.over_time)}});
    }
    return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace tutti
