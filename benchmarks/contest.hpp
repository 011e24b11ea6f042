#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "benchmarks/contestants.hpp"
#include "benchmarks/convolution_results.hpp"
#include "benchmarks/energy_meter.hpp"

namespace tutti::bench {

/// How a contestant's result is looked at.
struct Gate {
    std::function<void()> spoil;  ///< makes what is there wrong, so that it must be made again to be right
    std::function<double()> signal_to_error_db;
};

struct Entrant {
    ContestantProgram program;  ///< with all its arguments
    Gate gate;
    std::string slow_start{};  ///< what takes it long before its first run; empty where nothing does
};

struct ContestOptions {
    int repeat_count = 5;
    std::function<void(const std::string&)> progress = [](const std::string&) {};
    std::function<void(const std::string&)> tell = [](const std::string&) {};  ///< why it takes long now
};

/// All entrants start, and are refused or admitted by their first run, which also fills caches. The admitted
/// are timed in turn, and go through the gate after every run; then, where energy can be read, each runs for
/// that. One that fails is missing, with what it said.
std::vector<Measured> hold_contest(const std::vector<Entrant>& entrants, const ContestOptions& options,
                                   EnergyMeter* meter = nullptr);

}  // namespace tutti::bench
