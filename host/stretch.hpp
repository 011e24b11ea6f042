#pragma once

#include <cstdint>
#include <optional>

#include "host/render.hpp"

namespace tutti {

/// The stretch of the session's time line that is rendered, in frames.
struct Stretch {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t first_source = 0;  ///< where reading begins: ahead of `begin` by what the mix remembers

    std::int64_t frame_count() const { return end - begin; }
    /// Where the stretch begins in rows that are that late, counted from the first chunk.
    std::int64_t first_frame(int latency_frames) const { return begin - first_source + latency_frames; }
};

/// `lookback_frames`: what is needed of the mix itself in front of the stretch. Throws InputError where
/// nothing is left between --from and --to.
Stretch find_stretch(double from_s, std::optional<double> to_s, const OpenedSession& opened,
                     const MixPlan& plan, int lookback_frames = 0);

}  // namespace tutti
