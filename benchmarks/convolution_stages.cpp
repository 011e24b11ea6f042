#include "benchmarks/convolution_stages.hpp"

#include <algorithm>
#include <cstdint>
#include <iomanip>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/machine.hpp"
#include "benchmarks/tutti_worker.hpp"
#include "engine/devices.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "host/user_cache.hpp"

namespace tutti::bench {

namespace {

/// A chunk up, convolved and back, as often as the case's length wants.
std::vector<StageReport> run(Backend& backend, const RowsShape& shape, const ConvolverPlan& plan,
                             int chunk_count) {
    const auto rows = backend.make_rows(shape);
    const auto convolver = backend.make_convolver(shape, plan);
    std::vector<float> samples(static_cast<std::size_t>(shape.row_count) * shape.frame_count, 0.1F);
    rows->write(0, samples);
    convolver->process(*rows);  // shaders are compiled at their first use
    rows->read(0, samples);
    backend.set_profiling(true);
    for (int i = 0; i < chunk_count; ++i) {
        rows->write(0, samples);
        convolver->process(*rows);
        rows->read(0, samples);
        rows->advance();
    }
    std::vector<StageReport> stages = backend.stage_reports();
    backend.set_profiling(false);
    return stages;
}

void print(const StageReport& stage, double copy_bytes_per_s, double row_s, std::ostream& out) {
    const double bytes_per_s = static_cast<double>(stage.bytes) / stage.seconds;
    out << "  " << std::left << std::setw(24) << stage.name << std::right << std::fixed
        << std::setprecision(4) << std::setw(10) << 1e3 * stage.seconds / row_s << std::setprecision(1)
        << std::setw(12) << static_cast<double>(stage.bytes) / 1e6 / row_s << std::setw(10)
        << 1e-9 * bytes_per_s << std::setprecision(0) << std::setw(8)
        << 100.0 * bytes_per_s / copy_bytes_per_s << " %\n";
}

void show(Backend& backend, const ConvolutionCase& which, std::ostream& out) {
    const ConvolverPlan plan = plan_like(which, which.row_count);
    const std::int64_t frames = to_frames(which.seconds + which.kernel_seconds);
    const RowsShape shape = fastest_shape(backend, plan, to_frames(which.seconds), frames);
    const auto chunk_count = static_cast<int>((frames + shape.frame_count - 1) / shape.frame_count);
    std::vector<StageReport> stages = run(backend, shape, plan, chunk_count);
    if (stages.empty()) {
        throw InputError(backend.info().id +
                         " times no stages; --stages is for Vulkan devices (see tutti devices)");
    }
    const double copy_bytes_per_s = backend.measure_copy_bytes_per_s();
    const double row_s =
        static_cast<double>(chunk_count) * shape.frame_count * shape.row_count / case_rate_hz;
    out << which.text() << ", chunks of " << shape.frame_count << "; per second of a row; a plain copy moves "
        << std::fixed << std::setprecision(1) << 1e-9 * copy_bytes_per_s << " GB/s\n"
        << "  stage                           ms          MB      GB/s    of copy\n";
    StageReport all{"convolver, all stages", 0.0, 0, 0};
    for (const StageReport& stage : stages) {
        print(stage, copy_bytes_per_s, row_s, out);
        if (!stage.name.starts_with("convolver")) continue;
        all.seconds += stage.seconds;
        all.bytes += stage.bytes;
    }
    print(all, copy_bytes_per_s, row_s, out);
}

}  // namespace

void show_stages(const ConvolutionOptions& options, std::ostream& out) {
    set_thread_count(options.thread_count);
    const std::unique_ptr<BlobStore> cache = open_user_cache();
    out << "on: " << this_machine().text() << "\n";
    for (const std::string& device : options.choice.devices) {
        const OpenedDevice opened = open_device(device, cache.get());
        out << "device: " << opened.reason << "\n";
        for (const ConvolutionCase& which : options.cases) show(*opened.backend, which, out);
    }
}

}  // namespace tutti::bench
