#pragma once

#include <ostream>

#include "benchmarks/convolution.hpp"

namespace tutti::bench {

/// Shows where a device's time goes: for every case and device, each stage's time by the device's own clock,
/// the bytes that it must move, and how near that comes to what a plain copy moves in the same time. Throws
/// InputError for a device that times no stages.
void show_stages(const ConvolutionOptions& options, std::ostream& out);

}  // namespace tutti::bench
