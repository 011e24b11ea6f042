#define TUTTI_LEVEL v3
#define TUTTI_LEVEL_LANES 8
#include "engine/cpu/excitation_loops.hpp"
#include "engine/cpu/masking_kernels.hpp"
#include "engine/cpu/masking_loops.hpp"
#include "engine/cpu/matrix_product_loops.hpp"

namespace tutti::cpu {

const MaskingKernels masking_kernels_v3{v3::matrix_product, v3::excitation, v3::cells};

}  // namespace tutti::cpu
