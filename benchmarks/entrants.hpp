#pragma once

#include <filesystem>
#include <vector>

#include "benchmarks/contest.hpp"
#include "benchmarks/contestants.hpp"
#include "benchmarks/convolution_samples.hpp"
#include "benchmarks/files_contestants.hpp"
#include "benchmarks/files_job.hpp"

namespace tutti::bench {

/// The programs with the job to do and a gate that looks at the job's kept results; `prepared` outlives them.
std::vector<Entrant> entrants_in_memory(const std::vector<ContestantProgram>& programs, PreparedJob& prepared,
                                        const std::filesystem::path& wisdom_file);

/// The programs with a gate that reads what they wrote.
std::vector<Entrant> entrants_on_files(const std::vector<FilesContestant>& contestants, const FilesJob& job);

}  // namespace tutti::bench
