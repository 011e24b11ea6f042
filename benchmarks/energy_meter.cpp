#include "benchmarks/energy_meter.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include "benchmarks/process.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

std::optional<double> number_in(const fs::path& file) {
    std::ifstream stream(file);
    double number = 0.0;
    if (!(stream >> number)) return std::nullopt;
    return number;
}

/// Watts of all NVIDIA devices, as their driver averages them over about the last second; nothing where
/// there are none.
std::optional<double> nvidia_power_w() {
    std::istringstream lines(
        output_of({"nvidia-smi", "--query-gpu=power.draw", "--format=csv,noheader,nounits"}));
    std::optional<double> sum_w;
    for (double watts = 0.0; lines >> watts;) sum_w = sum_w.value_or(0.0) + watts;
    return sum_w;
}

}  // namespace

EnergyMeter::EnergyMeter(const fs::path& powercap) {
    std::error_code ignored;
    bool seen = false;
    for (const fs::directory_entry& entry : fs::directory_iterator(powercap, ignored)) {
        // "intel-rapl:0" is a package (AMD's too); "intel-rapl:0:1" is a part of it.
        const std::string name = entry.path().filename();
        if (!name.starts_with("intel-rapl:") || name.find(':', 11) != std::string::npos) continue;
        seen = true;
        const Package package{entry.path() / "energy_uj",
                              number_in(entry.path() / "max_energy_range_uj").value_or(0.0)};
        if (number_in(package.counter)) packages_.push_back(package);
    }
    reads_nvidia_ = nvidia_power_w().has_value();
    if (!packages_.empty()) source_ = "RAPL, the whole package";
    if (reads_nvidia_) source_ += std::string(source_.empty() ? "" : " and ") + "nvidia-smi's mean power";
    if (source_.empty()) {
        source_ = seen ? "not readable here (RAPL is there, but not for this user)" : "not readable here";
    }
}

void EnergyMeter::start() {
    for (Package& package : packages_) package.start_uj = number_in(package.counter).value_or(0.0);
}

std::optional<double> EnergyMeter::stop(double seconds) const {
    double joules = 0.0;
    for (const Package& package : packages_) {
        const std::optional<double> now_uj = number_in(package.counter);
        if (!now_uj) return std::nullopt;
        const double used_uj = *now_uj - package.start_uj;
        joules += 1e-6 * (used_uj < 0.0 ? used_uj + package.range_uj : used_uj);
    }
    if (reads_nvidia_) {
        const std::optional<double> watts = nvidia_power_w();
        if (!watts) return std::nullopt;
        joules += *watts * seconds;
    }
    return reads_anything() ? std::optional(joules) : std::nullopt;
}

}  // namespace tutti::bench
