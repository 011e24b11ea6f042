#include "engine/plan.hpp"

#include <algorithm>
#include <bit>
#include <set>

namespace tutti {

namespace {

/// Spectra of the inputs' last blocks and of the kernels: complex float32, twice the frames for zero padding,
/// one block more than the kernel is long. Scratch of a few blocks comes on top.
std::uint64_t convolver_bytes(const ConvolverPlan& plan, int chunk_frames) {
    constexpr std::uint64_t bytes_per_bin = 8;
    std::size_t longest = 0;
    for (const ConvolverPath& path : plan.paths)
        longest = std::max(longest, plan.kernels[path.kernel].size());
    const std::uint64_t block =
        std::min<std::uint64_t>(chunk_frames, std::max<std::size_t>(4096, std::bit_ceil(2 * longest)));
    std::uint64_t bytes = 16 * block * bytes_per_bin;
    std::set<int> inputs;
    std::set<int> kernels;
    for (const ConvolverPath& path : plan.paths) {
        const std::uint64_t taps = plan.kernels[path.kernel].size();
        if (inputs.insert(path.input_row).second) bytes += (longest + 3 * block) * bytes_per_bin;
        if (kernels.insert(path.kernel).second)
            bytes += (taps + block) * bytes_per_bin + taps * sizeof(float);
    }
    return bytes;
}

}  // namespace

std::uint64_t estimate_memory_bytes(const RenderPlan& plan) {
    const std::uint64_t frames =
        static_cast<std::uint64_t>(plan.shape.history_count) + plan.shape.frame_count + 32;
    std::uint64_t bytes = plan.shape.row_count * frames * sizeof(float);
    for (const Step& step : plan.steps) {
        if (const auto* convolve = std::get_if<ConvolveStep>(&step)) {
            bytes += convolver_bytes(convolve->convolver, plan.shape.frame_count);
        }
    }
    const std::uint64_t curves = static_cast<std::uint64_t>(plan.level_count) + plan.curve_count;
    return bytes + curves * (plan.shape.hop_count() + 1) * sizeof(float);
}

}  // namespace tutti
