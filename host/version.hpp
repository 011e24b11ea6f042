#pragma once

#include <string>

namespace tutti {

/// Tutti's version and, on the lines below it, those of the libraries it runs with.
std::string version_text();

}  // namespace tutti
