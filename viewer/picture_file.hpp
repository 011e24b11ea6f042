#pragma once

#include <filesystem>

#include "viewer/gpu/canvas.hpp"

namespace tutti::viewer {

/// Writes a PNG file, complete or not at all. Throws InputError with file and reason.
void write_picture(const Picture& picture, const std::filesystem::path& file);

}  // namespace tutti::viewer
