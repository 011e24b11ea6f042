#pragma once

#include <cstdint>
#include <vector>

#include "host/content_hash.hpp"
#include "host/kernel.hpp"

namespace tutti {

/// What a plan is made of where a fused kernel's taps are not needed: everything about it but them.
struct KernelSketch {
    struct Path {
        std::int64_t tap_count = 0;  ///< 0: no path
        double gain = 0.0;           ///< of a single tap
        Digest taps;                 ///< of the taps in float32
        bool operator==(const Path&) const = default;
    };
    int input_channels = 1;
    int output_channels = 1;
    std::vector<std::vector<Path>> paths;  ///< [output][input]
    // As in FusedKernel.
    int latency_frames = 0;
    int delay_frames = 0;
    std::int64_t dropped_frames = 0;
    bool operator==(const KernelSketch&) const = default;
};

KernelSketch sketch_of(const FusedKernel& kernel);

}  // namespace tutti
