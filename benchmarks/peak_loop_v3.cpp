#define TUTTI_LEVEL v3
#define TUTTI_LEVEL_LANES 8
#include "benchmarks/peak_loop_body.hpp"

namespace tutti::bench {

const PeakLoop peak_loop_v3 = cpu::v3::peak_loop;

}  // namespace tutti::bench
