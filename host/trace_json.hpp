#pragma once

#include <span>
#include <string>

#include "engine/trace.hpp"

namespace tutti {

/// The spans in the Trace Event Format (JSON object form) that chrome://tracing and Perfetto open: complete
/// events ("X") in microseconds, one thread per lane. `lanes`: their names.
std::string trace_json(std::span<const TraceSpan> spans, std::span<const std::string> lanes);

}  // namespace tutti
