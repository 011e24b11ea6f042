#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "benchmarks/machine.hpp"
#include "benchmarks/masking_gate.hpp"
#include "benchmarks/peak_rates.hpp"

namespace tutti::bench {

struct MaskingOptions {
    std::vector<int> track_counts{16, 64, 128, 256};
    std::string device = "auto";
    int thread_count = 0;  ///< 0: one per core
    int seconds = 4;       ///< of audio per run
    int repeat_count = 5;
    std::filesystem::path stems;  ///< empty: synthetic tracks
    std::filesystem::path json;
    std::filesystem::path markdown;
};

/// A stage of the analysis, per second of audio.
struct MaskingStage {
    std::string name;
    double seconds = 0.0;
    double operations = 0.0;  ///< that it needs; 0: not counted
    double bytes = 0.0;       ///< that it reads and writes
};

/// So many tracks.
struct MaskingCase {
    int track_count = 0;
    std::vector<double> wall_s;  ///< [run]: per second of audio, the analysis alone
    std::vector<MaskingStage> stages;
    double memory_mib = 0.0;    ///< of this process, that the analysis took
    double forecast_mib = 0.0;  ///< that the engine reckons with
    double active_share = 0.0;  ///< of all cells of tracks, bands and slices

    double x_real_time() const;
    /// Of the sums over pairs of target and masker, which grow with the square of the tracks; among the
    /// stages' time. 0 where nothing is known of stages.
    double pairs_share() const;
    /// What a second of a track takes apart from them.
    double track_s() const;
};

struct MaskingReport {
    Machine machine;
    std::string version;
    std::string device;
    std::string material;
    int thread_count = 0;
    int seconds = 0;
    PeakRates peaks;
    std::vector<MaskingError> errors;
    std::vector<MaskingCase> cases;

    bool is_right() const;
};

/// Checks the device against the textbook, then times the masking analysis of more and more tracks. False
/// when it is not right; then nothing is timed. Throws InputError and DeviceError.
bool benchmark_masking(const MaskingOptions& options, std::ostream& out);

}  // namespace tutti::bench
