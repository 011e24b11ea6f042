#include <algorithm>
#include <cmath>

#include "benchmarks/render_results.hpp"
#include "benchmarks/table.hpp"

namespace tutti::bench {

namespace {

std::string spread_text(double middle, double low, double high) {
    std::string text = significant(middle, 3);
    if (low < high) text += " (" + significant(low, 3) + " ... " + significant(high, 3) + ")";
    return text;
}

std::string times_text(const std::vector<double>& seconds) {
    const Summary summary = summarize(seconds);
    return spread_text(summary.median, summary.lowest, summary.highest);
}

std::string ratio_text(const std::vector<double>& times, const std::vector<double>& tutti_times) {
    const Ratio ratio = ratio_to(times, tutti_times);
    return spread_text(ratio.median, ratio.low, ratio.high);
}

std::string difference_text(const LevelDifference& difference) {
    return significant(difference.greatest_db, 2) + " dB (" + significant(difference.median_db, 2) +
           " dB median, most at " + significant(difference.greatest_at_hz, 3) + " Hz)";
}

std::string note_on(const RenderedBy& contestant) {
    std::string text = "* " + contestant.name + ": ";
    if (!contestant.version.empty()) text += contestant.version;
    if (!contestant.missing.empty()) {
        return text + (contestant.version.empty() ? "" : "; ") + "NOT TIMED: " + contestant.missing + "\n";
    }
    if (contestant.linear) {
        text += "; levels per third octave differ from Tutti's by at most " +
                difference_text(*contestant.linear) + " without dynamics";
    }
    if (contestant.with_dynamics) text += ", " + difference_text(*contestant.with_dynamics) + " with them";
    if (contestant.crash_count > 0) {
        text += "; crashed and was run again: " + std::to_string(contestant.crash_count) + " times";
    }
    if (contestant.refused) text += ": another mix, so it is NOT TIMED";
    return text + "\n";
}

}  // namespace

const RenderedBy* RenderCase::find(const std::string& name) const {
    const auto found = std::find_if(contestants.begin(), contestants.end(),
                                    [&](const RenderedBy& contestant) { return contestant.name == name; });
    return found == contestants.end() ? nullptr : &*found;
}

std::optional<double> RenderCase::bound_s() const {
    const RenderedBy* const decoding = find(decode_floor);
    if (decoding == nullptr || !decoding->is_timed() || transforms_s <= 0.0) return {};
    return summarize(decoding->wall_s).median + transforms_s;
}

Ratio ratio_to(const std::vector<double>& times, const std::vector<double>& tutti_times) {
    std::vector<double> filled = times;
    filled.resize(tutti_times.size(), times.back());
    return ratio_of_pairs(filled, tutti_times);
}

std::string render_heading(const RenderResults& results) {
    return "# Rendering whole sessions\n\nOn " + results.machine.text() +
           ". Whole processes from files to a file, up to " + std::to_string(results.repeat_count) +
           " runs each, in turn; medians (lowest ... highest). Ratios are of runs side by side.\n";
}

std::string render_case_text(const RenderCase& which) {
    const RenderedBy& tutti = which.tutti();
    std::vector<std::vector<std::string>> rows = {
        {"contestant", "wall, s", "x real time", "CPU, s", "memory, MiB", "wall / Tutti", "CPU / Tutti"}};
    for (const RenderedBy& contestant : which.contestants) {
        if (!contestant.is_timed()) continue;
        const bool is_tutti = &contestant == &tutti;
        rows.push_back({contestant.name, times_text(contestant.wall_s),
                        significant(which.mix_s / summarize(contestant.wall_s).median, 3),
                        times_text(contestant.cpu_s), significant(contestant.peak_memory_mib, 3),
                        is_tutti ? "" : ratio_text(contestant.wall_s, tutti.wall_s),
                        is_tutti ? "" : ratio_text(contestant.cpu_s, tutti.cpu_s)});
    }
    const std::optional<double> bound = which.bound_s();
    if (bound && tutti.is_timed()) {
        const double wall_s = summarize(tutti.wall_s).median;
        rows.push_back({"decoding, then the FFTs alone", significant(*bound, 3),
                        significant(which.mix_s / *bound, 3), "", "", significant(*bound / wall_s, 3), ""});
    }
    std::string text = "\n## " + which.what + "\n\n" + table_text(rows) + "\n";
    for (const RenderedBy& contestant : which.contestants) {
        if (!contestant.is_floor || !contestant.missing.empty()) text += note_on(contestant);
    }
    text += "* " + significant(static_cast<double>(which.stem_bytes) / (1 << 20), 3) +
            " MiB of stems, a mix of " + significant(which.mix_s, 4) + " s; levels compared over its first " +
            significant(which.check_s, 3) +
            " s; load of the machine when the timing began: " + significant(which.load, 2) + "\n";
    if (bound && tutti.is_timed()) {
        text += "* Tutti takes " + significant(summarize(tutti.wall_s).median / *bound, 3) +
                " times as long as decoding and the FFTs alone (" + significant(which.transforms_s, 3) +
                " s) one after the other\n";
    }
    return text;
}

}  // namespace tutti::bench
