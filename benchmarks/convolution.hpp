#pragma once

#include <filesystem>
#include <ostream>
#include <vector>

#include "benchmarks/contestants.hpp"
#include "benchmarks/convolution_case.hpp"
#include "benchmarks/convolution_samples.hpp"

namespace tutti::bench {

struct ConvolutionOptions {
    ProgramPlaces places;
    std::vector<ConvolutionCase> cases;
    bool whole_stems = false;   ///< rows as long as the longest stem, whatever the cases say
    bool whole_kernel = false;  ///< kernels as long as the kernel file, whatever the cases say
    SampleSources sources;
    ContestantChoice choice;
    int thread_count = 0;  ///< 0: one per core
    int repeat_count = 5;
    std::filesystem::path wisdom_file;  ///< where FFTW's measured plans are kept; empty: nowhere
    std::filesystem::path json;         ///< these three: empty: none is written
    std::filesystem::path markdown;
    std::filesystem::path picture;
};

/// Times convolution case after case, in memory and from files to a file, with everyone who is here, and
/// prints and writes what came out. False when a Tutti was refused. Throws InputError for what cannot be read
/// or written.
bool benchmark_convolution(const ConvolutionOptions& options, std::ostream& out);

/// Prints who could take part here, with versions.
void list_contestants(const ProgramPlaces& places, const ContestantChoice& choice, std::ostream& out);

}  // namespace tutti::bench
