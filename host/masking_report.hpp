#pragma once

#include <filesystem>

#include "host/masking_advice.hpp"
#include "host/masking_compare.hpp"
#include "host/masking_results.hpp"

namespace tutti {

/// Version of the report's schema (host/MASKING_REPORT.md). Another one is not read.
inline constexpr int masking_report_version = 1;

struct MaskingReportOptions {
    bool all_tracks = false;  ///< in the matrix and with a picture each; else the 40 with most at stake
    bool pictures = true;     ///< PNG files
    bool page = true;         ///< index.html
    double scale = 2.0;       ///< pixels of a picture per unit of its layout, 0.5 ... 4
    const MaskingComparison* comparison = nullptr;  ///< with an analysis of before: gets a picture of its own
};

/// Throws InputError, before anything has been computed, when write_masking_report() could not put a report
/// there: the folder holds something that no report has written, or it lies where there is none.
void check_masking_report_folder(const std::filesystem::path& folder);

/// Writes report.json, arrays, pictures and the page into a folder that appears complete or not at all; a
/// report that is there is replaced in the end. Throws InputError with file and reason (disk full).
void write_masking_report(const MaskingResults& results, const MaskingAdvice& advice,
                          const std::filesystem::path& folder, const MaskingReportOptions& options);

/// The session file that the folder's report says it is of, also of another version or with damaged arrays;
/// empty when it cannot be told.
std::filesystem::path session_of_masking_report(const std::filesystem::path& folder);

/// The results that write_masking_report() was given. Throws InputError naming file and reason when the
/// report is of another version, lacks something, or an array has another shape than it says.
MaskingResults read_masking_report(const std::filesystem::path& folder);

}  // namespace tutti
