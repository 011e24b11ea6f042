#define TUTTI_LEVEL baseline
#define TUTTI_LEVEL_LANES 4
#include "benchmarks/peak_loop_body.hpp"

namespace tutti::bench {

const PeakLoop peak_loop_baseline = cpu::baseline::peak_loop;

}  // namespace tutti::bench
