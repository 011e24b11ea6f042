#include "engine/vulkan/convolver_costs.hpp"

namespace tutti::vulkan {

const ConvolverCosts& usual_convolver_costs() {
    static const ConvolverCosts costs = [] {
        constexpr double bytes_per_s = 5e11;
        ConvolverCosts made;
        for (int frame_count = 512; frame_count <= 1 << 20; frame_count *= 2) {
            // VkFFT does up to 4096 complex values in shared memory, in one go; more take two.
            const double passes = frame_count <= 8192 ? 1.0 : 2.0;
            // Per float and direction: read and written once per pass, and once more by pack or unpack.
            const double bytes = 2.0 * (2.0 * passes + 2.0) * 4.0 * frame_count;
            made.transforms.push_back({frame_count, bytes / bytes_per_s});
        }
        // An input bin a product; kernels and sums stay in registers for a tile of blocks.
        made.product_s = 8.0 / bytes_per_s;
        made.streamed_bin_s = 1.0 / bytes_per_s;
        return made;
    }();
    return costs;
}

}  // namespace tutti::vulkan
