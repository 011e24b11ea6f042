#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "benchmarks/convolution_case.hpp"
#include "benchmarks/machine.hpp"
#include "benchmarks/statistics.hpp"

namespace tutti::bench {

/// What came out for one contestant in one case.
struct Measured {
    std::string key;  ///< what --against calls it
    std::string name;
    std::string description;  ///< version and settings
    bool is_tutti = false;
    bool is_bound = false;  ///< not a contestant, but what none that uses FFTW can be faster than
    std::string missing{};  ///< why it was not run; empty: it was
    std::optional<double> signal_to_error_db{};  ///< the worst of all runs
    bool refused = false;                        ///< it was below the gate's limit, so it has no times
    std::vector<double> wall_s{};
    std::vector<double> cpu_s{};
    double peak_memory_mib = 0.0;  ///< without the samples that all share
    std::optional<double> energy_j{};
    double bound_s = 0.0;  ///< what its device needs at least to move the bytes of its plan; 0: unknown

    bool is_timed() const { return !wall_s.empty(); }
};

struct CaseResults {
    ConvolutionCase size;
    std::int64_t frame_count = 0;
    std::int64_t tap_count = 0;
    std::string material;  ///< what the rows and kernels are
    std::vector<Measured> contestants;

    double channel_seconds() const { return size.row_count * size.seconds; }
    /// Input samples of all rows.
    double channel_samples() const {
        return static_cast<double>(size.row_count) * static_cast<double>(frame_count);
    }
    /// Multiply-accumulates of the convolution as it is defined, sample by sample.
    double tap_macs() const { return channel_samples() * static_cast<double>(tap_count); }
    /// Nothing when there is none that was timed.
    const Measured* bound() const;
    /// The first Tutti that was timed, to which the others are compared.
    const Measured* reference() const;
};

struct ConvolutionReport {
    Machine machine;
    std::string versions;  ///< of Tutti and its libraries
    int thread_count = 0;
    int repeat_count = 0;
    std::string energy;  ///< what it was read from, or that it was not
    std::vector<CaseResults> cases;
};

/// Wall or CPU time over the reference's, pair by pair; nothing when either was not timed.
std::optional<Ratio> over_reference(const CaseResults& results, const Measured& contestant,
                                    std::vector<double> Measured::*times);

}  // namespace tutti::bench
