#include "benchmarks/convolution.hpp"

#include <algorithm>
#include <iomanip>
#include <memory>
#include <thread>

#include "benchmarks/gate.hpp"
#include "benchmarks/machine.hpp"
#include "benchmarks/statistics.hpp"
#include "benchmarks/turns.hpp"
#include "benchmarks/work_folder.hpp"
#include "benchmarks/worker_process.hpp"
#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

struct Contestant {
    std::string name;
    std::unique_ptr<WorkerProcess> worker;
    double signal_to_error_db = 0.0;
    std::vector<double> wall_s{};
    std::vector<double> cpu_s{};
    double peak_memory_mib = 0.0;

    void run() {
        const Cost cost = worker->run();
        wall_s.push_back(cost.wall_s);
        cpu_s.push_back(cost.cpu_s);
        peak_memory_mib = std::max(peak_memory_mib, cost.peak_memory_mib);
    }
};

std::vector<Contestant> admitted(const ConvolutionOptions& options, PreparedJob& prepared,
                                 const WorkFolder& work, std::ostream& out, bool& all) {
    std::vector<Contestant> contestants;
    for (const ContestantProgram& program : contestants_in_memory(options.places, options.devices)) {
        if (!program.missing.empty()) {
            out << "  " << program.name << ": skipped, " << program.missing << "\n";
            continue;
        }
        std::vector<std::string> command = program.command;
        ConvolutionJob job = prepared.job();
        job.wisdom_file = options.wisdom_file;
        const std::vector<std::string> arguments = to_arguments(job);
        command.insert(command.end(), arguments.begin(), arguments.end());
        try {
            Contestant contestant{program.name,
                                  std::make_unique<WorkerProcess>(command, work / "worker.log")};
            prepared.spoil_results();
            contestant.worker->run();
            if (program.name != bound_name) {
                contestant.signal_to_error_db = prepared.signal_to_error_db();
                if (!(contestant.signal_to_error_db >= least_signal_to_error_db)) {
                    out << "  " << program.name << ": REFUSED, " << contestant.signal_to_error_db << " dB\n";
                    all = false;
                    continue;
                }
            }
            contestants.push_back(std::move(contestant));
        } catch (const InputError& error) {
            out << "  " << program.name << ": skipped, " << error.what() << "\n";
        }
    }
    return contestants;
}

void print(const Contestant& contestant, const ConvolutionCase& which, std::ostream& out) {
    const Summary wall = summarize(contestant.wall_s);
    const double channel_s = which.row_count * which.seconds;
    out << "  " << std::left << std::setw(24) << contestant.name << std::right << std::fixed
        << std::setprecision(3) << std::setw(8) << wall.median << " s (" << wall.lowest << " ... "
        << wall.highest << ")" << std::setw(8) << summarize(contestant.cpu_s).median << " s CPU"
        << std::setprecision(0) << std::setw(7) << channel_s / wall.median << " x real time" << std::setw(7)
        << contestant.peak_memory_mib << " MiB" << std::setprecision(1) << std::setw(8)
        << contestant.signal_to_error_db << " dB   " << contestant.worker->description() << "\n";
}

}  // namespace

bool benchmark_convolution(const ConvolutionOptions& options, std::ostream& out) {
    const WorkFolder work("");
    out << "on: " << this_machine().text() << "\n";
    const int threads = options.thread_count > 0 ? options.thread_count
                                                 : static_cast<int>(std::thread::hardware_concurrency());
    bool all = true;
    for (const ConvolutionCase& which : options.cases) {
        out << which.text() << "\n";
        PreparedJob prepared = prepare_job(which.row_count, to_frames(which.seconds),
                                           to_frames(which.kernel_seconds), options.sources, threads);
        std::vector<Contestant> contestants = admitted(options, prepared, work, out, all);
        take_turns(options.repeat_count, contestants, [](Contestant& contestant) { contestant.run(); });
        for (const Contestant& contestant : contestants) print(contestant, which, out);
        for (std::size_t i = 1; i < contestants.size(); ++i) {
            const Ratio wall = ratio_of_pairs(contestants[i].wall_s, contestants[0].wall_s);
            const Ratio cpu = ratio_of_pairs(contestants[i].cpu_s, contestants[0].cpu_s);
            out << "  " << contestants[i].name << " / " << contestants[0].name << ": wall "
                << std::setprecision(2) << wall.median << " (" << wall.low << " ... " << wall.high
                << "), CPU " << cpu.median << " (" << cpu.low << " ... " << cpu.high << ")\n";
        }
    }
    return all;
}

}  // namespace tutti::bench
