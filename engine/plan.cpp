#include "engine/plan.hpp"

#include <algorithm>
#include <set>

namespace tutti {

namespace {

/// Complex float32 spectra: of the inputs' last blocks, as far back as the longest kernel reaches and up to
/// two chunks more; of the outputs of a chunk; of the kernels, which are also still there as taps while their
/// spectra are made.
std::uint64_t convolver_bytes(const ConvolverPlan& plan, std::uint64_t chunk_frames) {
    constexpr std::uint64_t bytes_per_bin = 8;
    std::size_t longest = 0;
    for (const ConvolverPath& path : plan.paths)
        longest = std::max(longest, plan.kernels[path.kernel].size());
    std::uint64_t bytes = 0;
    std::set<int> inputs;
    std::set<int> outputs;
    std::set<int> kernels;
    for (const ConvolverPath& path : plan.paths) {
        if (inputs.insert(path.input_row).second) bytes += (longest + 2 * chunk_frames) * bytes_per_bin;
        if (outputs.insert(path.output_row).second) bytes += chunk_frames * bytes_per_bin;
        if (!kernels.insert(path.kernel).second) continue;
        const std::uint64_t taps = plan.kernels[path.kernel].size();
        bytes += (taps + chunk_frames) * bytes_per_bin + taps * sizeof(float);
    }
    return bytes;
}

}  // namespace

std::uint64_t estimate_memory_bytes(const RenderPlan& plan, int chunk_frames) {
    const std::uint64_t frames =
        static_cast<std::uint64_t>(plan.shape.history_count) + static_cast<std::uint64_t>(chunk_frames) + 32;
    std::uint64_t bytes = plan.shape.row_count * frames * sizeof(float);
    for (const Step& step : plan.steps) {
        if (const auto* convolve = std::get_if<ConvolveStep>(&step)) {
            bytes += convolver_bytes(convolve->convolver, chunk_frames);
        }
    }
    const std::uint64_t curves = static_cast<std::uint64_t>(plan.level_count) + plan.curve_count;
    return bytes + curves * (chunk_frames / control_hop + 1) * sizeof(float);
}

}  // namespace tutti
