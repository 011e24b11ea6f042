#pragma once

#include <filesystem>
#include <string>

#include "benchmarks/files_job.hpp"

namespace tutti::bench {

/// A FilesJob as BruteFIR is given it: partitions of 32768 frames in float, a process per side (those that
/// meet in an output must be in one) if there are threads for two. It reads raw interleaved floats, which are
/// written here, and writes such.
struct BrutefirJob {
    std::filesystem::path config;
    std::filesystem::path result;
};

/// Most inputs that it takes.
inline constexpr int brutefir_most_inputs = 128;

/// Writes the configuration and the raw input into the folder. Throws InputError when they cannot be written.
BrutefirJob prepare_brutefir(const FilesJob& job, const WorkFolder& work);

}  // namespace tutti::bench
