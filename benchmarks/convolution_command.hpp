#pragma once

#include <CLI/CLI.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "benchmarks/convolution.hpp"

namespace tutti::bench {

/// `tutti-bench convolution`: its options, and what they come to.
class ConvolutionCommand {
  public:
    ConvolutionCommand(CLI::App& app, const ProgramPlaces& places);
    ConvolutionCommand(const ConvolutionCommand&) = delete;
    ConvolutionCommand& operator=(const ConvolutionCommand&) = delete;

    bool is_asked_for() const { return command_->parsed(); }

    /// The exit status. Throws InputError.
    int run(std::ostream& out);

  private:
    void add_case_options();
    void add_contestant_options();
    std::vector<ConvolutionCase> cases() const;

    CLI::App* command_;
    ConvolutionOptions options_;
    bool full_ = false;
    bool list_ = false;
    bool show_plans_ = false;
    bool show_stages_ = false;
    bool scaling_ = false;
    std::vector<std::string> levels_;
    std::vector<int> rows_;
    std::vector<double> seconds_;
    std::vector<double> kernel_seconds_;
    std::string kernels_ = "shared";
};

/// tutti-bench worker KIND JOB...: what the benchmark starts of itself. Returns when its input ends. Throws
/// InputError for other words.
void serve_worker(const std::vector<std::string>& words);

}  // namespace tutti::bench
