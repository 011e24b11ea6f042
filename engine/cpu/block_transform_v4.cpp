#define TUTTI_LEVEL v4
#define TUTTI_LEVEL_LANES 16
#include "engine/cpu/block_transform_loops.hpp"

namespace tutti::cpu {

const BlockTransformKernels block_transform_kernels_v4 = v4::kernels_called("v4");

}  // namespace tutti::cpu
