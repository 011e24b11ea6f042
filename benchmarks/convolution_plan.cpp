#include "benchmarks/convolution_plan.hpp"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <memory>
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

/// Seconds per chunk of the plan, each of several.
std::vector<double> measure(Backend& backend, const RowsShape& shape, const ConvolverPlan& plan,
                            int repeat_count) {
    const auto rows = backend.make_rows(shape);
    const auto convolver = backend.make_convolver(shape, plan);
    const std::vector<float> samples(static_cast<std::size_t>(shape.frame_count), 0.1F);
    std::vector<double> seconds;
    for (int i = 0; i <= repeat_count; ++i) {
        for (int row = 0; row < shape.row_count; ++row) rows->write(row, samples);
        backend.finish();
        const auto start = std::chrono::steady_clock::now();
        convolver->process(*rows);
        backend.finish();
        const double taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        rows->advance();
        if (i > 0) seconds.push_back(taken);  // the first one meets memory that is not there yet
    }
    return seconds;
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

void show_plan(Backend& backend, const ConvolutionCase& which, int repeat_count, std::ostream& out) {
    ConvolverPlan plan = plan_like(which, std::min(which.row_count, most_rows));
    const RowsShape shape = fastest_shape(backend, plan, to_frames(which.seconds),
                                          to_frames(which.seconds + which.kernel_seconds));
    const ConvolverForecast forecast = backend.forecast_convolver(shape, plan);
    // The prediction is for one thread of the CPU, or for the whole device.
    const int workers = backend.info().kind == DeviceKind::cpu ? thread_count() : 1;
    const double row_ms = 1e3 * case_rate_hz / (static_cast<double>(shape.row_count) * shape.frame_count);
    out << which.text() << ", on " << shape.row_count << " rows in chunks of " << shape.frame_count
        << "; ms per second of a row\n"
        << "  transform       hop  parts        state   predicted    measured (spread)          ratio\n";
    for (std::size_t i = 0; i < std::min(shown_count, forecast.candidates.size()); ++i) {
        const ConvolverCandidate& candidate = forecast.candidates[i];
        plan.transform_frames = candidate.layout.transform_frames;
        Summary measured = summarize(measure(backend, shape, plan, repeat_count));
        for (double* value : {&measured.median, &measured.lowest, &measured.highest}) *value *= row_ms;
        print(candidate, candidate.seconds / workers * row_ms, measured, out);
    }
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
