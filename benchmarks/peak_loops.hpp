#pragma once

namespace tutti::bench {

/// Multiply-adds of one generation of processors, in enough chains to hide their latency.
struct PeakLoop {
    int operations_per_round;
    float (*run)(int rounds);  ///< returns what came of it, so that it is not left out
};

extern const PeakLoop peak_loop_baseline;
#ifdef TUTTI_X86_64_LEVELS
extern const PeakLoop peak_loop_v3;
extern const PeakLoop peak_loop_v4;
#endif

}  // namespace tutti::bench
