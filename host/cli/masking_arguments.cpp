#include "host/cli/masking_arguments.hpp"

#include <cstdio>
#include <map>
#include <vector>

#include "host/masking_text.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

/// As CLI::Range, which lets NaN through.
CLI::Validator between(double low, double high) {
    const auto check = [=](std::string& text) -> std::string {
        double value = 0.0;
        if (CLI::detail::lexical_cast(text, value) && value >= low && value <= high) return {};
        return "found " + text + "; allowed: " + number_text(low) + " to " + number_text(high);
    };
    return {check, number_text(low) + " to " + number_text(high)};
}

}  // namespace

void MaskingArguments::add_to(CLI::App& command, CLI::Option* needed) {
    std::vector<CLI::Option*> added;
    CLI::Option* const playback = command
                                      .add_option("--playback-spl", options_.playback_spl_db,
                                                  "dB SPL that the mix's integrated loudness is played at; "
                                                  "the loudness is measured in a pass of its own first")
                                      ->capture_default_str()
                                      ->check(between(20.0, 120.0));
    CLI::Option* const lufs =
        command
            .add_option(
                "--mix-lufs", options_.mix_lufs,
                "The mix's integrated loudness at the master's input, where it is known: saves that pass")
            ->check(between(-100.0, 40.0));
    CLI::Option* const full_scale =
        command
            .add_option("--full-scale-spl", options_.full_scale_spl_db,
                        "Instead: dB SPL at each ear of a sine that reaches 0 dBFS; saves that pass too")
            ->check(between(20.0, 160.0));
    full_scale->excludes(playback)->excludes(lufs);
    added = {playback, lufs, full_scale};
    added.push_back(command.add_option("--field", field_, "How the sound reaches the ears")
                        ->capture_default_str()
                        ->check(CLI::IsMember({"free", "diffuse", "eardrum"})));
    added.push_back(
        command
            .add_option("--hop", options_.hop_s,
                        "Seconds of one step of heatmaps; 0.1 or more, as memory allows, when absent")
            ->check(between(0.01, 10.0)));
    added.push_back(
        command
            .add_option("--section", options_.section_s,
                        "Seconds over which clashes are summed; 10 or more, as memory allows, when absent")
            ->check(between(0.5, 3600.0)));
    added.push_back(command.add_flag("--no-merge", no_merge_,
                                     "Let coherent tracks, as a DI and its amplifier, mask each other"));
    added.push_back(command.add_flag("--exact", exact_,
                                     "Hear on the full grid, to validate the usual one: many times slower"));
    const std::vector<CLI::Option*> suggest = suggest_.add_to(command);
    added.insert(added.end(), suggest.begin(), suggest.end());
    for (CLI::Option* const level : {playback, lufs, full_scale}) level->excludes(suggest.back());
    CLI::Option* const all =
        command.add_flag("--all", report_.all_tracks, "Draw all tracks, not only the 40 with most at stake");
    added.push_back(all);
    added.push_back(command
                        .add_flag("--no-pictures", no_pictures_,
                                  "Draw no PNG files; the page, the numbers and the report stay")
                        ->excludes(all));
    if (needed == nullptr) return;
    for (CLI::Option* const option : added) option->needs(needed);
}

MaskingOptions MaskingArguments::options() const {
    static const std::map<std::string, SoundField> fields{
        {"free", SoundField::free}, {"diffuse", SoundField::diffuse}, {"eardrum", SoundField::eardrum}};
    MaskingOptions options = options_;
    options.field = fields.at(field_);
    options.grid = exact_ ? GridKind::exact : GridKind::usual;
    options.merge_coherent = !no_merge_;
    if (const std::optional<double> level = suggest_.full_scale_spl_db()) options.full_scale_spl_db = level;
    return options;
}

void MaskingArguments::prepare(const std::filesystem::path& session, const std::filesystem::path& folder) {
    check_masking_report_folder(folder);
    suggest_.prepare(session);
}

void MaskingArguments::write(const MaskingResults& results, const OpenedSession& opened,
                             const MaskingRun& run, const std::filesystem::path& folder, bool quiet) const {
    const MaskingAdvice advice = suggest_.advise(results, opened, [&](const OpenedSession& changed) {
        MaskingRun again = run;
        again.masking.full_scale_spl_db = results.calibration.full_scale_spl_db;
        again.masking.hop_s = results.hop_s;
        again.masking.section_s = results.section_s;
        return analyse_masking(again, changed, [](const std::string& /*was said before*/) {});
    });
    MaskingReportOptions report = report_;
    report.pictures = !no_pictures_;
    const std::optional<MaskingComparison> comparison = suggest_.compare(results);
    if (comparison) report.comparison = &*comparison;
    write_masking_report(results, advice, folder, report);
    if (!quiet) std::fputs(masking_text(results, advice.events, advice.suggestions).c_str(), stdout);
    try {
        suggest_.finish(results, opened, advice, comparison, quiet);
    } catch (const InputError& error) {
        throw InputError("--apply: " + std::string(error.what()) + "; the report is complete, in " +
                         printable(folder.string()));
    }
}

}  // namespace tutti
