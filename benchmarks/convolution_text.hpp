#pragma once

#include <string>

#include "benchmarks/convolution_results.hpp"

namespace tutti::bench {

/// One case as a heading, a table and what there is to say about it, in Markdown that reads as plain text.
std::string case_text(const CaseResults& results);

/// What was measured on, with whom and how: the text above the cases.
std::string report_heading(const ConvolutionReport& report);

/// All of it.
std::string report_markdown(const ConvolutionReport& report);

}  // namespace tutti::bench
