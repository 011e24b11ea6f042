#include "host/masking_compare.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "engine/errors.hpp"
#include "host/masking_sentences.hpp"
#include "host/masking_text.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

/// The level that both were played at may differ by this much: a thousandth of a decibel is no other level.
constexpr double same_level_db = 1e-3;

constexpr std::size_t shown_pairs = 5;

void check_comparable(const MaskingResults& before, const MaskingResults& after) {
    const auto differs = [](double a, double b, double most) { return std::abs(a - b) > most; };
    if (differs(before.from_s, after.from_s, before.hop_s) ||
        differs(before.duration_s, after.duration_s, before.section_s) ||
        before.section_s != after.section_s) {
        throw InputError("--compare: the report is of " +
                         time_range_text(before.from_s, before.from_s + before.duration_s) +
                         ", this analysis of " +
                         time_range_text(after.from_s, after.from_s + after.duration_s) +
                         "; allowed: the same time (--from, --to)");
    }
    if (differs(before.calibration.full_scale_spl_db, after.calibration.full_scale_spl_db, same_level_db)) {
        throw InputError("--compare: the report is of full scale at " +
                         number_text(before.calibration.full_scale_spl_db) +
                         " dB SPL; allowed: the same (--full-scale-spl)");
    }
}

/// [object of before]: the object of after made of the same strips, or -1.
std::vector<int> counterparts(const MaskingResults& before, const MaskingResults& after) {
    std::vector<int> found;
    for (const MaskingObject& object : before.tracks.objects) {
        const auto same = std::find_if(after.tracks.objects.begin(), after.tracks.objects.end(),
                                       [&](const MaskingObject& o) { return o.strips == object.strips; });
        found.push_back(
            same == after.tracks.objects.end() ? -1 : static_cast<int>(same - after.tracks.objects.begin()));
    }
    return found;
}

/// [band group][object], sone seconds.
std::vector<double> partial_sums(const MaskingResults& results) {
    const MaskingView& view = results.tracks;
    std::vector<double> sums(results.section_count > 0 ? view.partial.size() / results.section_count : 0);
    for (std::size_t i = 0; i < view.partial.size(); ++i) sums[i % sums.size()] += view.partial[i];
    return sums;
}

/// [target][masker], sone seconds.
std::vector<double> clash_sums(const MaskingResults& results) {
    const std::size_t count = results.tracks.objects.size();
    std::vector<double> sums(count * count);
    for (std::size_t i = 0; i < results.tracks.clash.size(); ++i)
        sums[i % sums.size()] += results.tracks.clash[i];
    return sums;
}

void compare_clashes(const MaskingResults& before, const MaskingResults& after,
                     const std::vector<int>& counterpart, MaskingComparison& comparison) {
    const std::vector<double> old_sums = clash_sums(before);
    const std::vector<double> new_sums = clash_sums(after);
    const std::size_t old_count = before.tracks.objects.size();
    const std::size_t new_count = after.tracks.objects.size();
    for (std::size_t target = 0; target < old_count; ++target) {
        if (counterpart[target] < 0) continue;
        for (std::size_t masker = 0; masker < old_count; ++masker) {
            if (counterpart[masker] < 0) continue;
            comparison.clash_difference.push_back(
                new_sums[counterpart[target] * new_count + counterpart[masker]] -
                old_sums[target * old_count + masker]);
        }
    }
}

std::string signed_text(double sone_s) { return (sone_s < 0.0 ? "-" : "+") + sone_text(std::abs(sone_s)); }

std::string line_text(const std::string& what, double expected, double measured) {
    char text[256];
    const std::string shown = shortened(what, 84);
    std::snprintf(text, sizeof text, "%s%*s%9s %9s\n", shown.c_str(), 86 - character_count(shown), "",
                  signed_text(expected).c_str(), signed_text(measured).c_str());
    return text;
}

}  // namespace

MaskingComparison compare_masking(const MaskingResults& before, const Suggestions& suggestions,
                                  const MaskingResults& after) {
    check_comparable(before, after);
    MaskingComparison comparison;
    const std::vector<int> counterpart = counterparts(before, after);
    const std::vector<double> old_sums = partial_sums(before);
    const std::vector<double> new_sums = partial_sums(after);
    const std::size_t old_count = before.tracks.objects.size();
    std::vector<double> change(old_sums.size());
    for (std::size_t object = 0; object < old_count; ++object) {
        if (counterpart[object] < 0) {
            comparison.left_out.push_back(before.tracks.objects[object].name);
            continue;
        }
        comparison.names.push_back(before.tracks.objects[object].name);
        comparison.after.push_back(counterpart[object]);
        for (std::size_t group = 0; group * old_count < old_sums.size(); ++group) {
            change[group * old_count + object] =
                new_sums[group * after.tracks.objects.size() + counterpart[object]] -
                old_sums[group * old_count + object];
        }
    }
    for (std::size_t i = 0; i < suggestions.list.size(); ++i) {
        const Suggestion& suggestion = suggestions.list[i];
        comparison.lines.push_back({static_cast<int>(i), suggestion.expected,
                                    footprint_sum(suggestion, change, static_cast<int>(old_count))});
    }
    comparison.expected_total = suggestions.total_change;
    comparison.measured_total = std::accumulate(change.begin(), change.end(), 0.0);
    compare_clashes(before, after, counterpart, comparison);
    return comparison;
}

std::string comparison_text(const MaskingResults& before, const Suggestions& suggestions,
                            const MaskingComparison& comparison) {
    std::string text =
        "What the suggestions won, in sone s (those who win, in the bands of the suggestion)\n";
    char head[128];
    std::snprintf(head, sizeof head, "%86s%9s %9s\n", "", "expected", "measured");
    text += head;
    for (const MaskingComparison::Line& line : comparison.lines) {
        const Suggestion& suggestion = suggestions.list[line.suggestion];
        text += line_text(printable(before.tracks.objects[suggestion.object].name) + ": " +
                              suggestion_deed(suggestion) + ", for " +
                              printable(before.tracks.objects[suggestion.other].name),
                          line.expected, line.measured);
    }
    text += line_text("everybody, all bands", comparison.expected_total, comparison.measured_total);
    for (const std::string& name : comparison.left_out)
        text += "not compared: " + printable(name) + ", which is not in both or is merged otherwise\n";

    std::vector<std::size_t> pairs(comparison.clash_difference.size());
    std::iota(pairs.begin(), pairs.end(), 0);
    std::stable_sort(pairs.begin(), pairs.end(), [&](std::size_t a, std::size_t b) {
        return std::abs(comparison.clash_difference[a]) > std::abs(comparison.clash_difference[b]);
    });
    if (pairs.size() > shown_pairs) pairs.resize(shown_pairs);
    const std::size_t count = comparison.names.size();
    if (!pairs.empty()) text += "Clashes that changed most, in sone s\n";
    for (const std::size_t pair : pairs) {
        if (comparison.clash_difference[pair] == 0.0) break;
        text += "  " + signed_text(comparison.clash_difference[pair]) + "  " +
                shortened(printable(comparison.names[pair / count]), 40) + " hidden by " +
                shortened(printable(comparison.names[pair % count]), 40) + "\n";
    }
    return text;
}

}  // namespace tutti
