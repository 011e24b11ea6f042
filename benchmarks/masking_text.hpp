#pragma once

#include <string>

#include "benchmarks/masking.hpp"

namespace tutti::bench {

/// What was measured on, whether it was right, and what the machine can do at most. Markdown that reads as
/// plain text, as all of these.
std::string masking_heading(const MaskingReport& report);

/// One number of tracks, stage by stage.
std::string masking_case_text(const MaskingReport& report, const MaskingCase& which);

/// All numbers of tracks beside each other: how the cost grows.
std::string masking_growth_text(const MaskingReport& report);

std::string masking_markdown(const MaskingReport& report);
std::string masking_json(const MaskingReport& report);

}  // namespace tutti::bench
