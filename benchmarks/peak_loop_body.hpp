// The loop of a PeakLoop; see engine/cpu/lane_vector.hpp for how it is compiled.
#include "benchmarks/peak_loops.hpp"
#include "engine/cpu/lane_vector.hpp"

namespace tutti::cpu::TUTTI_LEVEL {

namespace {

inline constexpr int chain_count = 12;

float run_peak(int rounds) {
    Vector chains[chain_count];
    TUTTI_UNROLL
    for (int i = 0; i < chain_count; ++i) chains[i] = splat(static_cast<float>(i));
    const volatile float unknown[] = {0.999F, 0.001F};  // else the sums are known beforehand
    const Vector factor = splat(unknown[0]);
    const Vector addend = splat(unknown[1]);
    for (int round = 0; round < rounds; ++round) {
        TUTTI_UNROLL
        for (int i = 0; i < chain_count; ++i) chains[i] = chains[i] * factor + addend;
    }
    Vector sum{};
    for (const Vector& chain : chains) sum += chain;
    float all = 0.0F;
    for (int i = 0; i < width; ++i) all += sum[i];
    return all;
}

inline constexpr bench::PeakLoop peak_loop{2 * chain_count * width, run_peak};

}  // namespace

}  // namespace tutti::cpu::TUTTI_LEVEL
