#pragma once

#include <string>
#include <vector>

#include "host/audio_writer.hpp"

namespace tutti {

/// ".wav", ".flac".
std::string extension_of(FileFormat format);

/// File names, without extension, for strips' names: what no file system takes (slashes, control characters,
/// a leading dot) becomes "_", long ones are cut at 120 bytes between characters, and names that would meet,
/// also when case is ignored, get a number.
std::vector<std::string> file_names_for(const std::vector<std::string>& names);

}  // namespace tutti
