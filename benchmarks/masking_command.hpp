#pragma once

#include <CLI/CLI.hpp>
#include <ostream>

#include "benchmarks/masking.hpp"

namespace tutti::bench {

/// `tutti-bench masking`: its options, and what they come to.
class MaskingCommand {
  public:
    explicit MaskingCommand(CLI::App& app);
    MaskingCommand(const MaskingCommand&) = delete;
    MaskingCommand& operator=(const MaskingCommand&) = delete;

    bool is_asked_for() const { return command_->parsed(); }

    /// The exit status. Throws InputError and DeviceError.
    int run(std::ostream& out) const { return benchmark_masking(options_, out) ? 0 : 1; }

  private:
    CLI::App* command_;
    MaskingOptions options_;
};

}  // namespace tutti::bench
