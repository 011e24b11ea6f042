#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "host/masking_options.hpp"
#include "host/masking_report.hpp"
#include "host/masking_results.hpp"

namespace tutti {

/// The options of an analysis of masking, for every command that makes one.
class MaskingArguments {
  public:
    /// Adds them to the command. With `needed` each of them asks for that option.
    void add_to(CLI::App& command, CLI::Option* needed = nullptr);

    /// As they were given.
    MaskingOptions options() const;

    /// Writes the report, and unless `quiet` says what is in it.
    void write_report(const MaskingResults& results, const std::filesystem::path& session,
                      const std::filesystem::path& folder, bool quiet) const;

  private:
    MaskingOptions options_;
    std::string field_ = "free";
    bool exact_ = false;
    bool no_merge_ = false;
    int suggestion_count_ = 0;
    MaskingReportOptions report_;
};

}  // namespace tutti
