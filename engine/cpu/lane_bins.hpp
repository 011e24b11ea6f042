#pragma once

#include <new>
#include <vector>

#include "engine/aligned.hpp"

namespace tutti::cpu {

/// What one vector instruction works on, on the widest processors; narrower ones take it in parts.
inline constexpr int lane_count = 16;

/// Sixteen complex numbers side by side, two cache lines.
struct alignas(64) LaneBins {
    float re[lane_count];
    float im[lane_count];
};

using AlignedBins = std::vector<LaneBins, AlignedAllocator<LaneBins>>;

/// One complex factor for all lanes.
struct Twiddle {
    float re;
    float im;
};

}  // namespace tutti::cpu
