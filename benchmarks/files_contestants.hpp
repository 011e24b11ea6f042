#pragma once

#include <filesystem>
#include <vector>

#include "benchmarks/contestants.hpp"
#include "benchmarks/files_job.hpp"

namespace tutti::bench {

/// A program that does a FilesJob.
struct FilesContestant {
    ContestantProgram program;
    std::vector<std::filesystem::path> results;  ///< what it writes, to be summed
};

/// Tutti on each device, and of its peers in `choice` those that could do the job, here or not; what each
/// needs is written into the folder.
std::vector<FilesContestant> contestants_on_files(const ProgramPlaces& places, const ContestantChoice& choice,
                                                  const FilesJob& job, const WorkFolder& work);

}  // namespace tutti::bench
