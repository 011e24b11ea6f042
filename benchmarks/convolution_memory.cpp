#include "benchmarks/convolution_memory.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

#include "benchmarks/gate.hpp"
#include "benchmarks/turns.hpp"
#include "benchmarks/work_folder.hpp"
#include "benchmarks/worker_process.hpp"
#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

/// Energy is read over runs that take at least this long together.
constexpr double energy_seconds = 2.0;

struct Contestant {
    Measured& measured;
    std::unique_ptr<WorkerProcess> worker;
};

/// One run and what the gate says about it.
Cost run_and_check(Contestant& contestant, PreparedJob& prepared) {
    prepared.spoil_results();
    const Cost cost = contestant.worker->run();
    Measured& measured = contestant.measured;
    if (measured.is_bound) return cost;
    const double ratio_db = prepared.signal_to_error_db();
    measured.signal_to_error_db = std::min(ratio_db, measured.signal_to_error_db.value_or(ratio_db));
    measured.refused = !(*measured.signal_to_error_db >= least_signal_to_error_db);
    return cost;
}

std::vector<std::string> command_of(const ContestantProgram& program, ConvolutionJob job,
                                    const RunOptions& options) {
    job.wisdom_file = options.wisdom_file;
    std::vector<std::string> command = program.command;
    for (const std::string& word : to_arguments(job)) command.push_back(word);
    return command;
}

std::optional<double> energy_of_run(Contestant& contestant, EnergyMeter& meter) {
    if (!meter.reads_anything()) return std::nullopt;
    const auto begin = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    int run_count = 0;
    meter.start();
    for (; run_count == 0 || seconds() < energy_seconds; ++run_count) contestant.worker->run();
    const std::optional<double> joules = meter.stop(seconds());
    return joules ? std::optional(*joules / run_count) : std::nullopt;
}

}  // namespace

std::vector<Measured> run_in_memory(const std::vector<ContestantProgram>& programs, PreparedJob& prepared,
                                    const RunOptions& options, EnergyMeter& meter) {
    const WorkFolder work("");
    std::vector<Measured> all;
    for (const ContestantProgram& program : programs) {
        all.push_back({program.name, program.version, program.is_tutti, program.is_bound, program.missing});
    }
    std::vector<Contestant> contestants;
    for (std::size_t i = 0; i < programs.size(); ++i) {
        if (!all[i].missing.empty()) continue;
        options.progress(programs[i].name + " makes ready");
        try {
            Contestant contestant{
                all[i], std::make_unique<WorkerProcess>(command_of(programs[i], prepared.job(), options),
                                                        work / ("worker" + std::to_string(i) + ".log"))};
            all[i].description = contestant.worker->description();
            run_and_check(contestant, prepared);
            if (!all[i].refused) contestants.push_back(std::move(contestant));
        } catch (const InputError& error) {
            all[i].missing = error.what();
        }
    }

    options.progress("timing");
    take_turns(options.repeat_count, contestants, [&](Contestant& contestant) {
        Measured& measured = contestant.measured;
        if (measured.refused || !measured.missing.empty()) return;
        Cost cost;
        try {
            cost = run_and_check(contestant, prepared);
        } catch (const InputError& error) {
            measured.missing = error.what();
            return;
        }
        measured.wall_s.push_back(cost.wall_s);
        measured.cpu_s.push_back(cost.cpu_s);
        measured.peak_memory_mib = std::max(measured.peak_memory_mib, cost.peak_memory_mib);
    });
    for (Contestant& contestant : contestants) {
        Measured& measured = contestant.measured;
        if (measured.refused || !measured.missing.empty()) {
            measured.wall_s.clear();
            measured.cpu_s.clear();
        } else {
            measured.energy_j = energy_of_run(contestant, meter);
        }
    }
    return all;
}

}  // namespace tutti::bench
