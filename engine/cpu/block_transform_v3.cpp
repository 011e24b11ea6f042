#define TUTTI_LEVEL v3
#define TUTTI_LEVEL_LANES 8
#include "engine/cpu/block_transform_loops.hpp"

namespace tutti::cpu {

const BlockTransformKernels block_transform_kernels_v3 = v3::kernels_called("v3");

}  // namespace tutti::cpu
