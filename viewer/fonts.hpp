#pragma once

#include <span>

namespace tutti::viewer {

/// Roboto, in the program's own memory.
std::span<const unsigned char> regular_typeface();
std::span<const unsigned char> bold_typeface();

}  // namespace tutti::viewer
