#pragma once

#include "engine/cpu/excitation_kernels.hpp"
#include "engine/cpu/masking_cells.hpp"
#include "engine/cpu/matrix_product.hpp"

namespace tutti::cpu {

/// The loops of excitation and masking for one generation of processors.
struct MaskingKernels {
    MatrixProductKernels product;
    ExcitationKernels excitation;
    MaskingCellKernels cells;
};

extern const MaskingKernels masking_kernels_baseline;
#ifdef TUTTI_X86_64_LEVELS
extern const MaskingKernels masking_kernels_v3;
extern const MaskingKernels masking_kernels_v4;
#endif

/// Those for processor_level().
const MaskingKernels& masking_kernels();

}  // namespace tutti::cpu
