#include "benchmarks/convolution_plan.hpp"

#include <algorithm>
#include <ctime>
#include <iomanip>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "benchmarks/machine.hpp"
#include "benchmarks/statistics.hpp"
#include "benchmarks/tutti_worker.hpp"
#include "engine/devices.hpp"
#include "engine/threads.hpp"
#include "host/user_cache.hpp"

namespace tutti::bench {

namespace {

/// Candidates shown; the rest only get worse.
constexpr std::size_t shown_count = 10;

/// The case's kernels on a piece of its rows: a prediction is per row, and 64 keep every core busy.
constexpr int most_rows = 64;

/// What this process has run so far, or, of a device of its own, what time it is.
double clock_s(bool is_here) {
    timespec time{};
    clock_gettime(is_here ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Whether this process is the device: then what it ran tells more than how long it took, which others delay.
bool runs_here(const Backend& backend) {
    const DeviceKind kind = backend.info().kind;
    return kind == DeviceKind::cpu || kind == DeviceKind::software_gpu;
}

/// Seconds that a chunk of the plan takes all workers, once what is kept of the past sounds too.
double measure(Backend& backend, const RowsShape& shape, const ConvolverPlan& plan, int workers) {
    const bool is_here = runs_here(backend);
    const auto rows = backend.make_rows(shape);
    const auto convolver = backend.make_convolver(shape, plan);
    const std::vector<float> samples(static_cast<std::size_t>(shape.frame_count), 0.1F);
    std::size_t longest = 0;
    for (const std::vector<float>& kernel : plan.kernels) longest = std::max(longest, kernel.size());
    double taken = 0.0;
    for (std::size_t frames = 0; frames < longest + 2 * samples.size(); frames += samples.size()) {
        for (int row = 0; row < shape.row_count; ++row) rows->write(row, samples);
        backend.finish();
        const double start = clock_s(is_here);
        convolver->process(*rows);
        backend.finish();
        taken = (clock_s(is_here) - start) / workers;
        rows->advance();
    }
    return taken;
}

void print(const ConvolverCandidate& candidate, double predicted, const Summary& measured,
           std::ostream& out) {
    const ConvolverLayout& layout = candidate.layout;
    out << std::setw(11) << layout.transform_frames << std::setw(10) << layout.hop_frames << std::setw(7)
        << layout.partition_count << std::fixed << std::setprecision(1) << std::setw(11)
        << static_cast<double>(candidate.bytes) / (1 << 20) << " MiB" << std::setprecision(3) << std::setw(12)
        << predicted << std::setw(12) << measured.median << " (" << measured.lowest << " ... "
        << measured.highest << ")" << std::setprecision(2) << std::setw(8) << measured.median / predicted
        << std::endl;
}

/// What following the prediction costs: the first candidate over the fastest.
void print_regret(std::span<const ConvolverCandidate> candidates, std::span<const Summary> measured,
                  std::ostream& out) {
    const auto fastest =
        std::min_element(measured.begin(), measured.end(),
                         [](const Summary& a, const Summary& b) { return a.median < b.median; });
    out << "  the first, which is taken, takes " << std::fixed << std::setprecision(2)
        << measured.front().median / fastest->median << " times as long as the fastest ("
        << candidates[fastest - measured.begin()].layout.transform_frames << ")\n";
}

void show_plan(Backend& backend, const ConvolutionCase& which, int repeat_count, std::ostream& out) {
    ConvolverPlan plan = plan_like(which, std::min(which.row_count, most_rows));
    const RowsShape shape = fastest_shape(backend, plan, to_frames(which.seconds),
                                          to_frames(which.seconds + which.kernel_seconds));
    const ConvolverForecast forecast = backend.forecast_convolver(shape, plan);
    // The prediction is for one thread of the CPU, or for the whole device.
    const bool is_cpu = backend.info().kind == DeviceKind::cpu;
    // Mesa's driver takes all cores.
    const int workers = is_cpu               ? thread_count()
                        : runs_here(backend) ? static_cast<int>(std::thread::hardware_concurrency())
                                             : 1;
    const int predicted_workers = is_cpu ? workers : 1;
    const double row_ms = 1e3 * case_rate_hz / (static_cast<double>(shape.row_count) * shape.frame_count);
    out << which.text() << ", on " << shape.row_count << " rows in chunks of " << shape.frame_count
        << "; ms per second of a row" << (runs_here(backend) ? ", CPU time over threads" : "") << "\n"
        << "  transform       hop  parts        state   predicted    measured (spread)          ratio\n";
    const std::span candidates =
        std::span(forecast.candidates).first(std::min(shown_count, forecast.candidates.size()));
    std::vector<std::vector<double>> seconds(candidates.size());
    for (int round = 0; round < repeat_count; ++round) {
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            plan.transform_frames = candidates[i].layout.transform_frames;
            seconds[i].push_back(row_ms * measure(backend, shape, plan, workers));
        }
    }
    std::vector<Summary> measured;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        measured.push_back(summarize(seconds[i]));
        print(candidates[i], candidates[i].seconds / predicted_workers * row_ms, measured.back(), out);
    }
    print_regret(candidates, measured, out);
}

}  // namespace

void show_plans(const ConvolutionOptions& options, std::ostream& out) {
    set_thread_count(options.thread_count);
    const std::unique_ptr<BlobStore> cache = open_user_cache();
    out << "on: " << this_machine().text() << "\n";
    for (const std::string& device : options.choice.devices) {
        const OpenedDevice opened = open_device(device, cache.get());
        out << "device: " << opened.reason << "\n";
        for (const ConvolutionCase& which : options.cases) {
            show_plan(*opened.backend, which, options.repeat_count, out);
        }
    }
}

}  // namespace tutti::bench
