#pragma once

#include <CLI/CLI.hpp>

#include <filesystem>

namespace tutti::bench {

/// Refuses what CLI::Range lets through: NaN.
CLI::Validator a_number();

/// Refuses what is no device's name anywhere, as open_device() would.
CLI::Validator a_device();

/// Before minutes go by: throws InputError as PendingFile does. Leaves nothing; an empty name is no file.
void check_can_be_written(const std::filesystem::path& file);

}  // namespace tutti::bench
