#pragma once

#include <string>
#include <vector>

namespace tutti::tests {

/// What a run of a program left behind.
struct ProgramResult {
    int status = 0;      ///< exit status; 128 + signal when a signal ended it
    std::string output;  ///< standard output
    std::string errors;  ///< standard error
};

/// Runs the tutti program of this build to its end.
ProgramResult run_tutti(const std::vector<std::string>& arguments);

/// The same, where the system lets it have so many descriptors at once.
ProgramResult run_tutti_with_descriptors(int most, const std::vector<std::string>& arguments);

/// Runs the tutti-bench program of this build to its end.
ProgramResult run_tutti_bench(const std::vector<std::string>& arguments);

/// Runs the tutti-viewer program of this build to its end.
ProgramResult run_tutti_viewer(const std::vector<std::string>& arguments);

/// Runs tests/viewer_window.sh with that program as its first argument: a window on a virtual screen.
ProgramResult run_viewer_window(const std::vector<std::string>& arguments);

/// Starts tutti, kills it (SIGKILL) after `milliseconds` and waits for its end. False when
/// it ended by itself before.
bool kill_tutti(const std::vector<std::string>& arguments, int milliseconds);

}  // namespace tutti::tests
