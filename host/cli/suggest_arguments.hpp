#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/heard_suggestions.hpp"
#include "host/masking_advice.hpp"
#include "host/masking_compare.hpp"
#include "host/masking_results.hpp"
#include "host/render.hpp"

namespace tutti {

/// What is done with an analysis of masking: suggestions, a session with them in it, and what an earlier
/// analysis expected of the ones that are in this session.
class SuggestArguments {
  public:
    /// Adds the options to the command and returns them.
    std::vector<CLI::Option*> add_to(CLI::App& command);

    /// Before anything is computed: throws InputError where --apply would write over the session or --compare
    /// names no report. Reads the latter.
    void prepare(const std::filesystem::path& session);

    /// With --compare, the level the other analysis was played at: this one has to be played at the same.
    std::optional<double> full_scale_spl_db() const;

    /// Events and suggestions, computed on the CPU. With --apply what dynamics make of the suggestions is
    /// heard.
    MaskingAdvice advise(const MaskingResults& results, const OpenedSession& opened,
                         const HearAgain& hear) const;

    /// How --compare came out, where it was asked for.
    std::optional<MaskingComparison> compare(const MaskingResults& results) const;

    /// After the report: says, unless `quiet`, what compare() gave, and writes what --apply asks for. Throws
    /// InputError where that cannot be written.
    void finish(const MaskingResults& results, const OpenedSession& opened, const MaskingAdvice& advice,
                const std::optional<MaskingComparison>& comparison, bool quiet) const;

  private:
    int count_ = 5;
    std::string apply_;
    bool force_ = false;
    std::string compare_;
    std::optional<MaskingResults> before_;
    Suggestions suggested_before_;
};

}  // namespace tutti
