// tutti-bench-zita: convolution by libzita-convolver.
//   tutti-bench-zita --version
//   tutti-bench-zita JOB...                                     in memory, serves as worker.hpp says
//   tutti-bench-zita mix OUT.wav KERNEL.wav GAIN THREADS STEM.wav...
//                                                               stems through a stereo kernel to their sum
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "benchmarks/peers/zita_engine.hpp"
#include "benchmarks/peers/zita_mix.hpp"
#include "benchmarks/worker.hpp"

namespace {

using namespace tutti::bench;

/// An engine per row, rows over all threads.
void serve_zita(const ConvolutionJob& job) {
    JobSamples samples(job);
    std::vector<std::unique_ptr<Convproc>> engines;
    for (int row = 0; row < job.row_count; ++row)
        engines.push_back(make_zita_engine({samples.kernel_of(row)}, true));
    std::vector<std::vector<float>> results(
        static_cast<std::size_t>(job.thread_count),
        std::vector<float>(static_cast<std::size_t>(job.result_frames())));

    const auto run = [&](Stopwatch& watch) {
        for (const auto& engine : engines) start(*engine);
        watch.start();
        for_each_row(job.row_count, job.thread_count, [&](int thread, int row) {
            const std::span<float> kept = samples.kept(row);
            convolve(*engines[static_cast<std::size_t>(row)], samples.row(row),
                     {kept.empty() ? std::span(results[static_cast<std::size_t>(thread)]) : kept});
        });
        watch.stop();
        for (const auto& engine : engines) stop(*engine);
    };
    serve(samples,
          zita_version_text() + ", partitions of " + std::to_string(zita_partition) + ", vector mode", run,
          std::cin, std::cout);
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        if (words.size() == 1 && words[0] == "--version") {
            std::cout << zita_version_text() << "\n";
        } else if (words.size() > 5 && words[0] == "mix") {
            zita_mix(words[1], words[2], std::stof(words[3]), std::stoi(words[4]),
                     {words.begin() + 5, words.end()});
        } else {
            serve_zita(parse_job(words));
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "tutti-bench-zita: " << error.what() << "\n";
        return 2;
    }
}
