#define TUTTI_LEVEL v4
#define TUTTI_LEVEL_LANES 16
#include "engine/cpu/excitation_loops.hpp"
#include "engine/cpu/masking_kernels.hpp"
#include "engine/cpu/masking_loops.hpp"
#include "engine/cpu/matrix_product_loops.hpp"

namespace tutti::cpu {

const MaskingKernels masking_kernels_v4{v4::matrix_product, v4::excitation, v4::cells};

}  // namespace tutti::cpu
