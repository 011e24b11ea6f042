#include "host/masking_sentences.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "host/text.hpp"

namespace tutti {

namespace {

template <typename... Values>
std::string format(const char* pattern, Values... values) {
    char text[128];
    std::snprintf(text, sizeof text, pattern, values...);
    return text;
}

/// Two significant digits.
double rounded(double value) {
    if (value <= 0.0) return 0.0;
    const double step = std::pow(10.0, std::floor(std::log10(value)) - 1.0);
    return std::round(value / step) * step;
}

/// The number alone, in kHz or Hz.
std::string digits(double rounded_hz) {
    if (rounded_hz < 1000.0) return format("%.0f", rounded_hz);
    return format(rounded_hz < 10000.0 ? "%.1f" : "%.0f", rounded_hz / 1000.0);
}

const char* unit(double rounded_hz) { return rounded_hz < 1000.0 ? " Hz" : " kHz"; }

std::string clock(double seconds) {
    const auto whole = std::llround(seconds);
    const long long hours = whole / 3600;
    return hours > 0 ? format("%lld:%02lld:%02lld", hours, whole / 60 % 60, whole % 60)
                     : format("%lld:%02lld", whole / 60, whole % 60);
}

long long per_cent(double share) { return std::llround(100.0 * share); }

std::string joined_with_and(const std::vector<std::string>& parts) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    return text;
}

std::string hidden_by(const MaskingView& view, const ClashEvent& event) {
    std::vector<std::string> parts;
    double named = 0.0;
    const int count = named_masker_count(event);
    for (int i = 0; i < count; ++i) {
        const ClashEvent::Masker& masker = event.maskers[i];
        parts.push_back(printable(view.objects[masker.object].name) +
                        format(" (%lld %%)", per_cent(masker.share)));
        named += masker.share;
    }
    const auto others = std::count_if(event.maskers.begin() + count, event.maskers.end(),
                                      [](const auto& masker) { return masker.share >= 0.005; });
    if (named < 0.5 && others > 0) parts.push_back(format("%ld other%s", others, others == 1 ? "" : "s"));
    return joined_with_and(parts);
}

/// " Gtr L hides Pad and 12 others there, too.", empty when it hides the target only.
std::string also_hidden(const MaskingView& view, const ClashEvent& event) {
    const std::size_t count = event.targets.size();
    if (count < 2 || event.maskers.empty()) return "";
    const auto name = [&](int object) { return printable(view.objects[object].name); };
    std::vector<std::string> parts{name(event.targets[1].object)};
    if (count == 3) parts.push_back(name(event.targets[2].object));
    if (count > 3) parts.push_back(std::to_string(count - 2) + " others");
    return " " + name(event.maskers.front().object) + " hides " + joined_with_and(parts) + " there, too.";
}

std::string signed_sone_text(double sone_s) {
    return (sone_s < 0.0 ? "-" : "+") + sone_text(std::abs(sone_s));
}

}  // namespace

std::string frequency_text(double hz) {
    const double value = rounded(hz);
    return digits(value) + unit(value);
}

std::string frequency_range_text(double low_hz, double high_hz) {
    const double low = rounded(low_hz);
    const double high = rounded(high_hz);
    if (digits(low) == digits(high) && unit(low) == unit(high)) return "about " + frequency_text(low);
    const bool same_unit = (low < 1000.0) == (high < 1000.0);
    return digits(low) + (same_unit ? "" : unit(low)) + "-" + digits(high) + unit(high);
}

std::string time_range_text(double from_s, double to_s) { return clock(from_s) + "-" + clock(to_s); }

std::string bar_range_text(const MaskingResults& results, double from_s, double to_s) {
    if (!results.tempo_bpm || *results.tempo_bpm <= 0.0 || results.beats_per_bar <= 0) return "";
    const double bar_s = 60.0 / *results.tempo_bpm * results.beats_per_bar;
    constexpr double rounding = 1e-6;
    const auto first = static_cast<long long>(std::floor(from_s / bar_s + rounding)) + 1;
    const auto last = std::max(first, static_cast<long long>(std::ceil(to_s / bar_s - rounding)));
    return first == last ? format("bar %lld", first) : format("bars %lld-%lld", first, last);
}

std::string sone_text(double sone_s) {
    const double magnitude = std::abs(sone_s);
    const int decimals = magnitude >= 9.95 ? 0 : magnitude >= 0.995 ? 1 : magnitude >= 0.0995 ? 2 : 3;
    return format("%.*f", decimals, sone_s);
}

std::string event_sentence(const MaskingResults& results, const MaskingView& view, const ClashEvent& event) {
    const std::string bars = bar_range_text(results, event.from_s, event.to_s);
    const bool is_inaudible = event.inaudible_share >= 0.1;
    const double share = event.inaudible_share + (is_inaudible ? 0.0 : event.heavy_share);
    return printable(view.objects[event.target].name) + ", " +
           frequency_range_text(event.low_hz, event.high_hz) + ", " +
           time_range_text(event.from_s, event.to_s) + (bars.empty() ? "" : " (" + bars + ")") + ": " +
           (is_inaudible ? "inaudible " : "heavily masked ") +
           format("%lld %% of the time it plays; hidden by ", per_cent(share)) + hidden_by(view, event) +
           "." + also_hidden(view, event);
}

std::string suggestion_deed(const Suggestion& suggestion) {
    if (suggestion.kind == Suggestion::Kind::pan)
        return "pan from " + number_text(suggestion.pan_from) + " to " + number_text(suggestion.pan_to);
    return "cut " + number_text(-suggestion.bell.gain_db) + " dB at " +
           frequency_text(suggestion.bell.freq_hz) + " (bell, Q " + number_text(suggestion.bell.q) + ")";
}

std::string suggestion_reason(const MaskingResults& results, const Suggestion& suggestion) {
    const std::string other = printable(results.tracks.objects[suggestion.other].name);
    const std::string bars = bar_range_text(results, suggestion.from_s, suggestion.to_s);
    const std::string where = suggestion.kind == Suggestion::Kind::pan
                                  ? "it shares the middle with " + other + " at " +
                                        frequency_range_text(suggestion.low_hz, suggestion.high_hz)
                                  : "it hides " + other + " there";
    return where + ", mostly " + time_range_text(suggestion.from_s, suggestion.to_s) +
           (bars.empty() ? "" : " (" + bars + ")");
}

std::string suggestion_outcome(const MaskingResults& results, const Suggestion& suggestion) {
    std::vector<std::string> parts;
    for (const Suggestion::Gain& gain : suggestion.gains) {
        parts.push_back(printable(results.tracks.objects[gain.object].name) + " " +
                        signed_sone_text(gain.sone_s) + format(" (%+lld %%)", per_cent(gain.share)));
    }
    const bool wins_most =
        suggestion.gains.empty() || suggestion.own_change > suggestion.gains.front().sone_s;
    parts.insert(wins_most ? parts.begin() : parts.end(),
                 "itself " + signed_sone_text(suggestion.own_change));
    parts.push_back("everybody together " + signed_sone_text(suggestion.total_change) + " sone s");
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text;
}

std::string suggestion_sentence(const MaskingResults& results, const Suggestion& suggestion) {
    return printable(results.tracks.objects[suggestion.object].name) + ": " + suggestion_deed(suggestion) +
           ": " + suggestion_reason(results, suggestion) +
           ". Expected: " + suggestion_outcome(results, suggestion) + ".";
}

std::string nothing_to_attend_to() {
    return "Nothing needs attention: no track is hidden so that one cut would bring it back.";
}

}  // namespace tutti
