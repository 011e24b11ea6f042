#pragma once

#include <string>

namespace tutti {

/// The libraries that the backends run with, each with its version: "FFTW 3.3.10, oneTBB 2021.8".
std::string cpu_library_versions();
std::string vulkan_library_versions();

}  // namespace tutti
