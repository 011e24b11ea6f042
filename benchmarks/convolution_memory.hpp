#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "benchmarks/contestants.hpp"
#include "benchmarks/convolution_results.hpp"
#include "benchmarks/convolution_samples.hpp"
#include "benchmarks/energy_meter.hpp"

namespace tutti::bench {

/// How every contestant is run.
struct RunOptions {
    int thread_count = 1;
    int repeat_count = 5;
    std::filesystem::path wisdom_file{};  ///< where FFTW's measured plans are kept; empty: nowhere
    std::function<void(const std::string&)> progress = [](const std::string&) {};
};

/// One case in memory: all contestants start, and are refused or admitted by their first run; then the
/// admitted run in turn, their results being looked at after every run; then, where energy can be read, each
/// runs for that.
std::vector<Measured> run_in_memory(const std::vector<ContestantProgram>& programs, PreparedJob& prepared,
                                    const RunOptions& options, EnergyMeter& meter);

}  // namespace tutti::bench
