#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <ostream>
#include <string>

namespace tutti::bench {

/// `tutti-bench masked-thresholds`: holds the model of hearing against listeners', as a table and a picture.
class MaskedThresholdsCommand {
  public:
    explicit MaskedThresholdsCommand(CLI::App& app);
    MaskedThresholdsCommand(const MaskedThresholdsCommand&) = delete;
    MaskedThresholdsCommand& operator=(const MaskedThresholdsCommand&) = delete;

    bool is_asked_for() const { return command_->parsed(); }

    /// The exit status: 1 when a threshold is 4 dB or more from the standard's. Throws InputError and
    /// DeviceError.
    int run(std::ostream& out) const;

  private:
    CLI::App* command_;
    std::string device_ = "auto";
    int seconds_ = 40;
    std::filesystem::path picture_;
};

}  // namespace tutti::bench
