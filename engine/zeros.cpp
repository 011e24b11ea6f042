#include "engine/zeros.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace tutti {

bool all_zero(std::span<const float> samples) {
    constexpr std::size_t piece = 256;  // one loop without branches
    for (std::size_t first = 0; first < samples.size(); first += piece) {
        const std::size_t end = std::min(first + piece, samples.size());
        std::uint32_t bits = 0;
        for (std::size_t i = first; i < end; ++i) {
            bits |= std::bit_cast<std::uint32_t>(samples[i]) << 1U;  // without its sign
        }
        if (bits != 0) return false;
    }
    return true;
}

}  // namespace tutti
