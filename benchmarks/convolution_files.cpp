#include "benchmarks/convolution_files.hpp"

#include <algorithm>

#include "benchmarks/gate.hpp"
#include "benchmarks/process.hpp"
#include "benchmarks/turns.hpp"
#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

struct Entrant {
    const FilesContestant& program;
    Measured& measured;

    bool is_in() const { return measured.missing.empty() && !measured.refused; }
};

class FilesBenchmark {
  public:
    FilesBenchmark(const FilesJob& job, const WorkFolder& work)
        : job_(job), log_(work / "program.log"), exact_(exact_mix(job)) {}

    /// One run of the programs and what the gate says about what they wrote.
    Cost run_and_check(Entrant& entrant, EnergyMeter& meter) const {
        Measured& measured = entrant.measured;
        for (const fs::path& file : entrant.program.results) fs::remove(file);
        try {
            meter.start();
            const Cost cost = run_programs(entrant.program.commands, log_);
            measured.energy_j = meter.stop(cost.wall_s);
            const double ratio_db =
                signal_to_error_db(exact_, read_mix(entrant.program.results, job_.result_frames()));
            measured.signal_to_error_db = std::min(ratio_db, measured.signal_to_error_db.value_or(ratio_db));
            measured.refused = !(*measured.signal_to_error_db >= least_signal_to_error_db);
            return cost;
        } catch (const InputError& error) {
            measured.missing = error.what();
            return {};
        }
    }

  private:
    const FilesJob& job_;
    fs::path log_;
    std::vector<std::vector<double>> exact_;
};

}  // namespace

std::vector<Measured> run_on_files(const std::vector<FilesContestant>& contestants, const FilesJob& job,
                                   const WorkFolder& work, const RunOptions& options, EnergyMeter& meter) {
    const FilesBenchmark benchmark(job, work);
    std::vector<Measured> all;
    for (const FilesContestant& contestant : contestants) {
        all.push_back({contestant.name, contestant.version, contestant.is_tutti, false, contestant.missing});
    }
    std::vector<Entrant> entrants;
    for (std::size_t i = 0; i < contestants.size(); ++i) {
        Entrant entrant{contestants[i], all[i]};
        if (!entrant.is_in()) continue;
        options.progress(contestants[i].name + " is checked");
        benchmark.run_and_check(entrant, meter);
        if (entrant.is_in()) entrants.push_back(entrant);
    }

    options.progress("timing");
    take_turns(options.repeat_count, entrants, [&](Entrant& entrant) {
        if (!entrant.is_in()) return;
        Measured& measured = entrant.measured;
        const Cost cost = benchmark.run_and_check(entrant, meter);
        if (!entrant.is_in()) return;
        measured.wall_s.push_back(cost.wall_s);
        measured.cpu_s.push_back(cost.cpu_s);
        measured.peak_memory_mib = std::max(measured.peak_memory_mib, cost.peak_memory_mib);
    });
    for (const Entrant& entrant : entrants) {
        if (entrant.is_in()) continue;
        entrant.measured.wall_s.clear();
        entrant.measured.cpu_s.clear();
    }
    return all;
}

}  // namespace tutti::bench
