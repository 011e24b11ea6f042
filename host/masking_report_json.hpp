#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/masking_advice.hpp"
#include "host/masking_results.hpp"

namespace tutti {

/// report.json: all but the arrays, what they mean, and what follows from them per object. `files`: names of
/// all files of the folder.
std::string masking_report_json(const MaskingResults& results, const MaskingAdvice& advice,
                                const std::vector<std::string>& files);

/// The results without their arrays. `file` is for messages. Throws InputError with the place in the document
/// when it is none of this version, or damaged.
MaskingResults parse_masking_report(std::string_view text, const std::filesystem::path& file);

/// The files that a report says are its own; empty when the text is no report of any version.
std::vector<std::string> masking_report_files(std::string_view text);

/// The session file that a report of any version says it is of; empty when the text is no report.
std::string masking_report_session(std::string_view text);

}  // namespace tutti
