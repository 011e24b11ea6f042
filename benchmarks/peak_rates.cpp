#include "benchmarks/peak_rates.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <vector>

#include "benchmarks/peak_loops.hpp"
#include "engine/cpu/level.hpp"
#include "engine/cpu/thread_time.hpp"
#include "engine/threads.hpp"

namespace tutti::bench {

namespace {

constexpr int attempts = 7;

const PeakLoop& fastest_loop() {
#ifdef TUTTI_X86_64_LEVELS
    if (cpu::processor_level() == cpu::Level::v4) return peak_loop_v4;
    if (cpu::processor_level() == cpu::Level::v3) return peak_loop_v3;
#endif
    return peak_loop_baseline;
}

/// What all threads together do per second at their best: `amount` per call of body(thread), in the time that
/// each of them ran.
template <typename Body>
double rate(double amount, const Body& body) {
    std::vector<double> least_s(thread_count(), 1e9);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        parallel_for(thread_count(), [&](int part) {
            const double start_s = cpu::thread_time_s();
            body(part);
            least_s[part] = std::min(least_s[part], cpu::thread_time_s() - start_s);
        });
    }
    double sum = 0.0;
    for (const double seconds : least_s) sum += amount / seconds;
    return sum;
}

}  // namespace

PeakRates measure_cpu_peaks() {
    constexpr int rounds = 1'000'000;
    constexpr std::size_t copied_bytes = std::size_t{128} << 20;  // far more than caches hold, of all threads
    const PeakLoop& loop = fastest_loop();
    std::atomic<float> results{0.0F};
    const double operations_per_s = rate(static_cast<double>(rounds) * loop.operations_per_round,
                                         [&](int /*part*/) { results = loop.run(rounds); });
    std::vector<char> from(copied_bytes, 1);
    std::vector<char> to(copied_bytes, 2);
    const std::size_t bytes = copied_bytes / thread_count();
    const double bytes_per_s = rate(2.0 * static_cast<double>(bytes), [&](int part) {
        std::memcpy(to.data() + part * bytes, from.data() + part * bytes, bytes);
    });
    return {operations_per_s, bytes_per_s};
}

}  // namespace tutti::bench
