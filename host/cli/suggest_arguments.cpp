#include "host/cli/suggest_arguments.hpp"

#include <cstdio>

#include "engine/backend.hpp"
#include "host/masking_apply.hpp"
#include "host/masking_compare.hpp"
#include "host/masking_report.hpp"
#include "host/text.hpp"

namespace tutti {

std::vector<CLI::Option*> SuggestArguments::add_to(CLI::App& command) {
    CLI::Option* const suggest =
        command.add_option("--suggest", count_, "Suggest so many changes, cuts and pans, at most")
            ->capture_default_str()
            ->check(CLI::Range(0, 100));
    CLI::Option* const apply =
        command.add_option("--apply", apply_,
                           "Write the session with the suggestions in it to this file; where dynamics answer "
                           "to them, what is expected of them is heard in one more pass");
    CLI::Option* const force =
        command.add_flag("--force", force_, "Replace the file that --apply names")->needs(apply);
    CLI::Option* const compare = command.add_option(
        "--compare", compare_,
        "Report folder of the session before its suggestions were applied: print what was expected of them "
        "beside what came of them, and draw how clashes changed; played at that report's level");
    return {suggest, apply, force, compare};
}

void SuggestArguments::prepare(const std::filesystem::path& session) {
    if (!apply_.empty()) check_suggested_session(session, apply_, force_);
    if (compare_.empty()) return;
    before_ = read_masking_report(compare_);
    suggested_before_ = read_suggestions(compare_, *before_);
}

std::optional<double> SuggestArguments::full_scale_spl_db() const {
    if (!before_) return std::nullopt;
    return before_->calibration.full_scale_spl_db;
}

MaskingAdvice SuggestArguments::advise(const MaskingResults& results, const OpenedSession& opened,
                                       const HearAgain& hear) const {
    MaskingAdvice advice{clash_events(results), {}};
    if (count_ == 0) return advice;
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    advice.suggestions = masking_suggestions(results, opened.session, opened.channels, *backend, count_);
    if (!apply_.empty())
        advice.suggestions = hear_suggestions(results, opened, std::move(advice.suggestions), hear);
    return advice;
}

std::optional<MaskingComparison> SuggestArguments::compare(const MaskingResults& results) const {
    if (!before_) return std::nullopt;
    return compare_masking(*before_, suggested_before_, results);
}

void SuggestArguments::finish(const MaskingResults& results, const OpenedSession& opened,
                              const MaskingAdvice& advice, const std::optional<MaskingComparison>& comparison,
                              bool quiet) const {
    if (comparison && !quiet) {
        std::fputs(comparison_text(*before_, suggested_before_, *comparison).c_str(), stdout);
    }
    if (apply_.empty()) return;
    write_suggested_session(results, opened.session, advice.suggestions, apply_);
    if (quiet) return;
    std::printf("wrote %s, the session with %zu suggestion%s in it\n", printable(apply_).c_str(),
                advice.suggestions.list.size(), advice.suggestions.list.size() == 1 ? "" : "s");
}

}  // namespace tutti
