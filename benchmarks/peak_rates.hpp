#pragma once

namespace tutti::bench {

/// What a machine can do at most, on as many threads as there are now.
struct PeakRates {
    double operations_per_s = 0.0;  ///< fused multiply-adds of floats, two operations each; 0: unknown
    double bytes_per_s = 0.0;       ///< a plain copy of memory, read and write counted
};

/// Measures it on the CPU in about half a second.
PeakRates measure_cpu_peaks();

}  // namespace tutti::bench
