#pragma once

#include <string>

namespace tutti {

/// Tutti's version and those of the libraries it runs with, one per line.
std::string version_text();

}  // namespace tutti
