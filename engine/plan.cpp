#include "engine/plan.hpp"

#include "engine/masking_analysis.hpp"

namespace tutti {

RenderForecast forecast(Backend& backend, const RenderPlan& plan, int chunk_frames) {
    RenderForecast result;
    RowsShape shape = plan.shape;
    shape.frame_count = chunk_frames;
    const std::uint64_t frames =
        static_cast<std::uint64_t>(shape.history_count) + static_cast<std::uint64_t>(chunk_frames) + 32;
    const std::uint64_t chunks = backend.chunks_in_flight();
    result.bytes = chunks * shape.row_count * frames * sizeof(float);
    // Whether or not stems come as PCM: the chunk, and with it the last bits of a mix, must not depend on it.
    if (backend.wants_pcm())
        result.bytes += std::uint64_t{sizeof(float)} * plan.source_row_count * chunk_frames;
    for (const Step& step : plan.steps) {
        if (const auto* masking = std::get_if<MaskingStep>(&step)) result.bytes += masking_bytes(*masking);
        const auto* convolve = std::get_if<ConvolveStep>(&step);
        if (convolve == nullptr) continue;
        result.convolvers.push_back(backend.forecast_convolver(shape, convolve->convolver));
        const ConvolverForecast& convolver = result.convolvers.back();
        result.bytes += convolver.bytes + convolver.work_bytes;
        result.work_bytes += convolver.work_bytes;
        result.convolver_s += convolver.seconds;
        // Taps are still there while their spectra are made.
        for (const std::vector<float>& kernel : convolve->convolver.kernels) {
            result.bytes += kernel.size() * sizeof(float);
        }
    }
    const std::uint64_t curves = static_cast<std::uint64_t>(plan.level_count) + plan.curve_count;
    result.bytes += chunks * curves * (chunk_frames / control_hop + 1) * sizeof(float);
    return result;
}

}  // namespace tutti
