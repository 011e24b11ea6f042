#pragma once

#include <atomic>
#include <functional>
#include <iosfwd>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/convolution_job.hpp"

namespace tutti::bench {

/// Wall time and CPU time of this process between start() and stop(), over any number of those.
class Stopwatch {
  public:
    void start();
    void stop();
    double wall_s() const { return wall_s_; }
    double cpu_s() const { return cpu_s_; }

  private:
    double wall_s_ = 0.0;
    double cpu_s_ = 0.0;
};

/// The contestant's side of a benchmark in memory. Prints "ready DESCRIPTION"; then does the job once for
/// every line "run" on `in`, and prints "WALL_S CPU_S PEAK_MIB BOUND_S" of it, the peak without the samples
/// that all contestants share; ends with the input. `run` starts and stops the watch around what is to be
/// timed. `bound_s`: what its device needs at least to move the bytes of its plan, or 0 where nobody can
/// tell.
void serve(const JobSamples& samples, const std::string& description,
           const std::function<void(Stopwatch& watch)>& run, std::istream& in, std::ostream& out,
           double bound_s = 0.0);

/// Calls body(thread, row) for every row, on `thread_count` threads; each takes the next row when it is free.
template <typename Body>
void for_each_row(int row_count, int thread_count, const Body& body) {
    std::atomic<int> next = 0;
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < thread_count; ++thread) {
        threads.emplace_back([&, thread] {
            for (int row = next++; row < row_count; row = next++) body(thread, row);
        });
    }
}

}  // namespace tutti::bench
