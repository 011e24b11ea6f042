#define TUTTI_LEVEL baseline
#define TUTTI_LEVEL_LANES 4
#include "engine/cpu/block_transform_loops.hpp"

namespace tutti::cpu {

const BlockTransformKernels block_transform_kernels_baseline = baseline::kernels_called("baseline");

}  // namespace tutti::cpu
