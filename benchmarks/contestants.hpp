#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tutti::bench {

/// A program that takes part in the benchmark in memory: it serves as worker.hpp says.
struct ContestantProgram {
    std::string name;
    std::vector<std::string> command;  ///< without the job's arguments
    std::string missing{};             ///< why it cannot take part here; empty: it can
};

/// Where the programs are.
struct ProgramPlaces {
    std::filesystem::path tutti_bench;
    std::filesystem::path tutti;
};

/// Tutti on each device, and its peers, whether they are here or not; the bound ("FFT-only bound") is last.
std::vector<ContestantProgram> contestants_in_memory(const ProgramPlaces& places,
                                                     const std::vector<std::string>& devices);

inline constexpr const char* bound_name = "FFTs alone";

}  // namespace tutti::bench
