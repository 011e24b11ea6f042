#pragma once

namespace tutti::cpu {

/// Generations of x86-64 processors that hot loops are compiled for: SSE2; AVX2 with fused multiply-adds;
/// AVX-512. On other processors there is only the first.
enum class Level { baseline, v3, v4 };

/// The newest that this processor runs. TUTTI_CPU_LEVEL=baseline|v3|v4 in the environment asks for an older
/// one.
Level processor_level();

}  // namespace tutti::cpu
