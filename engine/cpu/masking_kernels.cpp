#include "engine/cpu/masking_kernels.hpp"

#include "engine/cpu/level.hpp"

namespace tutti::cpu {

const MaskingKernels& masking_kernels() {
#ifdef TUTTI_X86_64_LEVELS
    if (processor_level() == Level::v4) return masking_kernels_v4;
    if (processor_level() == Level::v3) return masking_kernels_v3;
#endif
    return masking_kernels_baseline;
}

}  // namespace tutti::cpu
