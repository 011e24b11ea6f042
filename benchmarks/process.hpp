#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tutti::bench {

/// What one run of a program took.
struct Cost {
    double wall_s = 0.0;
    double cpu_s = 0.0;  ///< user and system time of all its threads
    double peak_memory_mib = 0.0;
    double bound_s = 0.0;  ///< wall time that its device needs at least, by its bandwidth; 0: unknown
};

/// Runs a program (looked for in PATH when its name has no slash) to its end, its output going to the file
/// `log`. Throws InputError when it cannot be started or does not exit with 0, with the end of what it said.
Cost run_program(const std::vector<std::string>& command, const std::filesystem::path& log);

/// Runs programs at the same time until the last has ended, and so have those they started and left behind:
/// their CPU time counts too. Memory is the largest process's, or the sum over the programs if that is more.
/// Throws as run_program().
Cost run_programs(const std::vector<std::vector<std::string>>& commands, const std::filesystem::path& log);

/// The last of what a program said into its log: up to 2000 characters.
std::string end_of_log(const std::filesystem::path& log);

/// All that a program prints, however it ends; empty when it cannot be started.
std::string output_of(const std::vector<std::string>& command);

/// The first line that a program prints; throws as run_program().
std::string first_line_of(const std::vector<std::string>& command);

}  // namespace tutti::bench
