#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tutti {

/// Each adds its command to the program; what it does runs as the command's callback and throws InputError or
/// DeviceError.
void add_render_command(CLI::App& app);
void add_masking_command(CLI::App& app);
void add_check_command(CLI::App& app);
void add_new_command(CLI::App& app);
void add_devices_command(CLI::App& app);
void add_loudness_command(CLI::App& app);
void add_reference_command(CLI::App& app);
void add_batch_command(CLI::App& app);
void add_cache_command(CLI::App& app);

/// One warning on standard error.
void print_warning(const std::string& text);

}  // namespace tutti
