#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

namespace tutti {

/// Writes a PNG file of 8 bits per channel that appears when it is complete. `row`: pixels 0x..RRGGBB of a
/// row counted from the top. Compressed for speed: pictures here are of few colours in long runs. Throws
/// InputError with the system's reason.
void write_png(const std::filesystem::path& file, int columns, int rows,
               const std::function<std::span<const std::uint32_t>(int row)>& row);

}  // namespace tutti
