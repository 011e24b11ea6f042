#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tutti::bench {

/// Reads energy from the counters of the processor's packages (RAPL, in `powercap`) and from NVIDIA's devices
/// as their power over time (nvidia-smi), where these can be read.
class EnergyMeter {
  public:
    explicit EnergyMeter(const std::filesystem::path& powercap = "/sys/class/powercap");

    /// What it reads, or why it reads nothing.
    const std::string& source() const { return source_; }
    bool reads_anything() const { return !packages_.empty() || reads_nvidia_; }

    void start();
    /// Joules of all that it reads since start(), which was `seconds` ago: a second or more, for NVIDIA's
    /// power is a mean over that. Nothing when it reads nothing, or cannot any more.
    std::optional<double> stop(double seconds) const;

  private:
    struct Package {
        std::filesystem::path counter;  ///< microjoules
        double range_uj = 0.0;          ///< where it starts at 0 again
        double start_uj = 0.0;
    };

    std::vector<Package> packages_;
    bool reads_nvidia_ = false;
    std::string source_;
};

}  // namespace tutti::bench
