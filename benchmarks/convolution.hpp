#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "benchmarks/contestants.hpp"
#include "benchmarks/convolution_case.hpp"
#include "benchmarks/convolution_samples.hpp"

namespace tutti::bench {

struct ConvolutionOptions {
    ProgramPlaces places;
    std::vector<ConvolutionCase> cases;
    SampleSources sources;
    std::vector<std::string> devices = {"cpu"};
    int thread_count = 0;  ///< 0: one per core
    int repeat_count = 5;
    std::filesystem::path wisdom_file;  ///< where FFTW's measured plans are kept
};

/// Times convolution in memory, case after case. False when a contestant was refused.
bool benchmark_convolution(const ConvolutionOptions& options, std::ostream& out);

}  // namespace tutti::bench
