#include "benchmarks/convolution_text.hpp"

#include <algorithm>
#include <cmath>

#include "benchmarks/gate.hpp"
#include "benchmarks/table.hpp"

namespace tutti::bench {

namespace {

std::string times_text(const std::vector<double>& seconds) {
    const Summary summary = summarize(seconds);
    return significant(summary.median, 3) + " (" + significant(summary.lowest, 3) + " ... " +
           significant(summary.highest, 3) + ")";
}

/// The interval of a ratio that holds 1 says nothing about who is faster.
std::string ratio_text(const std::optional<Ratio>& ratio) {
    if (!ratio) return "";
    if (ratio->low <= 1.0 && ratio->high >= 1.0) return "no difference resolved";
    return significant(ratio->median, 3) + " (" + significant(ratio->low, 3) + " ... " +
           significant(ratio->high, 3) + ")";
}

std::string decibels_text(const std::optional<double>& decibels) {
    if (!decibels) return "";
    return std::isinf(*decibels) ? (*decibels > 0.0 ? "exact" : "not a number") : significant(*decibels, 4);
}

/// Of the FFTs alone, or of its device's copy bandwidth where that is known: that bounds it instead.
std::string percent_of_bound(const CaseResults& results, const Measured& contestant) {
    const double wall_s = summarize(contestant.wall_s).median;
    if (contestant.bound_s > 0.0)
        return significant(100.0 * contestant.bound_s / wall_s, 3) + " % of copying";
    const Measured* bound = results.bound();
    return bound == nullptr ? "" : significant(100.0 * summarize(bound->wall_s).median / wall_s, 3) + " %";
}

bool has_bound(const CaseResults& results) {
    return results.bound() != nullptr ||
           std::any_of(results.contestants.begin(), results.contestants.end(),
                       [](const Measured& contestant) { return contestant.bound_s > 0.0; });
}

bool has_energy(const CaseResults& results) {
    return std::any_of(results.contestants.begin(), results.contestants.end(),
                       [](const Measured& contestant) { return contestant.energy_j.has_value(); });
}

std::vector<std::string> header(const CaseResults& results) {
    const std::string over = results.reference() == nullptr ? "Tutti" : results.reference()->name;
    std::vector<std::string> cells = {"contestant", "wall, s", "x real time", "Msamples/s", "Ttap-MAC/s"};
    if (has_bound(results)) cells.emplace_back("of the FFTs alone");
    cells.insert(cells.end(), {"CPU, s", "memory, MiB"});
    if (has_energy(results)) cells.emplace_back("energy, J");
    cells.insert(cells.end(), {"signal/error, dB", "wall / " + over, "CPU / " + over});
    return cells;
}

std::vector<std::string> row(const CaseResults& results, const Measured& contestant) {
    const double wall_s = summarize(contestant.wall_s).median;
    std::vector<std::string> cells = {contestant.name, times_text(contestant.wall_s),
                                      significant(results.channel_seconds() / wall_s, 3),
                                      significant(1e-6 * results.channel_samples() / wall_s, 3),
                                      significant(1e-12 * results.tap_macs() / wall_s, 3)};
    if (has_bound(results)) cells.push_back(percent_of_bound(results, contestant));
    cells.push_back(significant(summarize(contestant.cpu_s).median, 3));
    cells.push_back(significant(contestant.peak_memory_mib, 3));
    if (has_energy(results)) {
        cells.push_back(contestant.energy_j ? significant(*contestant.energy_j, 3) : "");
    }
    cells.push_back(decibels_text(contestant.signal_to_error_db));
    const bool is_reference = &contestant == results.reference();
    cells.push_back(is_reference ? "" : ratio_text(over_reference(results, contestant, &Measured::wall_s)));
    cells.push_back(is_reference ? "" : ratio_text(over_reference(results, contestant, &Measured::cpu_s)));
    return cells;
}

double confidence_of(int pair_count) {
    const std::vector<double> any(static_cast<std::size_t>(pair_count), 1.0);
    return ratio_of_pairs(any, any).confidence;
}

}  // namespace

std::string case_text(const CaseResults& results) {
    std::string text = "### " + results.size.text() + " (" + std::to_string(results.tap_count) + " taps), " +
                       (results.size.level == Level::memory ? "in memory" : "from files to a file") + "\n\n" +
                       results.material + "\n\n";
    std::vector<std::vector<std::string>> rows = {header(results)};
    for (const Measured& contestant : results.contestants) {
        if (contestant.is_timed()) rows.push_back(row(results, contestant));
    }
    if (rows.size() > 1) text += table_text(rows) + "\n";
    for (const Measured& contestant : results.contestants) {
        if (contestant.refused) {
            text += "* " + contestant.name + ": REFUSED, " + decibels_text(contestant.signal_to_error_db) +
                    " dB where " + significant(least_signal_to_error_db, 3) +
                    " dB are asked for; not timed\n";
        } else if (!contestant.missing.empty()) {
            text += "* " + contestant.name + ": not here, " + contestant.missing + "\n";
        } else {
            text += "* " + contestant.name + ": " + contestant.description + "\n";
        }
    }
    return text + "\n";
}

std::string report_heading(const ConvolutionReport& report) {
    return "On " + report.machine.text() + "; " + std::to_string(report.thread_count) +
           (report.thread_count == 1 ? " thread" : " threads") + " for everyone; " +
           std::to_string(report.repeat_count) +
           " runs each, in turn. Times are medians (lowest ... highest). Ratios are medians over pairs of "
           "runs with an "
           "interval that holds the true one with " +
           significant(100.0 * confidence_of(report.repeat_count), 3) + " %; energy: " + report.energy +
           ".\n";
}

std::string report_markdown(const ConvolutionReport& report) {
    std::string text = "# Convolution\n\n" + report_heading(report) + "\n";
    for (const CaseResults& results : report.cases) text += case_text(results);
    return text + report.versions + "\n";
}

}  // namespace tutti::bench
