#include "host/masking_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "host/text.hpp"

namespace tutti {

namespace {

constexpr std::size_t shown_events = 10;
constexpr int line_width = 110;

/// Characters first ... end - 1.
std::string characters(const std::string& text, int first, int end) {
    std::string result;
    int index = -1;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++index;
        if (index >= first && index < end) result += c;
    }
    return result;
}

std::string left(const std::string& text, int width) {
    return text + std::string(std::max(0, width - character_count(text)), ' ');
}

std::string right(const std::string& text, int width) {
    return std::string(std::max(0, width - character_count(text)), ' ') + text;
}

std::string per_cent(double share) { return std::to_string(std::llround(100.0 * share)) + " %"; }

/// "Gtr L 46 %, Pad 31 %": as many as there is room for, at least one.
std::string maskers_text(const MaskingView& view, const ClashEvent& event, int width) {
    constexpr int name_width = 16;
    std::string text;
    for (int i = 0; i < named_masker_count(event); ++i) {
        const ClashEvent::Masker& masker = event.maskers[i];
        const std::string part =
            shortened(printable(view.objects[masker.object].name), name_width) + " " + per_cent(masker.share);
        const std::string longer = text + (i == 0 ? "" : ", ") + part;
        if (i > 0 && character_count(longer) > width) break;
        text = longer;
    }
    return text;
}

std::string row(const std::string& number, const std::string& target, const std::string& range,
                const std::string& time, const std::string& inaudible, const std::string& heavy,
                const std::string& maskers, const std::string& win) {
    return right(number, 4) + "  " + left(target, 18) + " " + left(range, 14) + " " + left(time, 15) + " " +
           right(inaudible, 6) + " " + right(heavy, 6) + "  " + left(maskers, 32) + " " + right(win, 6) +
           "\n";
}

std::string table(const MaskingResults& results, const MaskingView& view,
                  const std::vector<ClashEvent>& events, const std::string& title) {
    if (events.empty()) return "";
    const std::size_t count = std::min(events.size(), shown_events);
    std::string text = title;
    if (count < events.size())
        text += " (" + std::to_string(count) + " of " + std::to_string(events.size()) + ")";
    text += "\n" + row("", "hidden", "where", "when", "inaud.", "heavy", "by, with part of the blame", "win");
    for (std::size_t i = 0; i < count; ++i) {
        const ClashEvent& event = events[i];
        const std::string bars = bar_range_text(results, event.from_s, event.to_s);
        text += row(std::to_string(i + 1), shortened(printable(view.objects[event.target].name), 18),
                    frequency_range_text(event.low_hz, event.high_hz),
                    time_range_text(event.from_s, event.to_s), per_cent(event.inaudible_share),
                    per_cent(event.heavy_share), maskers_text(view, event, 32), sone_text(event.won));
    }
    return text;
}

/// The sentence after its number, later lines indented like the first word.
std::string numbered(const std::string& number, const std::string& sentence) {
    std::string text;
    const int indent = character_count(number);
    for (const std::string& line : wrapped(sentence, line_width - indent))
        text += (text.empty() ? number : std::string(indent, ' ')) + line + "\n";
    return text;
}

}  // namespace

std::string shortened(const std::string& name, int width) {
    const int length = character_count(name);
    if (length <= width) return name;
    constexpr int kept_end = 4;
    if (width < 2 * kept_end + 2) return characters(name, 0, width);
    return characters(name, 0, width - kept_end - 2) + ".." + characters(name, length - kept_end, length);
}

std::string masking_text(const MaskingResults& results, const ClashEvents& events,
                         const Suggestions& suggestions) {
    if (events.groups.empty() && events.tracks.empty()) return nothing_to_attend_to() + "\n";
    std::string text = table(results, results.groups, events.groups, "Between groups");
    if (!text.empty() && !events.tracks.empty()) text += "\n";
    text += table(results, results.tracks, events.tracks, "Between tracks");
    text +=
        "\ninaud., heavy: part of the time it plays there with a margin below 0 dB, below 6 dB over the "
        "masked threshold\nwin: sone seconds that all would gain together without the first who hides it\n";
    if (suggestions.list.empty()) return text;
    text += "\nSuggestions, each by itself; all together " +
            std::string(suggestions.total_change < 0.0 ? "-" : "+") +
            sone_text(std::abs(suggestions.total_change)) + " sone s\n";
    int number = 0;
    for (const Suggestion& suggestion : suggestions.list)
        text += numbered(right(std::to_string(++number), 4) + "  ", suggestion_sentence(results, suggestion));
    return text;
}

}  // namespace tutti
