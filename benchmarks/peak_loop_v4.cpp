#define TUTTI_LEVEL v4
#define TUTTI_LEVEL_LANES 16
#include "benchmarks/peak_loop_body.hpp"

namespace tutti::bench {

const PeakLoop peak_loop_v4 = cpu::v4::peak_loop;

}  // namespace tutti::bench
