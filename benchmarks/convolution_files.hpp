#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/contestants.hpp"
#include "benchmarks/convolution_memory.hpp"
#include "benchmarks/convolution_results.hpp"
#include "benchmarks/files_job.hpp"

namespace tutti::bench {

/// A program, or several at the same time, that do a FilesJob as whole processes.
struct FilesContestant {
    std::string key;  ///< what --against calls it
    std::string name;
    std::string version;
    std::vector<std::vector<std::string>> commands;
    std::vector<std::filesystem::path> results;  ///< what they write, to be summed
    std::string missing{};                       ///< why it cannot take part; empty: it can
    bool is_tutti = false;
};

/// Tutti on each device, and of its peers in `choice` those that could do the job, here or not; what each
/// needs is written into the folder.
std::vector<FilesContestant> contestants_on_files(const ProgramPlaces& places, const ContestantChoice& choice,
                                                  const FilesJob& job, const WorkFolder& work);

/// All contestants do the job once, which fills the file cache, and are admitted or refused; then the
/// admitted in turn, whole processes, what they wrote being looked at after every run.
std::vector<Measured> run_on_files(const std::vector<FilesContestant>& contestants, const FilesJob& job,
                                   const WorkFolder& work, const RunOptions& options, EnergyMeter& meter);

}  // namespace tutti::bench
