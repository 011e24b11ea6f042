#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "host/cli/suggest_arguments.hpp"
#include "host/masking.hpp"
#include "host/masking_options.hpp"
#include "host/masking_report.hpp"
#include "host/masking_results.hpp"
#include "host/render.hpp"

namespace tutti {

/// The options of an analysis of masking, for every command that makes one.
class MaskingArguments {
  public:
    /// Adds them to the command. With `needed` each of them asks for that option.
    void add_to(CLI::App& command, CLI::Option* needed = nullptr);

    /// Before anything is computed: throws InputError where the report, or what else is asked for, cannot be
    /// written, or a report to compare with cannot be read.
    void prepare(const std::filesystem::path& session, const std::filesystem::path& folder);

    /// As they were given; after prepare().
    MaskingOptions options() const;

    /// Writes the report and all else that is asked for, and says, unless `quiet`, what was found. `run`: how
    /// to analyse more of the same.
    void write(const MaskingResults& results, const OpenedSession& opened, const MaskingRun& run,
               const std::filesystem::path& folder, bool quiet) const;

  private:
    MaskingOptions options_;
    std::string field_ = "free";
    bool exact_ = false;
    bool no_merge_ = false;
    bool no_pictures_ = false;
    SuggestArguments suggest_;
    MaskingReportOptions report_;
};

}  // namespace tutti
