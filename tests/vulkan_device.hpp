#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "engine/vulkan/backend.hpp"

namespace tutti::test {

/// Device vulkan:0 with the validation layer, its matrices cut into buffers of at most `tile_bytes`.
inline std::unique_ptr<Backend> validated_vulkan(std::uint64_t tile_bytes = std::uint64_t{1} << 40,
                                                 BlobStore* store = nullptr) {
    return vulkan::make_backend({0, true, store, tile_bytes});
}

/// `count` samples, uniform in -1 ... 1, the same on every machine.
inline std::vector<float> noise(std::size_t count, unsigned seed) {
    std::mt19937 bits(seed);
    std::vector<float> samples(count);
    for (float& x : samples) x = static_cast<float>(bits() >> 8) / 8388608.0F - 1.0F;
    return samples;
}

/// Root mean square of found - expected, divided by that of expected.
inline double relative_error(const std::vector<float>& found, const std::vector<double>& expected) {
    double error = 0.0;
    double power = 0.0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double difference = static_cast<double>(found[i]) - expected[i];
        error += difference * difference;
        power += expected[i] * expected[i];
    }
    return std::sqrt(error / power);
}

}  // namespace tutti::test
