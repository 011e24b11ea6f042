#include "host/kernel_sketch.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace tutti {

namespace {

Digest digest_of_taps(std::span<const double> taps) {
    ContentHash hash;
    std::array<float, 1024> piece;
    for (std::size_t first = 0; first < taps.size(); first += piece.size()) {
        const auto part = taps.subspan(first, std::min(piece.size(), taps.size() - first));
        std::transform(part.begin(), part.end(), piece.begin(),
                       [](double tap) { return static_cast<float>(tap); });
        hash.add_bytes(std::as_bytes(std::span(piece).first(part.size())));
    }
    return hash.digest();
}

}  // namespace

KernelSketch sketch_of(const FusedKernel& kernel) {
    KernelSketch sketch{kernel.input_channels, kernel.output_channels, {},
                        kernel.latency_frames, kernel.delay_frames,    kernel.dropped_frames};
    for (const auto& row : kernel.paths) {
        std::vector<KernelSketch::Path>& paths = sketch.paths.emplace_back();
        for (const std::vector<double>& taps : row) {
            paths.push_back({static_cast<std::int64_t>(taps.size()), taps.size() == 1 ? taps[0] : 0.0,
                             digest_of_taps(taps)});
        }
    }
    return sketch;
}

}  // namespace tutti
