#define TUTTI_LEVEL baseline
#define TUTTI_LEVEL_LANES 4
#include "engine/cpu/excitation_loops.hpp"
#include "engine/cpu/masking_kernels.hpp"
#include "engine/cpu/masking_loops.hpp"
#include "engine/cpu/matrix_product_loops.hpp"

namespace tutti::cpu {

const MaskingKernels masking_kernels_baseline{baseline::matrix_product, baseline::excitation,
                                              baseline::cells};

}  // namespace tutti::cpu
