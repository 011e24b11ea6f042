#include "benchmarks/contest.hpp"

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

class Contestant {
  public:
    Contestant(const Entrant& entrant, Measured& measured, const std::filesystem::path& log)
        : gate_(entrant.gate), measured_(measured) {
        attempt([&] {
            worker_ = std::make_unique<WorkerProcess>(entrant.program.command, log);
            if (!worker_->description().empty()) measured_.description = worker_->description();
        });
    }

    bool is_in() const { return measured_.missing.empty() && !measured_.refused; }

    /// One run that is not timed.
    void try_once() {
        attempt([&] { run(); });
    }

    void run_timed() {
        attempt([&] {
            const Cost cost = run();
            measured_.wall_s.push_back(cost.wall_s);
            measured_.cpu_s.push_back(cost.cpu_s);
            measured_.peak_memory_mib = std::max(measured_.peak_memory_mib, cost.peak_memory_mib);
            measured_.bound_s = cost.bound_s;
        });
        if (is_in()) return;
        measured_.wall_s.clear();
        measured_.cpu_s.clear();
    }

    void measure_energy(EnergyMeter& meter) {
        attempt([&] {
            const auto begin = std::chrono::steady_clock::now();
            const auto seconds = [&] {
                return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            };
            int run_count = 0;
            meter.start();
            for (; run_count == 0 || seconds() < energy_seconds; ++run_count) worker_->run();
            const std::optional<double> joules = meter.stop(seconds());
            if (joules) measured_.energy_j = *joules / run_count;
        });
    }

  private:
    template <typename Body>
    void attempt(const Body& body) {
        if (!is_in()) return;
        try {
            body();
        } catch (const InputError& error) {
            measured_.missing = error.what();
        }
    }

    /// One run, and what the gate says about it.
    Cost run() {
        gate_.spoil();
        const Cost cost = worker_->run();
        if (measured_.is_bound) return cost;
        const double ratio_db = gate_.signal_to_error_db();
        measured_.signal_to_error_db = std::min(ratio_db, measured_.signal_to_error_db.value_or(ratio_db));
        measured_.refused = !(*measured_.signal_to_error_db >= least_signal_to_error_db);
        return cost;
    }

    const Gate& gate_;
    Measured& measured_;
    std::unique_ptr<WorkerProcess> worker_;
};

}  // namespace

std::vector<Measured> hold_contest(const std::vector<Entrant>& entrants, const ContestOptions& options,
                                   EnergyMeter* meter) {
    const WorkFolder logs("");
    std::vector<Measured> all;
    for (const auto& [program, gate, slow_start] : entrants) {
        all.push_back({program.key, program.name, program.version, program.is_tutti, program.is_bound,
                       program.missing});
    }
    std::vector<Contestant> contestants;
    for (std::size_t i = 0; i < entrants.size(); ++i) {
        if (!all[i].missing.empty()) continue;
        options.progress(all[i].name + " makes ready");
        if (!entrants[i].slow_start.empty()) options.tell(all[i].name + " " + entrants[i].slow_start);
        Contestant contestant(entrants[i], all[i], logs / (std::to_string(i) + ".log"));
        contestant.try_once();
        if (contestant.is_in()) contestants.push_back(std::move(contestant));
    }
    options.progress("timing");
    take_turns(options.repeat_count, contestants, [](Contestant& contestant) { contestant.run_timed(); });
    for (Contestant& contestant : contestants) {
        if (meter != nullptr && meter->reads_anything()) contestant.measure_energy(*meter);
    }
    return all;
}

}  // namespace tutti::bench
