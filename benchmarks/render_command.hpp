#pragma once

#include <CLI/CLI.hpp>
#include <ostream>

#include "benchmarks/render.hpp"

namespace tutti::bench {

/// `tutti-bench render`: its options, and what they come to.
class RenderCommand {
  public:
    RenderCommand(CLI::App& app, const ProgramPlaces& places);
    RenderCommand(const RenderCommand&) = delete;
    RenderCommand& operator=(const RenderCommand&) = delete;

    bool is_asked_for() const { return command_->parsed(); }

    /// The exit status. Throws InputError and DeviceError.
    int run(std::ostream& out);

  private:
    CLI::App* command_;
    RenderOptions options_;
    double minutes_ = 1.0;
    bool growth_ = false;
};

}  // namespace tutti::bench
