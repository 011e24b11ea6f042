// libzita-convolver at its best: one partition size, the largest it has (8192), in vector mode, an engine per
// row, rows over all threads. Serves as worker.hpp says.
#include <zita-convolver.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/worker.hpp"
#include "engine/errors.hpp"

using namespace tutti::bench;

namespace {

constexpr unsigned partition = Convproc::MAXPART;

/// An engine in its own memory, as libzita-convolver leaves it between runs: ready to process.
std::unique_ptr<Convproc> make_engine(std::span<const float> kernel) {
    auto engine = std::make_unique<Convproc>();
    engine->set_options(Convproc::OPT_FFTW_MEASURE | Convproc::OPT_VECTOR_MODE);
    const auto taps = static_cast<unsigned>(kernel.size());
    // It takes taps as float*, and does not write to them.
    if (engine->configure(1, 1, taps, partition, partition, partition, 0.0F) != 0 ||
        engine->impdata_create(0, 0, 1, const_cast<float*>(kernel.data()), 0, static_cast<int>(taps)) != 0) {
        throw tutti::InputError("libzita-convolver does not take a kernel of " + std::to_string(taps) +
                                " taps");
    }
    return engine;
}

void convolve(Convproc& engine, std::span<const float> row, std::span<float> result) {
    for (std::size_t start = 0; start < result.size(); start += partition) {
        const std::size_t count =
            start < row.size() ? std::min<std::size_t>(partition, row.size() - start) : 0;
        std::copy_n(row.data() + std::min(start, row.size()), count, engine.inpdata(0));
        std::fill(engine.inpdata(0) + count, engine.inpdata(0) + partition, 0.0F);
        engine.process(true);
        std::copy_n(engine.outdata(0), std::min<std::size_t>(partition, result.size() - start),
                    result.data() + start);
    }
}

void serve_zita(const ConvolutionJob& job) {
    JobSamples samples(job);
    std::vector<std::unique_ptr<Convproc>> engines;
    for (int row = 0; row < job.row_count; ++row) engines.push_back(make_engine(samples.kernel_of(row)));
    std::vector<std::vector<float>> results(
        static_cast<std::size_t>(job.thread_count),
        std::vector<float>(static_cast<std::size_t>(job.result_frames())));

    const auto run = [&](Stopwatch& watch) {
        for (const auto& engine : engines) {
            engine->reset();
            engine->start_process(0, 0);
        }
        watch.start();
        for_each_row(job.row_count, job.thread_count, [&](int thread, int row) {
            const std::span<float> kept = samples.kept(row);
            convolve(*engines[static_cast<std::size_t>(row)], samples.row(row),
                     kept.empty() ? std::span(results[static_cast<std::size_t>(thread)]) : kept);
        });
        watch.stop();
        for (const auto& engine : engines) {
            engine->stop_process();
            while (!engine->check_stop()) {
            }
        }
    };
    const std::string description = "libzita-convolver " + std::to_string(ZITA_CONVOLVER_MAJOR_VERSION) +
                                    "." + std::to_string(ZITA_CONVOLVER_MINOR_VERSION) + ", partitions of " +
                                    std::to_string(partition) + ", vector mode, FFTW_MEASURE";
    serve(samples, description, run, std::cin, std::cout);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::vector<std::string> arguments(argv + 1, argv + argc);
        serve_zita(parse_job(arguments));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "tutti-bench-zita: " << error.what() << "\n";
        return 2;
    }
}
